//! The events of the services that call functions, as parts of their JSON: HTTP of five kinds, queues and storage.
//!
//! Enters: a `Json`. Leaves: views that look things up when they are asked; nothing is copied but what has escapes or is
//! encoded, and that goes into an `Arena`. `HttpReply` writes what each kind of HTTP wants back.

use crate::address::digit;
use crate::slices::{find, is_alike};
use crate::{json, Arena, Items, Json, Members, Writer};

/// Which service an event of HTTP comes from; each has its own form.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum HttpKind {
    /// A REST API of the gateway, or anything else with its form.
    RestApi,
    /// An HTTP API of the gateway.
    HttpApi,
    /// A function's own address; the form is that of an HTTP API.
    FunctionUrl,
    /// A load balancer.
    LoadBalancer,
    /// A message, or a change, of a WebSocket connection.
    WebSocket,
}

/// A request of HTTP, or a message of a WebSocket.
#[derive(Clone, Copy, Debug)]
pub struct HttpRequest<'a> {
    event: Json<'a>,
    context: Json<'a>,
    kind: HttpKind,
}

impl<'a> HttpRequest<'a> {
    /// See an event as a request, if it is one.
    pub fn of(event: Json<'a>) -> Option<HttpRequest<'a>> {
        let context = event.given("requestContext")?;
        let kind = if context.given("elb").is_some() {
            HttpKind::LoadBalancer
        } else if context.given("connectionId").is_some() {
            HttpKind::WebSocket
        } else if event.get("version").is_some_and(|version| version.is("2.0")) {
            let domain = context.given("domainName").and_then(|name| name.as_str()).unwrap_or_default();
            if domain.contains(".lambda-url.") {
                HttpKind::FunctionUrl
            } else {
                HttpKind::HttpApi
            }
        } else {
            event.given("httpMethod")?;
            HttpKind::RestApi
        };
        Some(HttpRequest { event, context, kind })
    }

    /// Which service it comes from.
    pub fn kind(&self) -> HttpKind {
        self.kind
    }

    /// The method; of a WebSocket the kind of its event.
    pub fn method(&self) -> &'a str {
        let place = match self.kind {
            HttpKind::HttpApi | HttpKind::FunctionUrl => self.context.get("http").and_then(|http| http.get("method")),
            HttpKind::WebSocket => self.context.get("eventType"),
            _ => self.event.get("httpMethod"),
        };
        place.and_then(|value| value.as_str()).unwrap_or_default()
    }

    /// The path as it came; of a WebSocket the key of its route.
    pub fn path(&self, arena: &Arena<'a>) -> &'a str {
        let place = match self.kind {
            HttpKind::HttpApi | HttpKind::FunctionUrl => self.event.get("rawPath"),
            HttpKind::WebSocket => self.context.get("routeKey"),
            _ => self.event.get("path"),
        };
        place.and_then(|value| value.text_in(arena)).unwrap_or_default()
    }

    /// The connection of a WebSocket.
    pub fn connection_id(&self) -> &'a str {
        self.context.get("connectionId").and_then(|value| value.as_str()).unwrap_or_default()
    }

    /// The first value of a header, by its name in any case.
    pub fn header(&self, name: &str, arena: &Arena<'a>) -> Option<&'a str> {
        self.header_values(name).next()?.text_in(arena)
    }

    /// All values of a header, by its name in any case; several in one field are left together.
    pub fn header_values<'n>(&self, name: &'n str) -> HeaderValues<'a, 'n> {
        let several = self.event.given("multiValueHeaders");
        let map = several.or_else(|| self.event.given("headers"));
        HeaderValues { members: map.map(|map| map.members()), items: None, has_several: several.is_some(), name }
    }

