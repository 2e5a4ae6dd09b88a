//! The support module: what an emitted program calls so that its answers are those of CPython 3.11.
//!
//! The translator copies the items that a program names into `mod support`, so all public names are unique across these
//! files and every item says what it needs by name alone. Values: `object.rs` (the traits), `exc.rs`, `text.rs`,
//! `list.rs`, `dict.rs`. What reaches the world: `platform.rs`, `output.rs`, `program.rs`. Read `object.rs` first.

// Macros stand in the root of a crate already; inside `mod support` of a program they need the `pub use`.
#![allow(unused_imports)]
#![cfg_attr(not(feature = "std"), no_std)]

extern crate alloc;

mod big;
mod builtins;
mod byte_array;
mod bytes;
mod cell;
mod class;
mod codec;
mod colors;
mod context;
mod control;
mod convert;
mod dict;
mod equality;
mod exc;
mod exc_parts;
mod exc_values;
mod file;
mod float;
#[cfg(not(feature = "std"))]
mod float_bare;
#[cfg(feature = "std")]
mod float_std;
mod format;
mod formattable;
mod generator;
mod hash;
mod input;
mod int;
mod integer;
mod iter;
mod keyword_arguments;
mod kinds;
mod letters;
mod list;
mod magnitude;
mod margins;
mod object;
mod output;
mod percent;
mod platform;
#[cfg(not(feature = "std"))]
mod platform_bare;
#[cfg(feature = "std")]
mod platform_std;
#[cfg(feature = "std")]
mod pool;
mod program;
mod quoting;
mod range;
mod search;
mod seq;
mod sequence;
mod set;
mod slice_object;
mod sorting;
mod sorting_raising;
mod split;
#[cfg(feature = "std")]
mod stack_end;
mod template;
mod text;
mod type_object;
mod variable;
mod wire;

pub use big::*;
pub use builtins::*;
pub use byte_array::*;
pub use bytes::*;
pub use cell::*;
pub use class::*;
pub use codec::*;
pub use colors::*;
pub use context::*;
pub use control::*;
pub use convert::*;
pub use dict::*;
pub use equality::*;
pub use exc::*;
pub use exc_parts::*;
pub use exc_values::*;
pub use file::*;
pub use float::*;
#[cfg(not(feature = "std"))]
pub use float_bare::*;
#[cfg(feature = "std")]
pub use float_std::*;
pub use format::*;
pub use formattable::*;
pub use generator::*;
pub use hash::*;
pub use input::*;
pub use int::*;
pub use integer::*;
pub use iter::*;
pub use keyword_arguments::*;
pub use kinds::*;
pub use letters::*;
pub use list::*;
pub use magnitude::*;
pub use margins::*;
pub use object::*;
pub use output::*;
pub use percent::*;
pub use platform::*;
#[cfg(not(feature = "std"))]
pub use platform_bare::*;
#[cfg(feature = "std")]
pub use platform_std::*;
#[cfg(feature = "std")]
pub use pool::*;
pub use program::*;
pub use quoting::*;
pub use range::*;
pub use search::*;
pub use seq::*;
pub use sequence::*;
pub use set::*;
pub use slice_object::*;
pub use sorting::*;
pub use sorting_raising::*;
pub use split::*;
#[cfg(feature = "std")]
pub use stack_end::*;
pub use template::*;
pub use text::*;
pub use type_object::*;
pub use variable::*;
pub use wire::*;

// The standard library.
mod argparse;
mod argparse_help;
mod argparse_read;
mod base64;
mod bridges;
mod c_functions;
#[cfg(feature = "std")]
mod c_math;
#[cfg(not(feature = "std"))]
mod c_math_bare;
#[cfg(feature = "std")]
mod c_time;
#[cfg(not(feature = "std"))]
mod c_time_bare;
mod calendar;
mod clock;
mod counter;
mod csv;
mod date;
mod datetime;
mod decimal;
mod deep_copy;
mod deque;
mod environ;
mod fractions;
mod functools;
mod hashlib;
mod heapq;
mod itertools;
mod json_read;
mod json_value;
mod json_write;
mod logging;
mod math;
mod math_int;
mod models;
mod nd_array;
mod nd_make;
mod nd_math;
mod nd_pick;
mod nd_reduce;
mod nd_scalar;
mod nd_sort;
mod nd_text;
mod nd_texts;
mod os;
mod os_path;
mod pathlib;
mod random;
mod random_population;
mod regex;
mod regex_machine;
mod regex_program;
mod regex_tree;
mod statistics;
mod strftime;
mod string_template;
mod structs;
#[cfg(feature = "std")]
mod subprocess;
#[cfg(feature = "std")]
mod tempfile;
mod textwrap;
mod timedelta;
mod urls;
mod uuid;

