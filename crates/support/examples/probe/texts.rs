//! Methods of texts: the text first, then what the method takes; numbers as digits, `-` for none.

use crate::Answer;
use support::*;

fn shown<T: Object>(value: T) -> Answer {
    Some(Ok(repr_of(&value).to_string()))
}

fn tried<T: Object>(value: Result<T, Exc>) -> Answer {
    Some(value.map(|value| repr_of(&value).to_string()))
}

fn bound(text: &str) -> Option<i64> {
    text.parse().ok()
}

fn number(text: &str) -> i64 {
    text.parse().expect("a number")
}

pub fn answer(operation: &str, arguments: &[&str]) -> Answer {
    let (first, rest) = arguments.split_first()?;
    let text = Str::from(*first);
    if let Some(method) = operation.strip_prefix("each.") {
        // The method, asked of every character.
        let operation = format!("str.{method}");
        let asked = |character: Str| plain(&operation, &character).or_else(|| claims(&operation, &character));
        return Some(text.iter().map(|character| asked(character).expect("a method")).collect());
    }
    match *rest {
        [] => plain(operation, &text).or_else(|| claims(operation, &text)),
        [a] => one(operation, &text, a),
        [a, b] => two(operation, &text, a, b),
        [a, b, c] => three(operation, &text, a, b, c),
        _ => None,
    }
}

fn plain(operation: &str, text: &Str) -> Answer {
    match operation {
        "str.repr" => shown(text.clone()),
        "str.ascii" => Some(Ok(ascii_text(&repr_of(text)).to_string())),
        "str.len" => shown(text.len()),
        "str.list" => shown(text.list()),
        "str.upper" => shown(text.upper()),
        "str.lower" => shown(text.lower()),
        "str.title" => shown(text.title()),
        "str.capitalize" => shown(text.capitalize()),
        "str.swapcase" => shown(text.swapcase()),
        "str.casefold" => shown(text.casefold()),
        "str.strip" => shown(text.strip()),
        "str.lstrip" => shown(text.lstrip()),
        "str.rstrip" => shown(text.rstrip()),
        "str.split" => shown(text.split_words(-1)),
        "str.rsplit" => shown(text.rsplit_words(-1)),
        "str.splitlines" => shown(text.splitlines(false)),
        "str.ord" => tried(ord(text)),
        _ => None,
    }
}

fn claims(operation: &str, text: &Str) -> Answer {
    match operation {
        "str.isalpha" => shown(text.isalpha()),
        "str.isdigit" => shown(text.isdigit()),
        "str.isdecimal" => shown(text.isdecimal()),
        "str.isnumeric" => shown(text.isnumeric()),
        "str.isalnum" => shown(text.isalnum()),
        "str.isspace" => shown(text.isspace()),
        "str.isupper" => shown(text.isupper()),
        "str.islower" => shown(text.islower()),
        "str.istitle" => shown(text.istitle()),
        "str.isascii" => shown(text.isascii()),
        "str.isprintable" => shown(text.isprintable()),
        "str.isidentifier" => shown(text.isidentifier()),
        _ => None,
    }
}

fn one(operation: &str, text: &Str, a: &str) -> Answer {
    match operation {
        "str.item" => tried(text.item(number(a))),
        "str.strip_of" => shown(text.strip_of(a)),
        "str.lstrip_of" => shown(text.lstrip_of(a)),
        "str.rstrip_of" => shown(text.rstrip_of(a)),
        "str.split_max" => shown(text.split_words(number(a))),
        "str.rsplit_max" => shown(text.rsplit_words(number(a))),
        "str.splitlines_keep" => shown(text.splitlines(true)),
        "str.zfill" => shown(text.zfill(number(a))),
        "str.expandtabs" => shown(text.expandtabs(number(a))),
        "str.partition" => tried(text.partition(a)),
        "str.rpartition" => tried(text.rpartition(a)),
        "str.removeprefix" => shown(text.removeprefix(a)),
        "str.removesuffix" => shown(text.removesuffix(a)),
        "str.contains" => shown(text.contains(a)),
        "str.repeat" => shown(text.repeat(number(a))),
        "str.less" => shown(text.as_str() < a),
        "str.join" => shown(text.join(Str::from(a).iter())),
        _ => None,
    }
}

fn two(operation: &str, text: &Str, a: &str, b: &str) -> Answer {
    match operation {
        "str.slice" => shown(text.slice(bound(a), bound(b))),
        "str.split_at" => tried(text.split(a, number(b))),
        "str.rsplit_at" => tried(text.rsplit(a, number(b))),
        "str.replace" => shown(text.replace(a, b)),
        "str.center" => tried(text.center(number(a), b)),
        "str.ljust" => tried(text.ljust(number(a), b)),
        "str.rjust" => tried(text.rjust(number(a), b)),
        "str.startswith_any" => shown(text.startswith_any([a, b])),
        "str.endswith_any" => shown(text.endswith_any([a, b])),
        "str.append" => {
            let mut text = text.clone();
            (0..40).for_each(|_| {
                text.append(a);
                text.append(b);
            });
            shown((text.len(), text.clone(), text.isascii()))
        }
        _ => None,
    }
}

fn three(operation: &str, text: &Str, a: &str, b: &str, c: &str) -> Answer {
    match operation {
        "str.slice_step" => tried(text.slice_step(bound(a), bound(b), number(c))),
        "str.find" => shown(text.find_between(a, bound(b), bound(c))),
        "str.rfind" => shown(text.rfind_between(a, bound(b), bound(c))),
        "str.index" => tried(text.index_between(a, bound(b), bound(c))),
        "str.rindex" => tried(text.rindex_between(a, bound(b), bound(c))),
        "str.count" => shown(text.count_between(a, bound(b), bound(c))),
        "str.startswith" => shown(text.startswith_between(a, bound(b), bound(c))),
        "str.endswith" => shown(text.endswith_between(a, bound(b), bound(c))),
        "str.replace_count" => shown(text.replace_count(a, b, number(c))),
        "str.translate" => tried(Str::maketrans(a, b, c).map(|table| text.translate(&table))),
        _ => None,
    }
}
