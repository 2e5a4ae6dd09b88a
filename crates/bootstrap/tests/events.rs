//! Events of every service that calls functions, and the replies that each wants.

use bootstrap::events::{changes, failed_messages, form_fields, messages, HttpKind, HttpReply, HttpRequest};
use bootstrap::{Arena, Json, Writer};

const REST: &str = r#"{"resource":"/{proxy+}","path":"/a b/ü","httpMethod":"POST","headers":{"X-One":"last"},
"multiValueHeaders":{"X-One":["first","last"],"Cookie":["a=1; b=2"],"Content-Type":["text/plain"]},
"queryStringParameters":{"q":"y z"},"multiValueQueryStringParameters":{"q":["x","y z"]},"pathParameters":{"proxy":"a b/ü"},
"stageVariables":null,"requestContext":{"resourceId":"r","stage":"prod"},"body":"{\"n\":\"\u00e9\"}","isBase64Encoded":false}"#;
const HTTP: &str = r#"{"version":"2.0","routeKey":"GET /x","rawPath":"/x/%20y","rawQueryString":"a=1&b=%20",
"cookies":["a=1","s=x=y"],"headers":{"x-one":"first,last"},"queryStringParameters":{"a":"1","b":" "},
"requestContext":{"http":{"method":"PATCH","path":"/x"},"domainName":"id.execute-api.eu-west-1.amazonaws.com"},
"body":"aGVsbG8_","isBase64Encoded":true}"#;
const ALB: &str = r#"{"requestContext":{"elb":{"targetGroupArn":"arn"}},"httpMethod":"GET","path":"/p",
"queryStringParameters":{"q":"a%20b+c%2"},"headers":{"cookie":"a=1;b=2"},"body":"aGk=","isBase64Encoded":true}"#;
const SOCKET: &str = r#"{"requestContext":{"routeKey":"send","eventType":"MESSAGE","connectionId":"c="},"body":"hi"}"#;

fn request(text: &str) -> HttpRequest<'_> {
    HttpRequest::of(Json::read(text.as_bytes()).unwrap()).unwrap()
}

#[test]
fn a_rest_api_is_read() {
    let mut room = [0; 256];
    let arena = Arena::over(&mut room);
    let request = request(REST);
    assert_eq!((request.kind(), request.method(), request.path(&arena)), (HttpKind::RestApi, "POST", "/a b/ü"));
    assert_eq!(request.header("x-one", &arena), Some("first"));
    assert_eq!(request.header_values("X-ONE").map(|value| value.raw()).collect::<Vec<_>>(), ["\"first\"", "\"last\""]);
    assert_eq!(request.query("q", &arena), Some("y z"));
    assert_eq!(request.path_parameter("proxy", &arena), Some("a b/ü"));
    assert_eq!((request.cookie("b", &arena), request.cookie("c", &arena)), (Some("2"), None));
    assert_eq!(request.body(&arena), Some("{\"n\":\"é\"}".as_bytes()));
    assert_eq!((request.header("none", &arena), request.query("none", &arena)), (None, None));
}

#[test]
fn an_http_api_and_a_functions_own_address_are_read() {
    let mut room = [0; 256];
    let arena = Arena::over(&mut room);
    let api = request(HTTP);
    assert_eq!((api.kind(), api.method(), api.path(&arena)), (HttpKind::HttpApi, "PATCH", "/x/%20y"));
    assert_eq!(api.header("X-One", &arena), Some("first,last"));
    assert_eq!(api.query("b", &arena), Some(" "));
    assert_eq!((api.cookie("s", &arena), api.cookie("t", &arena)), (Some("x=y"), None));
    assert_eq!(api.body(&arena), None, "it has a letter that is none of base64");
    let text = HTTP.replace("execute-api", "lambda-url").replace("aGVsbG8_", "aGVsbG8");
    let url = request(&text);
    assert_eq!((url.kind(), url.body(&arena)), (HttpKind::FunctionUrl, Some(&b"hello"[..])));
}

