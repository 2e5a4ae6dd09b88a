from __future__ import annotations

import pytest

from sovereign.migration.rust.items import chunks, imports, indented, masked, names, self_type

SOURCE = """//! A file.

use core::fmt::{Display, Write};

/// Braces in strings: "{", in characters: '{', in comments: {.
#[derive(Clone)]
pub struct Text<'a>(&'a str, char);

pub const OPEN: [char; 2] = ['{', '\\''];
pub static RAW: &str = r#"} " {"#;

impl<'a> Text<'a> {
    /// The length.
    pub const fn len(&self) -> usize {
        self.0.len()
    }

    pub fn brace(&self) -> &'static str {
        "}"
    }
}

pub(crate) unsafe fn free<T: Fn() -> i64>(value: T) -> i64 {
    value()
}
macro_rules! twice {
    ($x:expr) => {{ $x; $x }};
}
twice!(Text);
pub trait Shown {
    fn show(&self);
}
"""


def test_a_file_is_cut_into_its_items():
    mask = masked(SOURCE)
    found = list(chunks(mask))
    assert [(chunk.kind, chunk.name) for chunk in found] == [
        ("use", "core"),
        ("struct", "Text"),
        ("const", "OPEN"),
        ("static", "RAW"),
        ("impl", ""),
        ("fn", "free"),
        ("macro_rules", "twice"),
        ("!", "twice"),
        ("trait", "Shown"),
    ]
    assert "".join(SOURCE[chunk.start : chunk.end] for chunk in found) == SOURCE.rstrip("\n")
    assert [chunk.is_spaced for chunk in found] == [True, True, True, False, True, True, False, False, False]


def test_methods_are_cut_out_of_their_block():
    mask = masked(SOURCE)
    block = next(chunk for chunk in chunks(mask) if chunk.kind == "impl")
    inside = chunks(mask, mask.index("{", block.start) + 1, block.end - 1)
    assert [(chunk.kind, chunk.name) for chunk in inside] == [("fn", "len"), ("fn", "brace")]


def test_masking_keeps_every_place():
    mask = masked(SOURCE)
    assert len(mask) == len(SOURCE)
    assert [at for at, letter in enumerate(mask) if letter == "\n"] == [
        at for at, letter in enumerate(SOURCE) if letter == "\n"
    ]
    assert mask.count("{") == mask.count("}")
    assert "'a" in mask


@pytest.mark.parametrize(
    ("text", "present", "absent"),
    [
        ("let x = 1.5;", {"f64"}, set()),
        ("let x = t.0;", set(), {"f64"}),
        ("for i in 0..5 {}", set(), {"f64"}),
        ("f(a, b)", set(), {"tuple2"}),
        ("f((a, b))", {"tuple2"}, {"tuple3"}),
        ("fn f() -> (A, B, C) {}", {"tuple3"}, {"tuple4"}),
        ("let (a, (b, c)) = x;", {"tuple2"}, {"tuple3"}),
        ("g((x,))", {"tuple1"}, set()),
        ("say!(a, b)", {"say"}, {"tuple2"}),
        ("x.collect::<Vec<_>>(a, b)", set(), {"tuple2"}),
    ],
)
def test_names_tell_floats_and_tuples(text, present, absent):
    found = names(text)
    assert present <= found
    assert not absent & found


@pytest.mark.parametrize(
    ("header", "trait", "kind"),
    [
        ("impl<T> List<T> ", "", "List<T>"),
        ("impl Object for () ", "Object", "()"),
        (
            "impl<T, F: FnMut() -> Result<Option<T>, Exc>> Source<T> for ClosureSource<F> ",
            "Source<T>",
            "ClosureSource<F>",
        ),
        ("impl<F> Take for F\n    where\n        F: for<'a> Fn(&'a str) ", "Take", "F"),
    ],
)
def test_an_implementation_says_its_trait_and_type(header, trait, kind):
    assert self_type(header) == (trait, kind)


def test_imports_are_paths_with_names():
    line = "pub(crate) use alloc::{\n    rc::Rc,\n    collections::{BTreeMap as Map, VecDeque},\n};"
    assert imports(line) == [
        ("alloc::rc::Rc", "Rc"),
        ("alloc::collections::BTreeMap", "Map"),
        ("alloc::collections::VecDeque", "VecDeque"),
    ]


def test_indenting_leaves_strings_alone():
    assert indented('f("a\nb");\n// "\nr#"\n"#;') == '    f("a\nb");\n    // "\n    r#"\n"#;'
