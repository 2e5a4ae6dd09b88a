from __future__ import annotations

import subprocess
import time
from random import Random
from typing import TYPE_CHECKING

import pytest

from sovereign.errors import InternalError, ParameterError
from sovereign.migration.rust import index
from sovereign.migration.rust.index import load
from sovereign.migration.rust.shake import FOLDER, mentioned, support_module, support_names

if TYPE_CHECKING:
    from pathlib import Path

# Some tests compile what they shake, which a busy machine takes its time for.
pytestmark = pytest.mark.timeout(120)

LIBRARY = """extern crate alloc;

mod value;
mod shape;
mod macros;
#[cfg(not(feature = "std"))]
mod bare;
#[cfg(feature = "std")]
mod world;

pub use value::*;
"""
VALUE = """//! Values.

use alloc::rc::Rc;
use core::fmt::Write;

/// What every value can.
pub trait Object {
    fn describe(&self) -> i64;
    fn weigh(&self) -> i64 {
        heavy()
    }
}

impl Object for i64 {
    fn describe(&self) -> i64 {
        *self
    }
}

impl Object for f64 {
    fn describe(&self) -> i64 {
        float_only()
    }
    fn weigh(&self) -> i64 {
        light()
    }
}

pub fn float_only() -> i64 {
    1
}
pub fn heavy() -> i64 {
    1
}
pub fn light() -> i64 {
    1
}

macro_rules! tuples {
    ($($name:ident)+) => {
        impl<$($name: Object),+> Object for ($($name,)+) {
            fn describe(&self) -> i64 {
                arity()
            }
        }
    };
}
tuples!(A B);
tuples!(A B C);

pub fn arity() -> i64 {
    0
}

#[macro_export]
macro_rules! shout {
    ($x:expr) => {
        $crate::loudly($x)
    };
}
pub use shout;

pub fn loudly(text: &str) -> Rc<str> {
    let mut out = alloc::string::String::new();
    let _ = write!(out, "{text}");
    Rc::from(out)
}
"""
SHAPE = """use crate::{heavy, Object};
use alloc::vec::Vec;

pub struct Shape(pub Vec<i64>);

impl Shape {
    /// Its area.
    pub fn area(&self) -> i64 {
        crate::heavy()
    }

    pub fn outline(&self) -> i64 {
        self.area() + light_of(self)
    }
}

pub fn light_of(_: &Shape) -> i64 {
    0
}

impl Object for Shape {
    fn describe(&self) -> i64 {
        drawn()
    }
}

pub fn drawn() -> i64 {
    inner::three()
}

pub(crate) mod inner {
    pub fn three() -> i64 {
        3
    }
}
"""
MACROS = """/// What can be lifted.
pub trait Weighed {
    fn load(&self) -> i64;
    fn spare(&self) -> i64 {
        0
    }
}

pub struct Stone;

macro_rules! plain {
    ([$($generic:tt)*] $type:ty, $load:expr $(, $more:item)*) => {
        impl<$($generic)*> Weighed for $type {
            fn load(&self) -> i64 {
                $load
            }
            $($more)*
        }
    };
}

macro_rules! plain_tuple {
    ($($name:ident)+) => {
        plain!([$($name),+] ($($name,)+), 2);
    };
}

macro_rules! each {
    ($($type:ty),+) => {
        $(impl Weighed for $type {
            fn load(&self) -> i64 {
                3
            }
        })+
    };
}

plain!([] i64, 1, fn spare(&self) -> i64 { 9 });
plain!([] Stone, 4);
plain_tuple!(A B);
each!(bool, u8);
"""
WORLD = """use std::io::Read as _;
use std::io::Write;

pub fn tell() {
    let _ = std::io::stdout().flush();
}
"""


@pytest.fixture
def folder(tmp_path) -> Path:
    for name, text in {
        "lib": LIBRARY,
        "value": VALUE,
        "shape": SHAPE,
        "macros": MACROS,
        "world": WORLD,
        "bare": "pub fn halt() {}\n",
    }.items():
        (tmp_path / f"{name}.rs").write_text(text)
    return tmp_path