    /// A value of the query, decoded. Where there are several it is the last one, as in `queryStringParameters`.
    pub fn query(&self, name: &str, arena: &Arena<'a>) -> Option<&'a str> {
        let found = self.event.given("multiValueQueryStringParameters").and_then(|map| map.get(name));
        let found = found.and_then(|values| values.items().last());
        let found = found.or_else(|| self.event.given("queryStringParameters")?.get(name))?;
        let text = found.text_in(arena)?;
        // The load balancer alone gives values as they came.
        if self.kind == HttpKind::LoadBalancer {
            percent_decoded(text, true, arena)
        } else {
            Some(text)
        }
    }

    /// A part of the path that the route names.
    pub fn path_parameter(&self, name: &str, arena: &Arena<'a>) -> Option<&'a str> {
        self.event.given("pathParameters")?.get(name)?.text_in(arena)
    }

    /// A cookie by its name.
    pub fn cookie(&self, name: &str, arena: &Arena<'a>) -> Option<&'a str> {
        if let Some(cookies) = self.event.given("cookies") {
            return cookies.items().find_map(|cookie| cookie_named(cookie.text_in(arena)?, name));
        }
        self.header_values("cookie")
            .filter_map(|value| value.text_in(arena))
            .find_map(|field| field.split(';').find_map(|cookie| cookie_named(cookie, name)))
    }

    /// The bytes of the body; nothing where it is no base64 though it should be, or larger than the arena.
    pub fn body(&self, arena: &Arena<'a>) -> Option<&'a [u8]> {
        let Some(body) = self.event.given("body") else {
            return Some(b"");
        };
        let text = body.text_in(arena)?;
        if self.event.get("isBase64Encoded").and_then(|flag| flag.as_bool()) == Some(true) {
            return base64_decoded(text, arena);
        }
        Some(text.as_bytes())
    }
}

/// The values of a header.
#[derive(Clone, Debug)]
pub struct HeaderValues<'a, 'n> {
    members: Option<Members<'a>>,
    items: Option<Items<'a>>,
    has_several: bool,
    name: &'n str,
}

impl<'a> Iterator for HeaderValues<'a, '_> {
    type Item = Json<'a>;

    fn next(&mut self) -> Option<Json<'a>> {
        loop {
            if let Some(value) = self.items.as_mut().and_then(Iterator::next) {
                return Some(value);
            }
            let (key, value) = self.members.as_mut()?.next()?;
            if !key.as_written().is_some_and(|key| is_alike(key.as_bytes(), self.name.as_bytes())) {
                continue;
            }
            if !self.has_several {
                return Some(value);
            }
            self.items = Some(value.items());
        }
    }
}

fn cookie_named<'a>(cookie: &'a str, name: &str) -> Option<&'a str> {
    let (key, value) = cookie.trim().split_once('=')?;
    (key == name).then_some(value)
}

/// A text with its `%41` resolved, and `+` where it stands for a blank; what is no UTF-8 then is nothing.
pub fn percent_decoded<'a>(text: &'a str, plus_is_blank: bool, arena: &Arena<'a>) -> Option<&'a str> {
    let bytes = text.as_bytes();
    if find(bytes, b'%').is_none() && !(plus_is_blank && find(bytes, b'+').is_some()) {
        return Some(text);
    }
    let decoded = arena.fill(|room| {
        let mut filled = 0;
        let mut rest = bytes;
        while let Some((&byte, after)) = rest.split_first() {
            rest = after;
            let mut value = byte;
            if byte == b'%' {
                if let [high, low, after @ ..] = after {
                    if let (Some(high), Some(low)) = (digit(*high), digit(*low)) {
                        value = high << 4 | low;
                        rest = after;
                    }
                }
            } else if byte == b'+' && plus_is_blank {
                value = b' ';
            }
            *room.get_mut(filled)? = value;
            filled += 1;
        }
        Some(filled)
    })?;
    core::str::from_utf8(decoded).ok()
}