pub use argparse::*;
pub use argparse_help::*;
pub use argparse_read::*;
pub use base64::*;
pub use bridges::*;
pub use c_functions::*;
#[cfg(feature = "std")]
pub use c_math::*;
#[cfg(not(feature = "std"))]
pub use c_math_bare::*;
#[cfg(feature = "std")]
pub use c_time::*;
#[cfg(not(feature = "std"))]
pub use c_time_bare::*;
pub use calendar::*;
pub use clock::*;
pub use counter::*;
pub use csv::*;
pub use date::*;
pub use datetime::*;
pub use decimal::*;
pub use deep_copy::*;
pub use deque::*;
pub use environ::*;
pub use fractions::*;
pub use functools::*;
pub use hashlib::*;
pub use heapq::*;
pub use itertools::*;
pub use json_read::*;
pub use json_value::*;
pub use json_write::*;
pub use logging::*;
pub use math::*;
pub use math_int::*;
pub use models::*;
pub use nd_array::*;
pub use nd_make::*;
pub use nd_math::*;
pub use nd_pick::*;
pub use nd_reduce::*;
pub use nd_scalar::*;
pub use nd_sort::*;
pub use nd_text::*;
pub use nd_texts::*;
pub use os::*;
pub use os_path::*;
pub use pathlib::*;
pub use random::*;
pub use random_population::*;
pub use regex::*;
pub use regex_machine::*;
pub use regex_program::*;
pub use regex_tree::*;
pub use statistics::*;
pub use strftime::*;
pub use string_template::*;
pub use structs::*;
#[cfg(feature = "std")]
pub use subprocess::*;
#[cfg(feature = "std")]
pub use tempfile::*;
pub use textwrap::*;
pub use timedelta::*;
pub use urls::*;
pub use uuid::*;

// The Ruchy language.
mod ruchy_array;
#[cfg(feature = "std")]
mod ruchy_catch;
mod ruchy_datum;
mod ruchy_dyn;
mod ruchy_fault;
#[cfg(feature = "std")]
mod ruchy_files;
#[cfg(not(feature = "std"))]
mod ruchy_float_bare;
#[cfg(feature = "std")]
mod ruchy_float_std;
mod ruchy_flow;
mod ruchy_format;
mod ruchy_frame;
mod ruchy_handler;
mod ruchy_json;
mod ruchy_methods;
mod ruchy_number;
mod ruchy_option;
mod ruchy_real;
mod ruchy_record;
#[cfg(feature = "std")]
mod ruchy_stack;
mod ruchy_table;
mod ruchy_text;

pub use ruchy_array::*;
#[cfg(feature = "std")]
pub use ruchy_catch::*;
pub use ruchy_datum::*;
pub use ruchy_dyn::*;
pub use ruchy_fault::*;
#[cfg(feature = "std")]
pub use ruchy_files::*;
#[cfg(not(feature = "std"))]
pub use ruchy_float_bare::*;
#[cfg(feature = "std")]
pub use ruchy_float_std::*;
pub use ruchy_flow::*;
pub use ruchy_format::*;
pub use ruchy_frame::*;
pub use ruchy_handler::*;
pub use ruchy_json::*;
pub use ruchy_methods::*;
pub use ruchy_number::*;
pub use ruchy_option::*;
pub use ruchy_real::*;
pub use ruchy_record::*;
#[cfg(feature = "std")]
pub use ruchy_stack::*;
pub use ruchy_table::*;
pub use ruchy_text::*;