def test_nothing_is_needed_by_a_program_that_names_nothing(folder):
    assert support_module({"main", "println"}, folder=folder) == ""


def test_an_item_brings_what_it_mentions_and_no_more(folder):
    text = support_module({"light_of"}, folder=folder)
    assert "struct Shape(pub Vec<i64>);" in text
    assert "use alloc::vec::Vec;" in text
    assert "impl Shape" not in text
    assert "Rc" not in text
    assert "Object" not in text


def test_methods_are_kept_one_by_one(folder):
    text = support_module({"Shape", ".area"}, folder=folder)
    assert "fn area" in text
    assert "/// Its area." in text
    assert "fn heavy" in text
    assert "fn outline" not in text
    assert "fn area" in support_module({"Shape", ".outline"}, folder=folder)


def test_a_trait_is_implemented_for_the_types_that_are_there(folder):
    text = support_module({".describe"}, folder=folder)
    assert "impl Object for i64" in text
    assert "f64" not in text
    assert "Shape" not in text
    assert "tuples!" not in text
    assert "fn float_only" in support_module({".describe", "f64"}, folder=folder)
    assert "fn drawn" in support_module({".describe", "Shape"}, folder=folder)


def test_a_method_of_a_trait_is_left_out_everywhere_when_nothing_calls_it(folder):
    text = support_module({".describe", "f64"}, folder=folder)
    assert "fn weigh" not in text
    assert "fn light" not in text
    text = support_module({".weigh", "f64"}, folder=folder)
    assert text.count("fn weigh") == 2
    assert "fn describe" not in text


def test_only_tuples_of_sizes_that_appear_are_implemented(folder):
    text = support_module({".describe", "tuple3"}, folder=folder)
    assert "tuples!(A B C);" in text
    assert "tuples!(A B);" not in text
    assert "fn arity" in text


def test_a_macro_is_used_for_the_types_that_are_there(folder, tmp_path):
    text = support_module({".load"}, folder=folder)
    assert "plain!([] i64, 1," in text
    assert "each!(bool, u8);" in text
    assert "Stone" not in text
    text = support_module({".load", "Stone", "tuple2"}, folder=folder)
    assert "plain!([] Stone, 4);" in text
    assert "plain_tuple!(A B);" in text
    assert "$($more)*" in text, "what is no item of its own stays where it stands"
    assert compiles(text, tmp_path / "made.rs") == ""


def test_a_macro_without_an_implementation_is_no_item(folder):
    (folder / "macros.rs").write_text("macro_rules! nothing {\n    () => {};\n}\nnothing!();\n")
    with pytest.raises(InternalError):
        support_module({"nothing"}, folder=folder)


def test_the_crate_of_the_support_module_is_the_module(folder):
    text = support_module({"shout", ".area", "Shape"}, folder=folder)
    assert "$crate::support::loudly($x)" in text
    assert "crate::support::heavy()" in text


def test_a_trait_that_is_there_for_its_methods_is_brought_without_a_name(folder):
    text = support_module({"loudly", "tell"}, folder=folder)
    assert "use core::fmt::Write as _;" in text
    assert "use std::io::{Read as _, Write as _};" in text


def test_without_an_operating_system_its_files_are_left_out(folder):
    assert "fn halt" in support_module({"halt"}, no_std=True, folder=folder)
    assert support_module({"halt"}, folder=folder) == ""
    with pytest.raises(ParameterError) as caught:
        support_module({"tell", ".area"}, no_std=True, folder=folder)
    assert caught.value.code == "rust.no_std"
    assert caught.value.detail["value"] == ["tell"]
    assert support_module({"tell"}, no_std=True, own={"tell"}, folder=folder) == ""


