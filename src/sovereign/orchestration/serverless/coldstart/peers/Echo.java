// What a function runtime in Java does: one connection, the event sent back as the reply.
import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.Socket;
import java.nio.charset.StandardCharsets;

final class Echo {
    private static String id = "";

    private static String line(InputStream in) throws IOException {
        ByteArrayOutputStream text = new ByteArrayOutputStream();
        for (int each = in.read(); each != '\n'; each = in.read()) {
            if (each < 0) {
                throw new IOException("the connection was closed");
            }
            text.write(each);
        }
        return text.toString(StandardCharsets.ISO_8859_1).trim();
    }

    private static byte[] reply(InputStream in) throws IOException {
        line(in);
        int size = 0;
        for (String each = line(in); !each.isEmpty(); each = line(in)) {
            int colon = each.indexOf(':');
            String value = each.substring(colon + 1).trim();
            if (each.regionMatches(true, 0, "content-length", 0, colon)) {
                size = Integer.parseInt(value);
            } else if (each.regionMatches(true, 0, "lambda-runtime-aws-request-id", 0, colon)) {
                id = value;
            }
        }
        return in.readNBytes(size);
    }

    public static void main(String[] words) throws IOException {
        String api = System.getenv("AWS_LAMBDA_RUNTIME_API");
        int colon = api.lastIndexOf(':');
        Socket socket = new Socket(api.substring(0, colon), Integer.parseInt(api.substring(colon + 1)));
        socket.setTcpNoDelay(true);
        InputStream in = new BufferedInputStream(socket.getInputStream());
        OutputStream out = socket.getOutputStream();
        String tail = " HTTP/1.1\r\nHost: " + api + "\r\n";
        byte[] ask = ("GET /2018-06-01/runtime/invocation/next" + tail + "\r\n").getBytes(StandardCharsets.ISO_8859_1);
        while (true) {
            out.write(ask);
            byte[] body = reply(in);
            String path = "POST /2018-06-01/runtime/invocation/" + id + "/response" + tail;
            byte[] head = (path + "Content-Length: " + body.length + "\r\n\r\n").getBytes(StandardCharsets.ISO_8859_1);
            byte[] both = new byte[head.length + body.length];
            System.arraycopy(head, 0, both, 0, head.length);
            System.arraycopy(body, 0, both, head.length, body.length);
            out.write(both);
            reply(in);
        }
    }
}
