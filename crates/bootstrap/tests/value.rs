//! JSON without copies: what is valid, what is found, and what is told of the rest.

use bootstrap::{Arena, Json, JsonKind, DEPTH_LIMIT};

const DOCUMENT: &str = r#" { "a" : [1, -2.5e3 , {"b": null}, []], "text": "plain", "es\u0063aped": "\"\u00e9\ud83d\ude00\n\/",
 "yes":true,"empty":{},"big":9223372036854775807,"low":-9223372036854775808,"over":9223372036854775808 ,"a2":"]},:[{" } "#;

#[test]
fn values_are_found_where_they_stand() {
    let json = Json::read(DOCUMENT.as_bytes()).unwrap();
    let mut room = [0; 64];
    let arena = Arena::over(&mut room);
    assert_eq!(json.kind(), JsonKind::Object);
    let items: Vec<&str> = json.get("a").unwrap().items().map(|item| item.raw()).collect();
    assert_eq!(items, ["1", "-2.5e3", r#"{"b": null}"#, "[]"]);
    assert_eq!(json.get("a").unwrap().items().nth(1).unwrap().as_f64(), Some(-2500.0));
    assert!(json.get("a").unwrap().items().nth(2).unwrap().get("b").is_some_and(|b| b.kind() == JsonKind::Null));
    assert!(json.get("a").unwrap().items().nth(2).unwrap().given("b").is_none());
    assert_eq!(json.get("text").unwrap().as_str(), Some("plain"));
    assert_eq!(json.get("escaped").unwrap().as_str(), None);
    assert_eq!(json.get("escaped").unwrap().text_in(&arena), Some("\"é😀\n/"));
    assert!(json.get("escaped").unwrap().is("\"é😀\n/"));
    assert_eq!(json.get("yes").unwrap().as_bool(), Some(true));
    assert_eq!(json.get("empty").unwrap().members().count(), 0);
    assert_eq!(json.get("big").unwrap().as_i64(), Some(i64::MAX));
    assert_eq!(json.get("low").unwrap().as_i64(), Some(i64::MIN));
    assert_eq!(json.get("over").unwrap().as_i64(), None);
    assert_eq!(json.get("a2").unwrap().as_str(), Some("]},:[{"));
    assert_eq!(json.members().count(), 9);
    assert!(json.get("none").is_none() && json.items().next().is_none());
}

#[test]
fn texts_with_escapes_take_no_more_than_the_arena_has() {
    let json = Json::read(br#"["\u0061bc", "d\te"]"#).unwrap();
    let mut room = [0; 5];
    let arena = Arena::over(&mut room);
    let texts: Vec<Option<&str>> = json.items().map(|item| item.text_in(&arena)).collect();
    assert_eq!(texts, [Some("abc"), None]);
    assert_eq!(arena.left(), 2);
    assert!(arena.take(3).is_none() && arena.left() == 0);
}

#[test]
fn halves_of_pairs_become_the_replacement_character() {
    for (text, expected) in
        [(r#""\ud83d""#, "\u{fffd}"), (r#""\ude00x""#, "\u{fffd}x"), (r#""\ud83d\u0041""#, "\u{fffd}A")]
    {
        assert!(Json::read(text.as_bytes()).unwrap().is(expected), "{text}");
    }
}

#[test]
fn what_is_no_document_is_told_by_its_place() {
    for (text, at) in [
        ("", 0),
        (" ", 1),
        ("{", 1),
        ("[1,]", 3),
        ("[1 2]", 3),
        ("{\"a\"}", 4),
        ("{\"a\":}", 5),
        ("{\"a\":1,}", 7),
        ("{1:2}", 1),
        ("01", 0),
        ("-", 1),
        ("1.", 1),
        ("1e", 2),
        ("+1", 0),
        ("NaN", 0),
        ("tru", 0),
        ("\"\n\"", 1),
        ("\"\\x\"", 1),
        ("\"\\u12\"", 1),
        ("\"", 1),
        ("1 1", 2),
        ("[1}", 2),
        ("{\"a\":1]", 6),
        ("[1]]", 3),
    ] {
        assert_eq!(Json::read(text.as_bytes()).map_err(|error| error.at), Err(at), "{text}");
    }
    assert_eq!(Json::read(b"\"a\xff\"").map_err(|error| error.at), Err(2));
}

#[test]
fn deep_documents_are_read_up_to_a_limit_and_never_by_calls() {
    let deep = "[".repeat(DEPTH_LIMIT) + &"]".repeat(DEPTH_LIMIT);
    let json = Json::read(deep.as_bytes()).unwrap();
    assert_eq!(json.items().next().unwrap().raw().len(), deep.len() - 2);
    let deeper = "[".repeat(DEPTH_LIMIT + 1) + &"]".repeat(DEPTH_LIMIT + 1);
    assert_eq!(Json::read(deeper.as_bytes()).map_err(|error| error.at), Err(DEPTH_LIMIT));
    let mixed = "{\"a\":[".repeat(5000) + "1" + &"]}".repeat(5000);
    assert!(Json::read(mixed.as_bytes()).is_ok());
}

/// Every document with one byte changed, left out or doubled is read, or refused, without a panic or an endless loop.
#[test]
fn changed_documents_are_read_or_refused() {
    let bytes = DOCUMENT.as_bytes();
    let mut read = 0;
    for at in 0..bytes.len() {
        for change in [b'"', b'\\', b'{', b'}', b'[', b']', b',', b':', b' ', b'1', 0, 0xff] {
            let mut changed = bytes.to_vec();
            changed[at] = change;
            read += usize::from(walk(&changed));
        }
        let mut shorter = bytes.to_vec();
        shorter.remove(at);
        read += usize::from(walk(&shorter));
        walk(&bytes[..at]);
    }
    assert!(read > 100);
}

fn walk(bytes: &[u8]) -> bool {
    let Ok(json) = Json::read(bytes) else {
        return false;
    };
    let mut open = vec![json];
    let mut count = 0;
    while let Some(value) = open.pop() {
        open.extend(value.items());
        open.extend(value.members().map(|(_, member)| member));
        count += 1;
        assert!(count <= bytes.len());
    }
    true
}