fn base64_decoded<'a>(text: &str, arena: &Arena<'a>) -> Option<&'a [u8]> {
    let text = text.trim_end_matches('=').as_bytes();
    arena.fill(|room| {
        let mut filled = 0;
        let (mut held, mut bits) = (0u32, 0);
        for &byte in text {
            let value = match byte {
                b'A'..=b'Z' => byte - b'A',
                b'a'..=b'z' => byte - b'a' + 26,
                b'0'..=b'9' => byte - b'0' + 52,
                b'+' => 62,
                b'/' => 63,
                _ => return None,
            };
            held = held << 6 | u32::from(value);
            bits += 6;
            if bits >= 8 {
                bits -= 8;
                *room.get_mut(filled)? = (held >> bits) as u8;
                filled += 1;
            }
        }
        // Six bits that are left over belong to no byte.
        (bits < 6).then_some(filled)
    })
}

/// The reply to a request, written piece by piece: the head first, then the body, which ends it.
#[derive(Debug)]
pub struct HttpReply<'a, 'b> {
    out: &'a mut Writer<'b>,
    kind: HttpKind,
    has_headers: bool,
}

impl<'a, 'b> HttpReply<'a, 'b> {
    /// Begin a reply to a request of this kind.
    pub fn begin(out: &'a mut Writer<'b>, kind: HttpKind, status: u16) -> HttpReply<'a, 'b> {
        let digits = crate::number::Digits::decimal(u64::from(status));
        out.write(b"{\"statusCode\":");
        out.write(digits.bytes());
        if kind == HttpKind::LoadBalancer {
            out.write(b",\"statusDescription\":\"");
            out.write(digits.bytes());
            out.write(b" ");
            out.write(phrase(status).as_bytes());
            out.write(b"\"");
        }
        HttpReply { out, kind, has_headers: false }
    }

    /// A header; each name once.
    pub fn header(mut self, name: &str, value: &str) -> HttpReply<'a, 'b> {
        // A load balancer whose target group wants several values of a header takes no others; it gets both forms.
        self.out.write(if self.has_headers { b"," } else { b",\"headers\":{" });
        self.has_headers = true;
        quoted(name, self.out);
        self.out.write(b":");
        quoted(value, self.out);
        self
    }

    /// End with a text.
    pub fn text(self, body: &str) {
        let out = self.head_ends();
        out.write(b",\"isBase64Encoded\":false,\"body\":");
        quoted(body, out);
        out.write(b"}");
    }

    /// End with cookies and a text: the forms with a field for cookies get it, the others one header.
    pub fn cookies(self, cookies: &[&str], body: &str) {
        let in_field = matches!(self.kind, HttpKind::HttpApi | HttpKind::FunctionUrl);
        let out = self.head_ends();
        out.write(if in_field { b",\"cookies\":[" } else { b",\"multiValueHeaders\":{\"Set-Cookie\":[" });
        for (place, cookie) in cookies.iter().enumerate() {
            out.write(if place > 0 { b"," } else { b"" });
            quoted(cookie, out);
        }
        out.write(if in_field { b"]" } else { b"]}" });
        out.write(b",\"isBase64Encoded\":false,\"body\":");
        quoted(body, out);
        out.write(b"}");
    }

    /// End with bytes, as base64.
    pub fn bytes(self, body: &[u8]) {
        let out = self.head_ends();
        out.write(b",\"isBase64Encoded\":true,\"body\":\"");
        crate::client::base64(body, out);
        out.write(b"\"}");
    }

    fn head_ends(self) -> &'a mut Writer<'b> {
        if self.has_headers {
            self.out.write(b"}");
        }
        self.out
    }
}

fn quoted(text: &str, out: &mut Writer<'_>) {
    out.write(b"\"");
    json::escape(text.as_bytes(), out);
    out.write(b"\"");
}

