//! Methods of bytes, told as texts whose characters have their codes, and the codecs.

use crate::Answer;
use support::*;

fn shown<T: Object>(value: T) -> Answer {
    Some(Ok(repr_of(&value).to_string()))
}

fn tried<T: Object>(value: Result<T, Exc>) -> Answer {
    Some(value.map(|value| repr_of(&value).to_string()))
}

fn bytes(text: &str) -> Bytes {
    latin_bytes(&Str::from(text))
}

pub fn answer(operation: &str, arguments: &[&str]) -> Answer {
    let (first, rest) = arguments.split_first()?;
    match (operation, rest) {
        ("str.encode", [encoding, errors]) => tried(Str::from(*first).encode(encoding, errors)),
        ("bytes.decode", [encoding, errors]) => tried(bytes(first).decode(encoding, errors)),
        (_, []) => plain(operation, &bytes(first), first),
        (_, [a]) => one(operation, &bytes(first), a),
        (_, [a, b]) => two(operation, &bytes(first), a, b),
        _ => None,
    }
}

fn plain(operation: &str, blob: &Bytes, text: &str) -> Answer {
    match operation {
        "bytes.repr" => shown(blob.clone()),
        "bytes.array" => shown(ByteArray::from(blob.to_vec())),
        "bytes.list" => shown(blob.list()),
        "bytes.hex" => shown(blob.hex()),
        "bytes.fromhex" => tried(Bytes::fromhex(text)),
        "bytes.upper" => shown(blob.upper()),
        "bytes.lower" => shown(blob.lower()),
        "bytes.title" => shown(blob.title()),
        "bytes.capitalize" => shown(blob.capitalize()),
        "bytes.swapcase" => shown(blob.swapcase()),
        "bytes.strip" => shown(blob.strip()),
        "bytes.lstrip" => shown(blob.lstrip()),
        "bytes.rstrip" => shown(blob.rstrip()),
        "bytes.split" => shown(blob.split_words()),
        "bytes.splitlines" => shown(blob.splitlines(false)),
        "bytes.isalpha" => shown(blob.isalpha()),
        "bytes.isdigit" => shown(blob.isdigit()),
        "bytes.isalnum" => shown(blob.isalnum()),
        "bytes.isspace" => shown(blob.isspace()),
        "bytes.isupper" => shown(blob.isupper()),
        "bytes.islower" => shown(blob.islower()),
        "bytes.isascii" => shown(blob.isascii()),
        _ => None,
    }
}

fn one(operation: &str, blob: &Bytes, a: &str) -> Answer {
    let other = bytes(a);
    match operation {
        "bytes.find" => shown((blob.find(&other), blob.rfind(&other), blob.count(&other), blob.contains(&other))),
        "bytes.index" => tried(blob.index(&other)),
        "bytes.rindex" => tried(blob.rindex(&other)),
        "bytes.starts" => shown((blob.startswith(&other), blob.endswith(&other))),
        "bytes.partition" => tried(blob.partition(&other)),
        "bytes.rpartition" => tried(blob.rpartition(&other)),
        "bytes.strip_of" => shown((blob.strip_of(&other), blob.lstrip_of(&other), blob.rstrip_of(&other))),
        "bytes.removeprefix" => shown((blob.removeprefix(&other), blob.removesuffix(&other))),
        "bytes.less" => shown((blob.less(&other), blob.equals(&other), blob.concat(&other))),
        "bytes.zfill" => shown(blob.zfill(a.parse().ok()?)),
        "bytes.item" => tried(blob.item(a.parse().ok()?)),
        "bytes.grouped" => shown(blob.hex_grouped(":", a.parse().ok()?)),
        _ => None,
    }
}

fn two(operation: &str, blob: &Bytes, a: &str, b: &str) -> Answer {
    match operation {
        "bytes.split_at" => tried(blob.split(&bytes(a), b.parse().ok()?)),
        "bytes.rsplit_at" => tried(blob.rsplit(&bytes(a), b.parse().ok()?)),
        "bytes.replace" => shown(blob.replace(&bytes(a), &bytes(b))),
        "bytes.center" => tried(blob.center(a.parse().ok()?, &bytes(b))),
        "bytes.slice" => shown(blob.slice(a.parse().ok(), b.parse().ok())),
        "bytes.translate" => {
            tried(Bytes::maketrans(&bytes(a), &bytes(b)).and_then(|table| blob.translate(Some(&table), &bytes(a)[..0])))
        }
        _ => None,
    }
}
