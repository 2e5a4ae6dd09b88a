//! What a function runtime in Rust with the standard library does: one connection, the event sent back as the reply.

use std::env;
use std::io::{BufRead, BufReader, Read, Write};
use std::net::{SocketAddr, TcpStream};

fn reply(line: &mut BufReader<TcpStream>) -> (Vec<(String, String)>, Vec<u8>) {
    let mut text = String::new();
    line.read_line(&mut text).expect("a status");
    let mut headers = Vec::new();
    loop {
        text.clear();
        line.read_line(&mut text).expect("a header");
        let Some((name, value)) = text.trim_end().split_once(':') else { break };
        headers.push((name.to_ascii_lowercase(), value.trim().to_string()));
    }
    let size = find(&headers, "content-length").parse().unwrap_or(0);
    let mut body = vec![0; size];
    line.read_exact(&mut body).expect("a body");
    (headers, body)
}

fn find<'a>(headers: &'a [(String, String)], name: &str) -> &'a str {
    headers.iter().find(|(found, _)| found == name).map_or("", |(_, value)| value)
}

fn main() {
    let api = env::var("AWS_LAMBDA_RUNTIME_API").expect("the address of the runtime API");
    let place: SocketAddr = api.parse().expect("an address and a port");
    let stream = TcpStream::connect(place).expect("the runtime API");
    stream.set_nodelay(true).expect("a socket");
    let mut line = BufReader::new(stream);
    let ask = format!("GET /2018-06-01/runtime/invocation/next HTTP/1.1\r\nHost: {api}\r\n\r\n");
    loop {
        line.get_mut().write_all(ask.as_bytes()).expect("a request");
        let (headers, body) = reply(&mut line);
        let id = find(&headers, "lambda-runtime-aws-request-id");
        let head = format!(
            "POST /2018-06-01/runtime/invocation/{id}/response HTTP/1.1\r\nHost: {api}\r\nContent-Length: {}\r\n\r\n",
            body.len()
        );
        line.get_mut().write_all(&[head.as_bytes(), &body].concat()).expect("a reply");
        reply(&mut line);
    }
}