#[test]
fn a_load_balancer_and_a_socket_are_read() {
    let mut room = [0; 256];
    let arena = Arena::over(&mut room);
    let balancer = request(ALB);
    assert_eq!((balancer.kind(), balancer.method()), (HttpKind::LoadBalancer, "GET"));
    assert_eq!(balancer.query("q", &arena), Some("a b c%2"));
    assert_eq!((balancer.cookie("b", &arena), balancer.body(&arena)), (Some("2"), Some(&b"hi"[..])));
    let socket = request(SOCKET);
    assert_eq!((socket.kind(), socket.method(), socket.path(&arena)), (HttpKind::WebSocket, "MESSAGE", "send"));
    assert_eq!((socket.connection_id(), socket.body(&arena)), ("c=", Some(&b"hi"[..])));
    for other in ["{}", "[]", "1", r#"{"requestContext":null}"#, r#"{"requestContext":{}}"#] {
        assert!(HttpRequest::of(Json::read(other.as_bytes()).unwrap()).is_none(), "{other}");
    }
}

#[test]
fn a_body_larger_than_the_arena_is_none() {
    let mut room = [0; 4];
    let arena = Arena::over(&mut room);
    assert_eq!(request(REST).body(&arena), None);
}

fn reply(write: impl FnOnce(&mut Writer<'static>)) -> String {
    let mut out = Writer::new();
    write(&mut out);
    let text = String::from_utf8(out.bytes().to_vec()).unwrap();
    assert!(Json::read(text.as_bytes()).is_ok(), "{text}");
    text
}

#[test]
fn replies_have_the_form_of_what_asked() {
    let text = reply(|out| {
        let begun =
            HttpReply::begin(out, HttpKind::RestApi, 200).header("Content-Type", "text/plain").header("X", "\"");
        begun.text("a\n");
    });
    let headers = r#""headers":{"Content-Type":"text/plain","X":"\""}"#;
    assert_eq!(text, format!(r#"{{"statusCode":200,{headers},"isBase64Encoded":false,"body":"a\n"}}"#));
    let text = reply(|out| HttpReply::begin(out, HttpKind::LoadBalancer, 404).bytes(&[0, 255, 1, 2]));
    let description = r#""statusDescription":"404 Not Found""#;
    assert_eq!(text, format!(r#"{{"statusCode":404,{description},"isBase64Encoded":true,"body":"AP8BAg=="}}"#));
    let text = reply(|out| HttpReply::begin(out, HttpKind::HttpApi, 201).cookies(&["a=1", "b=2"], ""));
    assert_eq!(text, r#"{"statusCode":201,"cookies":["a=1","b=2"],"isBase64Encoded":false,"body":""}"#);
    let text = reply(|out| HttpReply::begin(out, HttpKind::RestApi, 201).cookies(&["a=1"], ""));
    assert!(text.contains(r#""multiValueHeaders":{"Set-Cookie":["a=1"]}"#));
}

#[test]
fn queues_and_storage_are_read() {
    let mut room = [0; 64];
    let arena = Arena::over(&mut room);
    let text = r#"{"Records":[{"messageId":"m1","body":"a\tb","attributes":{"ApproximateReceiveCount":"3"},
"eventSource":"aws:sqs"},{"messageId":"m2","body":"","eventSource":"aws:sqs"}]}"#;
    let event = Json::read(text.as_bytes()).unwrap();
    let found: Vec<_> = messages(event).map(|each| (each.id(), each.body(&arena))).collect();
    assert_eq!(found, [("m1", Some("a\tb")), ("m2", Some(""))]);
    assert_eq!(messages(event).next().unwrap().attribute("ApproximateReceiveCount", &arena), Some("3"));
    assert_eq!(
        reply(|out| failed_messages(out, ["m1", "m2"].into_iter())),
        r#"{"batchItemFailures":[{"itemIdentifier":"m1"},{"itemIdentifier":"m2"}]}"#
    );
    assert_eq!(changes(event).count(), 0);
    let text = r#"{"Records":[{"eventSource":"aws:s3","eventName":"ObjectCreated:Put","s3":{"bucket":{"name":"b"},
"object":{"key":"a+b/%C3%BC.txt","size":12}}}]}"#;
    let change = changes(Json::read(text.as_bytes()).unwrap()).next().unwrap();
    assert_eq!((change.name(), change.bucket(), change.size_bytes()), ("ObjectCreated:Put", "b", Some(12)));
    assert_eq!(change.key(&arena), Some("a b/ü.txt"));
    assert_eq!(form_fields("a=1&b&c==&").collect::<Vec<_>>(), [("a", "1"), ("b", ""), ("c", "=")]);
}
