//! MessagePack as JSON: every type, every size, and what is none.

use bootstrap::msgpack::{as_json, is_named, to_json, DEPTH_LIMIT};
use bootstrap::{Context, Writer};

fn json(bytes: &[u8]) -> Option<String> {
    let mut out = Writer::new();
    to_json(bytes, &mut out)?;
    Some(String::from_utf8(out.bytes().to_vec()).unwrap())
}

#[test]
fn every_type_has_its_json() {
    let cases: [(&[u8], &str); 26] = [
        (b"\xc0", "null"),
        (b"\xc2", "false"),
        (b"\xc3", "true"),
        (b"\x7f", "127"),
        (b"\xe0", "-32"),
        (b"\xcc\xff", "255"),
        (b"\xcd\x01\x00", "256"),
        (b"\xce\xff\xff\xff\xff", "4294967295"),
        (b"\xcf\xff\xff\xff\xff\xff\xff\xff\xff", "18446744073709551615"),
        (b"\xd0\x80", "-128"),
        (b"\xd1\x80\x00", "-32768"),
        (b"\xd2\x80\x00\x00\x00", "-2147483648"),
        (b"\xd3\x80\x00\x00\x00\x00\x00\x00\x00", "-9223372036854775808"),
        (b"\xca\x3f\xc0\x00\x00", "1.5"),
        (b"\xcb\x7e\x37\xe4\x3c\x88\x00\x75\x9c", "1e300"),
        (b"\xcb\x7f\xf8\x00\x00\x00\x00\x00\x00", "NaN"),
        (b"\xcb\xff\xf0\x00\x00\x00\x00\x00\x00", "-Infinity"),
        (b"\xa3a\"\n", r#""a\"\n""#),
        (b"\xd9\x02\xc3\xa9", "\"é\""),
        (b"\xda\x00\x01x", "\"x\""),
        (b"\xc4\x03\x00\xff\x01", "\"AP8B\""),
        (b"\x90", "[]"),
        (b"\x80", "{}"),
        (b"\x93\x01\x91\x80\x02", "[1,[{}],2]"),
        (b"\x82\xa1a\x01\x05\x92\xc0\xa0", r#"{"a":1,"5":[null,""]}"#),
        (b"\xdc\x00\x02\xde\x00\x01\xa1k\xdd\x00\x00\x00\x00\xdf\x00\x00\x00\x00", r#"[{"k":[]},{}]"#),
    ];
    for (bytes, expected) in cases {
        assert_eq!(json(bytes).as_deref(), Some(expected), "{}", bytes.escape_ascii());
    }
}

#[test]
fn texts_that_end_in_brackets_are_no_beginnings() {
    assert_eq!(json(b"\x93\xa1[\xa1{\x81\xa1[\xa1{").as_deref(), Some(r#"["[","{",{"[":"{"}]"#));
}

#[test]
fn what_is_none_is_refused() {
    let cases: [&[u8]; 12] = [
        b"",
        b"\xc1",
        b"\xa2a",
        b"\xa1\xff",
        b"\x91",
        b"\x81\xa1a",
        b"\x81\xc0\x01",
        b"\x81\x90\x01",
        b"\x01\x02",
        b"\xd4\x00\x00",
        b"\xdd\xff\xff\xff\xff",
        b"\xdb\xff\xff\xff\xff",
    ];
    for bytes in cases {
        assert_eq!(json(bytes), None, "{}", bytes.escape_ascii());
    }
    let deep = |depth: usize| [vec![0x91; depth], vec![0xc0]].concat();
    assert!(json(&deep(DEPTH_LIMIT)).is_some());
    assert_eq!(json(&deep(DEPTH_LIMIT + 1)), None);
}

#[test]
fn the_content_type_decides() {
    for (name, expected) in [
        ("application/msgpack", true),
        ("Application/X-MsgPack; charset=binary", true),
        ("application/vnd.msgpack", true),
        ("application/json", false),
        ("", false),
    ] {
        assert_eq!(is_named(name), expected, "{name}");
    }
    let seen = |content_type, event: &[u8]| {
        let ctx = Context { content_type, ..Context::default() };
        let mut seen = Vec::new();
        as_json(&ctx, event, |event| {
            seen = event.to_vec();
            Ok(())
        })
        .map(|()| seen)
    };
    assert_eq!(seen("application/json", b"\x91\x01"), Ok(b"\x91\x01".to_vec()));
    assert_eq!(seen("application/msgpack", b"\x91\x01"), Ok(b"[1]".to_vec()));
    assert_eq!(seen("application/msgpack", b"\x91").unwrap_err().error_type, "Runtime.UnmarshalError");
}
