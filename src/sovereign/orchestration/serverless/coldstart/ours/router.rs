//! Routes of an HTTP API: JSON in, JSON out; the same as `router.py`.

use bootstrap::events::{HttpReply, HttpRequest};
use bootstrap::{Arena, Context, Digits, HandlerError, Json, Writer};

/// Answer a request by its method and path.
pub fn handle(_ctx: &Context, event: &[u8], out: &mut Writer) -> Result<(), HandlerError> {
    let mut room = [0; 16 << 10];
    let arena = Arena::over(&mut room);
    let event = Json::read(event).map_err(|_| HandlerError::new("Runtime.UnmarshalError", "the event is no JSON"))?;
    let request = HttpRequest::of(event).ok_or_else(|| HandlerError::new("Function.NotHttp", "no HTTP request"))?;
    let reply = |out, status| HttpReply::begin(out, request.kind(), status).header("Content-Type", "application/json");
    match (request.method(), request.path(&arena)) {
        ("GET", "/health") => reply(out, 200).text("{\"status\": \"healthy\"}"),
        ("POST", "/orders") => {
            let Ok(order) = Json::read(request.body(&arena).unwrap_or(b"{}")) else {
                reply(out, 400).text("{\"error\": \"the order is no JSON\"}");
                return Ok(());
            };
            let number = |item: Json, name| item.get(name).and_then(|value| value.as_i64());
            let mut total = 0_i64;
            for item in order.get("items").into_iter().flat_map(|items| items.items()) {
                let price = number(item, "price").zip(number(item, "count")).and_then(|(a, b)| a.checked_mul(b));
                total = price.and_then(|price| total.checked_add(price)).ok_or_else(no_total)?;
            }
            let mut room = [0; 4 << 10];
            let mut body = Writer::over(&mut room);
            body.write(b"{\"customer\": ");
            body.write(order.get("customer").map_or("\"\"", |name| name.raw()).as_bytes());
            body.write(b", \"total\": ");
            body.write(if total < 0 { b"-" } else { b"" });
            body.write(Digits::decimal(total.unsigned_abs()).bytes());
            body.write(b"}");
            reply(out, 201).text(core::str::from_utf8(body.bytes()).unwrap_or_default());
        }
        _ => reply(out, 404).text("{\"error\": \"not found\"}"),
    }
    Ok(())
}

fn no_total() -> HandlerError {
    HandlerError::new("Function.BadOrder", "a price or a count is no number that fits")
}