fn phrase(status: u16) -> &'static str {
    match status {
        200 => "OK",
        201 => "Created",
        202 => "Accepted",
        204 => "No Content",
        301 => "Moved Permanently",
        302 => "Found",
        304 => "Not Modified",
        400 => "Bad Request",
        401 => "Unauthorized",
        403 => "Forbidden",
        404 => "Not Found",
        405 => "Method Not Allowed",
        409 => "Conflict",
        422 => "Unprocessable Content",
        429 => "Too Many Requests",
        500 => "Internal Server Error",
        502 => "Bad Gateway",
        503 => "Service Unavailable",
        _ => "Unknown",
    }
}

/// A message of a queue.
#[derive(Clone, Copy, Debug)]
pub struct Message<'a> {
    record: Json<'a>,
}

/// The messages of an event of SQS; of another event none.
pub fn messages(event: Json<'_>) -> impl Iterator<Item = Message<'_>> {
    records(event, "eventSource", "aws:sqs").map(|record| Message { record })
}

impl<'a> Message<'a> {
    /// The id of the message, by which a failure of it is told.
    pub fn id(&self) -> &'a str {
        self.record.get("messageId").and_then(|id| id.as_str()).unwrap_or_default()
    }

    /// The body.
    pub fn body(&self, arena: &Arena<'a>) -> Option<&'a str> {
        self.record.get("body")?.text_in(arena)
    }

    /// One of what the queue says of it, such as `ApproximateReceiveCount`.
    pub fn attribute(&self, name: &str, arena: &Arena<'a>) -> Option<&'a str> {
        self.record.given("attributes")?.get(name)?.text_in(arena)
    }
}

/// Tell the queue which messages failed; the others are done.
pub fn failed_messages<'a>(out: &mut Writer<'_>, ids: impl Iterator<Item = &'a str>) {
    out.write(b"{\"batchItemFailures\":[");
    for (place, id) in ids.enumerate() {
        out.write(if place > 0 { b",{\"itemIdentifier\":" } else { b"{\"itemIdentifier\":" });
        quoted(id, out);
        out.write(b"}");
    }
    out.write(b"]}");
}

/// A change of an object in storage.
#[derive(Clone, Copy, Debug)]
pub struct Change<'a> {
    record: Json<'a>,
}

/// The changes of an event of S3; of another event none.
pub fn changes(event: Json<'_>) -> impl Iterator<Item = Change<'_>> {
    records(event, "eventSource", "aws:s3").map(|record| Change { record })
}

impl<'a> Change<'a> {
    /// What happened, such as `ObjectCreated:Put`.
    pub fn name(&self) -> &'a str {
        self.record.get("eventName").and_then(|name| name.as_str()).unwrap_or_default()
    }

    /// The bucket.
    pub fn bucket(&self) -> &'a str {
        let bucket = self.record.given("s3").and_then(|s3| s3.given("bucket")?.get("name"));
        bucket.and_then(|name| name.as_str()).unwrap_or_default()
    }

    /// The object's key, decoded: events write it as in a form.
    pub fn key(&self, arena: &Arena<'a>) -> Option<&'a str> {
        percent_decoded(self.object()?.get("key")?.text_in(arena)?, true, arena)
    }

    /// The object's size in bytes, where it has one.
    pub fn size_bytes(&self) -> Option<i64> {
        self.object()?.get("size")?.as_i64()
    }

    fn object(&self) -> Option<Json<'a>> {
        self.record.given("s3")?.given("object")
    }
}

fn records<'a>(event: Json<'a>, key: &'static str, source: &'static str) -> impl Iterator<Item = Json<'a>> {
    let all = event.given("Records").into_iter().flat_map(|records| records.items());
    all.filter(move |record| record.get(key).is_some_and(|found| found.is(source)))
}

/// The name and the value of a field of a form, such as `a=1`, both as they came.
pub fn form_fields(text: &str) -> impl Iterator<Item = (&str, &str)> {
    let fields = text.split('&').filter(|field| !field.is_empty());
    fields.map(|field| field.split_once('=').unwrap_or((field, "")))
}