def test_two_meanings_of_a_name_are_refused(folder):
    (folder / "shape.rs").write_text("use other::Rc;\npub fn made() -> Rc {\n    Rc\n}\n")
    with pytest.raises(InternalError) as caught:
        support_module({"made", "loudly"}, folder=folder)
    assert caught.value.code == "rust.support"


def test_what_is_kept_compiles(folder, tmp_path):
    for number, roots in enumerate(
        [{".describe", "tuple2", "f64"}, {"shout", "tell"}, {"Shape", ".outline", ".weigh"}]
    ):
        assert compiles(support_module(roots, folder=folder), tmp_path / f"made{number}.rs") == ""


def test_any_part_of_the_real_support_module_compiles(tmp_path):
    names = sorted({name for unit in load(FOLDER, no_std=False).units for name in unit.needs})
    random = Random(7)  # noqa: S311 - a sample, no secret
    for number in range(12):
        roots = random.sample(names, random.choice((1, 1, 2, 5)))
        text = support_module(roots)
        assert compiles(text, tmp_path / f"part{number}.rs") == "", roots


def test_the_whole_support_module_compiles(tmp_path):
    names = {name for unit in load(FOLDER, no_std=False).units for name in unit.needs}
    assert compiles(support_module(names), tmp_path / "whole.rs") == ""


def test_a_program_runs_with_its_part(tmp_path):
    program = 'fn main() {\n    run_main(|| {\n        say!("{}", repr(&text!("a\'b")));\n        Ok(())\n    });\n}\n'
    source = tmp_path / "program.rs"
    source.write_text(f"use support::*;\n\n{program}\n{support_module(mentioned(program))}")
    subprocess.run(["rustc", "--edition", "2021", source, "-o", tmp_path / "program"], check=True, cwd=tmp_path)
    assert subprocess.run([tmp_path / "program"], capture_output=True, check=True).stdout == b'"a\'b"\n'


def test_the_index_is_read_from_the_cache_and_says_the_same(folder, tmp_path, monkeypatch):
    monkeypatch.setenv("SOVEREIGN_CACHE", str(tmp_path / "cache"))
    load.cache_clear()
    first = support_module({"Shape", ".area", ".describe", "tuple2"}, folder=folder)
    load.cache_clear()
    monkeypatch.setattr(index, "_build", None)
    assert support_module({"Shape", ".area", ".describe", "tuple2"}, folder=folder) == first
    assert "Shape" in support_names(folder=folder)
    (kept,) = (tmp_path / "cache" / "support-index").glob("*.json")
    kept.write_text(kept.read_text()[:-9])
    load.cache_clear()
    with pytest.raises(TypeError):
        support_module({"Shape"}, folder=folder)  # what is not whole is made anew
    load.cache_clear()


def test_other_sources_are_another_index(folder):
    assert "fn extra" not in support_module({"extra"}, folder=folder)
    load.cache_clear()
    (folder / "shape.rs").write_text(f"{SHAPE}\npub fn extra() {{}}\n")
    assert "fn extra" in support_module({"extra"}, folder=folder)


def test_the_text_is_the_same_in_every_order_of_roots():
    roots = sorted(mentioned('say!("{}", show(&List::from(vec![1.5])))'))
    assert support_module(roots) == support_module(roots[::-1]) == support_module(set(roots))


def test_shaking_takes_a_blink():
    roots = mentioned("run_main say list dict Str Int 1.5 repr")
    support_module(roots)
    started = time.perf_counter()
    for _ in range(5):
        support_module(roots)
    assert time.perf_counter() - started < 5 * 0.1  # 2 ms each on an idle machine


def compiles(text: str, source: Path) -> str:
    """What rustc says against it."""
    source.write_text(f"#![deny(warnings)]\n#![allow(unused)]\nfn main() {{}}\n\n{text}")
    command = ["rustc", "--edition", "2021", "--emit", "metadata", "-o", source.with_suffix(".rmeta"), source]
    return subprocess.run(command, capture_output=True, text=True, check=False, cwd=source.parent).stderr
