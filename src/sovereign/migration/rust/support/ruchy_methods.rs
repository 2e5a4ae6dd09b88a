//! Methods of values whose type is not known before the run: `dyn_method` finds the one that the value has.

use crate::{
    bit_count_of, byte_list, call_dyn, character_at, character_get, character_number, character_of, characters,
    clamped, compare_number, dyn_product, dyn_total, euclidean, fault, float_string, is_all_digits, items_of,
    joined_text, last_character, log_to, magnitude_of, method_power, natural_log, padded_left, padded_right,
    parse_number, platform_power, pop_character, push_text, repeated_text, replaced_text, reversed_text, rounded_to,
    shown_text, sign_of, split_text, split_words, text_between_parts, text_count, text_find, text_index, text_lines,
    text_part, text_to_float, text_to_integer, trimmed, trimmed_end, trimmed_start, truncated, Array, Bag, Datum, Dyn,
    Extent, Maybe, Str, Table,
};
use alloc::format;
use alloc::rc::Rc;
use alloc::string::String;
use alloc::vec::Vec;
use core::cmp::Ordering;

/// `value.name(arguments)` of a value that is none of the program's own types.
#[track_caller]
pub fn dyn_method(value: &mut Dyn, name: &str, arguments: &[Dyn]) -> Dyn {
    let found = match &mut *value {
        Dyn::Text(text) => text_method(text, name, arguments),
        Dyn::List(items) => list_method(items, name, arguments),
        Dyn::Dict(table) => table_method(table, name, arguments),
        Dyn::Set(set) => set_method(set, name, arguments),
        Dyn::Int(number) => whole_method(*number, name, arguments),
        Dyn::Float(number) => real_method(*number, name, arguments),
        Dyn::Range(range) => range_method(range, name, arguments),
        Dyn::Some(_) | Dyn::None => option_method(value, name, arguments),
        Dyn::Ok(_) | Dyn::Err(_) => result_method(value, name, arguments),
        Dyn::Nil => nil_method(name, arguments),
        Dyn::Tuple(parts) if name == "len" && arguments.is_empty() => Some(Dyn::Int(parts.len() as i64)),
        _ => None,
    };
    found.or_else(|| any_method(value, name, arguments)).unwrap_or_else(|| unknown_method(value, name, arguments))
}

/// The methods that every value has.
pub fn any_method(value: &Dyn, name: &str, arguments: &[Dyn]) -> Option<Dyn> {
    match (name, arguments) {
        ("to_string", []) => Some(Dyn::Text(shown_text(value))),
        ("clone", []) => Some(value.clone()),
        _ => match value {
            Dyn::Bool(_) | Dyn::Function(_) | Dyn::Record(_) => present_method(value, name, arguments),
            _ => None,
        },
    }
}

/// The methods of a value that is there, as if it were an Option.
pub fn present_method(value: &Dyn, name: &str, arguments: &[Dyn]) -> Option<Dyn> {
    match (name, arguments) {
        ("is_none", []) => Some(Dyn::Bool(false)),
        ("is_some", []) => Some(Dyn::Bool(true)),
        ("unwrap", []) | ("expect" | "unwrap_or" | "unwrap_or_else", [_]) => Some(value.clone()),
        _ => None,
    }
}

/// The methods of nil.
#[track_caller]
pub fn nil_method(name: &str, arguments: &[Dyn]) -> Option<Dyn> {
    match (name, arguments) {
        ("is_none", []) => Some(Dyn::Bool(true)),
        ("is_some", []) => Some(Dyn::Bool(false)),
        ("unwrap_or", [other]) => Some(other.clone()),
        ("unwrap_or_else", [other]) => Some(call_dyn(other, &[])),
        _ => None,
    }
}

/// A method that a value does not have, or that takes other arguments.
#[cold]
#[track_caller]
pub fn unknown_method(value: &Dyn, name: &str, arguments: &[Dyn]) -> Dyn {
    let kind = value.kind_name();
    if KNOWN_METHODS.contains(&(kind.as_str(), name)) {
        let shown: Vec<String> = arguments.iter().map(|each| String::from(each.kind_name().as_str())).collect();
        fault("type", format!("`{name}` of {} does not take ({})", kind.as_str(), shown.join(", ")))
    }
    fault("method", format!("{} has no method `{name}`", kind.as_str()))
}

/// A text as an argument.
pub fn text_argument(value: &Dyn) -> Option<&Str> {
    match value {
        Dyn::Text(text) => Some(text),
        _ => None,
    }
}

/// The methods of a text.
#[track_caller]
pub fn text_method(text: &mut Str, name: &str, arguments: &[Dyn]) -> Option<Dyn> {
    match arguments {
        [] => plain_text_method(text, name),
        [Dyn::Text(other)] => paired_text_method(text, name, other),
        [Dyn::Int(number)] => counted_text_method(text, name, *number),
        [Dyn::Int(first), Dyn::Int(second)] if name == "substring" || name == "slice" => {
            Some(Dyn::Text(text_part(text, *first, *second)))
        }
        [Dyn::Text(old), Dyn::Text(new)] if name == "replace" => Some(Dyn::Text(replaced_text(text, old, new))),
        [Dyn::Int(width), Dyn::Text(padding)] => match name {
            "pad_left" => Some(Dyn::Text(padded_left(text, *width, padding))),
            "pad_right" => Some(Dyn::Text(padded_right(text, *width, padding))),
            _ => None,
        },
        [Dyn::List(parts)] if name == "join" => Some(Dyn::Text(text_between_parts(text, parts))),
        [other] if matches!(name, "append" | "concat") => Some(Dyn::Text(joined_text(text, other))),
        [other] if matches!(name, "push" | "push_str") => {
            push_text(text, other);
            Some(Dyn::Nil)
        }
        _ => None,
    }
}

/// The methods of a text without arguments.
#[track_caller]
pub fn plain_text_method(text: &mut Str, name: &str) -> Option<Dyn> {
    let found = match name {
        "len" | "length" => Dyn::Int(text.as_str().len() as i64),
        "count" => Dyn::Int(crate::character_count(text)),
        "to_upper" | "to_uppercase" | "upper" => Dyn::Text(text.upper()),
        "to_lower" | "to_lowercase" | "lower" => Dyn::Text(text.lower()),
        "trim" => Dyn::Text(trimmed(text)),
        "trim_start" => Dyn::Text(trimmed_start(text)),
        "trim_end" => Dyn::Text(trimmed_end(text)),
        "chars" | "to_vec" => characters(text).into_dyn(),
        "bytes" | "as_bytes" => byte_list(text).into_dyn(),
        "lines" => text_lines(text).into_dyn(),
        "split" => split_text(text, " ").into_dyn(),
        "split_whitespace" => split_words(text).into_dyn(),
        "is_empty" => Dyn::Bool(text.as_str().is_empty()),
        "is_numeric" | "is_digit" => Dyn::Bool(is_all_digits(text)),
        "is_alphabetic" => Dyn::Bool(text.isalpha()),
        "is_alphanumeric" => Dyn::Bool(text.isalnum()),
        "is_whitespace" => Dyn::Bool(text.isspace()),
        "is_uppercase" => Dyn::Bool(text.isupper()),
        "is_lowercase" => Dyn::Bool(text.islower()),
        "to_string" | "to_owned" | "as_str" | "clone" => Dyn::Text(text.clone()),
        "parse" => parse_number(text),
        "to_int" | "to_integer" => Dyn::Int(text_to_integer(text)),
        "to_float" => Dyn::Float(text_to_float(text)),
        "reverse" | "rev" => Dyn::Text(reversed_text(text)),
        "first" => character_get(text, 0).into_dyn(),
        "last" => last_character(text).into_dyn(),
        "ord" => Dyn::Int(character_number(text)),
        "pop" => pop_character(text).into_dyn(),
        "clear" => {
            *text = Str::new();
            Dyn::Nil
        }
        _ => return None,
    };
    Some(found)
}

/// The methods of a text with another text.
#[track_caller]
pub fn paired_text_method(text: &mut Str, name: &str, other: &Str) -> Option<Dyn> {
    let found = match name {
        "split" => split_text(text, other).into_dyn(),
        "contains" => Dyn::Bool(text.as_str().contains(other.as_str())),
        "starts_with" => Dyn::Bool(text.as_str().starts_with(other.as_str())),
        "ends_with" => Dyn::Bool(text.as_str().ends_with(other.as_str())),
        "append" | "concat" => Dyn::Text(joined_text(text, other)),
        "find" => text_find(text, other).into_dyn(),
        "index_of" => Dyn::Int(text_index(text, other)),
        "count" => Dyn::Int(text_count(text, other)),
        "cmp" => Dyn::Int(text.as_str().cmp(other.as_str()) as i64),
        "push" | "push_str" => {
            push_text(text, other);
            Dyn::Nil
        }
        _ => return None,
    };
    Some(found)
}

/// The methods of a text with a number.
#[track_caller]
pub fn counted_text_method(text: &mut Str, name: &str, number: i64) -> Option<Dyn> {
    let found = match name {
        "repeat" => Dyn::Text(repeated_text(text, number)),
        "substring" | "slice" => Dyn::Text(text_part(text, number, i64::MAX)),
        "char_at" => Dyn::Text(character_at(text, number)),
        "pad_left" => Dyn::Text(padded_left(text, number, " ")),
        "pad_right" => Dyn::Text(padded_right(text, number, " ")),
        "nth" | "get" => character_get(text, number).into_dyn(),
        "is_digit" => Dyn::Bool(is_all_digits(text)),
        "append" | "concat" => Dyn::Text(joined_text(text, &number)),
        "push" | "push_str" => {
            push_text(text, &number);
            Dyn::Nil
        }
        _ => return None,
    };
    Some(found)
}

/// A value that is there, or nil.
pub fn or_nil(value: Maybe<Dyn>) -> Dyn {
    value.0.unwrap_or(Dyn::Nil)
}

/// The methods of a list.
#[track_caller]
pub fn list_method(items: &mut Array<Dyn>, name: &str, arguments: &[Dyn]) -> Option<Dyn> {
    match arguments {
        [] => plain_list_method(items, name),
        [Dyn::Function(_)] => stepped_list_method(items, name, &arguments[0]),
        [Dyn::Int(number)] if COUNTED.contains(&name) => Some(counted_list_method(items, name, *number)),
        [other] => paired_list_method(items, name, other),
        [first, second] => longer_list_method(items, name, first, second),
        _ => None,
    }
}

/// The methods of a list with a number.
pub const COUNTED: [&str; 11] =
    ["get", "nth", "take", "skip", "step_by", "slice", "chunks", "windows", "repeat", "remove", "truncate"];

/// The methods of a list without arguments.
#[track_caller]
pub fn plain_list_method(items: &mut Array<Dyn>, name: &str) -> Option<Dyn> {
    let found = match name {
        "len" | "length" | "count" => Dyn::Int(items.count()),
        "is_empty" => Dyn::Bool(items.is_empty()),
        "first" | "head" => or_nil(items.first_item()),
        "last" => or_nil(items.last_item()),
        "tail" => Dyn::List(items.tail()),
        "join" => Dyn::Text(items.joined("")),
        "unique" => Dyn::List(items.unique_items()),
        "enumerate" => items.numbered().into_dyn(),
        "flatten" => Dyn::List(flattened_dyn(items)),
        "sum" => dyn_total(items),
        "product" => dyn_product(items),
        "min" => or_nil(items.extreme(Ordering::Less)),
        "max" => or_nil(items.extreme(Ordering::Greater)),
        "sort" | "sorted" => Dyn::List(items.sorted_items()),
        "reverse" | "rev" => Dyn::List(items.reversed()),
        "iter" | "iter_mut" | "into_iter" | "collect" | "copied" | "cloned" | "clone" | "to_vec" | "to_array"
        | "as_slice" => Dyn::List(items.clone()),
        "dedup" => Dyn::List(items.deduplicated()),
        "pop" | "pop_back" => or_nil(items.pop()),
        "pop_front" => or_nil(items.pop_front()),
        "clear" => {
            items.clear_all();
            Dyn::Nil
        }
        _ => return None,
    };
    Some(found)
}

/// Lists and Options inside of a list, taken apart.
pub fn flattened_dyn(items: &Array<Dyn>) -> Array<Dyn> {
    let mut found = Vec::new();
    for item in items.iter() {
        match item {
            Dyn::List(inner) => found.extend(inner.iter().cloned()),
            Dyn::Some(inner) | Dyn::Ok(inner) => found.push((**inner).clone()),
            Dyn::None | Dyn::Err(_) => {}
            other => found.push(other.clone()),
        }
    }
    Array::of(found)
}

/// The methods of a list with a number.
#[track_caller]
pub fn counted_list_method(items: &mut Array<Dyn>, name: &str, number: i64) -> Dyn {
    match name {
        "get" => or_nil(items.get_item(number)),
        "nth" => items.nth_item(number).into_dyn(),
        "take" => Dyn::List(items.take_items(number)),
        "skip" => Dyn::List(items.skip_items(number)),
        "step_by" => Dyn::List(items.every(number)),
        "slice" => Dyn::List(items.part(number, i64::MAX)),
        "chunks" => items.chunked(number).into_dyn(),
        "windows" => items.windowed(number).into_dyn(),
        "repeat" => Dyn::List(items.repeated(number)),
        "remove" => items.remove_at(number),
        _ => {
            items.truncate_to(number);
            Dyn::Nil
        }
    }
}

/// The methods of a list with another value.
#[track_caller]
pub fn paired_list_method(items: &mut Array<Dyn>, name: &str, other: &Dyn) -> Option<Dyn> {
    let found = match (name, other) {
        ("contains", _) => Dyn::Bool(items.has_item(other)),
        ("index_of", _) => Dyn::Int(items.index_of(other)),
        ("position", _) => Some(items.index_of(other)).filter(|place| *place >= 0).into_dyn(),
        ("join", Dyn::Text(separator)) => Dyn::Text(items.joined(separator)),
        ("append", Dyn::List(more)) => Dyn::List(items.joined_with(more)),
        ("append", _) => Dyn::List(items.joined_with(&Array::of(alloc::vec![other.clone()]))),
        ("concat", _) => Dyn::List(items.joined_with(&items_of(other))),
        ("union", Dyn::List(more)) => Dyn::List(items.united(more)),
        ("intersection", Dyn::List(more)) => Dyn::List(items.shared_items(more)),
        ("difference", Dyn::List(more)) => Dyn::List(items.other_items(more)),
        ("zip", _) => items.zipped(&items_of(other)).into_dyn(),
        ("push" | "push_back", _) => {
            items.push(other.clone());
            Dyn::Nil
        }
        ("push_front", _) => {
            items.push_front(other.clone());
            Dyn::Nil
        }
        ("extend", _) => {
            items.extend_with(&items_of(other));
            Dyn::Nil
        }
        _ => return None,
    };
    Some(found)
}

/// The methods of a list with a function.
#[track_caller]
pub fn stepped_list_method(items: &mut Array<Dyn>, name: &str, step: &Dyn) -> Option<Dyn> {
    let items = items.clone();
    let call = |item: Dyn| call_dyn(step, &[item]);
    let test = |item: Dyn| call_dyn(step, &[item]).counts_as_true();
    let found = match name {
        "map" => Dyn::List(items.mapped(call)),
        "flat_map" => Dyn::List(flattened_dyn(&items.mapped(call))),
        "filter" => Dyn::List(items.filtered(test)),
        "filter_map" => {
            let kept = items.mapped(call).filtered(|item| matches!(item, Dyn::Some(_) | Dyn::Ok(_)));
            Dyn::List(flattened_dyn(&kept))
        }
        "any" => Dyn::Bool(items.any_item(test)),
        "all" => Dyn::Bool(items.all_items(test)),
        "find" => or_nil(items.found(test)),
        "position" => items.position_of(test).into_dyn(),
        "count" => Dyn::Int(items.count_of(test)),
        "each" | "for_each" => {
            items.each_item(call);
            Dyn::Nil
        }
        "take_while" => Dyn::List(items.taken_while(test)),
        "skip_while" => Dyn::List(items.skipped_while(test)),
        "partition" => items.parted(test).into_dyn(),
        "group_by" => items.grouped(call).into_dyn(),
        "min_by_key" => or_nil(items.extreme_by(call, Ordering::Less)),
        "max_by_key" => or_nil(items.extreme_by(call, Ordering::Greater)),
        "sort_by_key" => Dyn::List(items.sorted_by(call)),
        "sort_by" => match step {
            Dyn::Function(function) if function.arity() == 1 => Dyn::List(items.sorted_by(call)),
            _ => Dyn::List(items.sorted_with(|one, other| call_dyn(step, &[one, other]))),
        },
        "reduce" | "fold" => or_nil(items.reduced(|found, item| call_dyn(step, &[found, item]))),
        _ => return paired_list_method(&mut items.clone(), name, step),
    };
    Some(found)
}

/// The methods of a list with two values.
#[track_caller]
pub fn longer_list_method(items: &mut Array<Dyn>, name: &str, first: &Dyn, second: &Dyn) -> Option<Dyn> {
    let found = match (name, first, second) {
        ("fold" | "reduce", _, Dyn::Function(_)) => {
            items.clone().folded(first.clone(), |found, item| call_dyn(second, &[found, item]))
        }
        ("fold" | "reduce", Dyn::Function(_), _) => {
            items.clone().folded(second.clone(), |found, item| call_dyn(first, &[found, item]))
        }
        ("slice", Dyn::Int(start), Dyn::Int(stop)) => Dyn::List(items.part(*start, *stop)),
        ("insert", Dyn::Int(place), _) => {
            items.insert_at(*place, second.clone());
            Dyn::Nil
        }
        ("swap", Dyn::Int(one), Dyn::Int(other)) => {
            items.swap_items(*one, *other);
            Dyn::Nil
        }
        _ => return None,
    };
    Some(found)
}

/// The methods of an object.
#[track_caller]
pub fn table_method(table: &mut Table<Dyn, Dyn>, name: &str, arguments: &[Dyn]) -> Option<Dyn> {
    let found = match (name, arguments) {
        ("len" | "length", []) => Dyn::Int(table.count()),
        ("is_empty", []) => Dyn::Bool(table.count() == 0),
        ("keys", []) => Dyn::List(table.keys()),
        ("values", []) => Dyn::List(table.values()),
        ("items" | "entries" | "iter", []) => table.items().into_dyn(),
        ("get", [key]) => or_nil(table.get(key)),
        ("get" | "get_or", [key, other]) => table.get_or(key, other.clone()),
        ("contains_key" | "has_key" | "contains", [key]) => Dyn::Bool(table.has(key)),
        ("merge", [Dyn::Dict(other)]) => Dyn::Dict(table.merged(other)),
        ("insert" | "set", [key, element]) => {
            table.put(key.clone(), element.clone());
            Dyn::Nil
        }
        ("remove", [key]) => or_nil(table.remove_key(key)),
        ("clear", []) => {
            table.clear_all();
            Dyn::Nil
        }
        ("extend", [Dyn::Dict(other)]) => {
            table.extend_with(other);
            Dyn::Nil
        }
        ("to_string" | "clone", []) => return None,
        _ => match table.look(&Dyn::Text(Str::from(name))) {
            Some(function @ Dyn::Function(_)) => call_dyn(&function.clone(), arguments),
            _ => return None,
        },
    };
    Some(found)
}

/// The methods of a set.
#[track_caller]
pub fn set_method(set: &mut Bag<Dyn>, name: &str, arguments: &[Dyn]) -> Option<Dyn> {
    let found = match (name, arguments) {
        ("len", []) => Dyn::Int(set.count()),
        ("is_empty", []) => Dyn::Bool(set.count() == 0),
        ("contains", [element]) => Dyn::Bool(set.has(element)),
        ("iter" | "to_vec", []) => Dyn::List(set.to_array()),
        ("union", [Dyn::Set(other)]) => Dyn::Set(set.united(other)),
        ("intersection", [Dyn::Set(other)]) => Dyn::Set(set.shared_items(other)),
        ("difference", [Dyn::Set(other)]) => Dyn::Set(set.other_items(other)),
        ("insert" | "add", [element]) => Dyn::Bool(set.add(element.clone())),
        ("remove", [element]) => Dyn::Bool(set.discard(element)),
        ("clear", []) => {
            set.clear_all();
            Dyn::Nil
        }
        _ => return None,
    };
    Some(found)
}

/// The methods of an integer.
#[track_caller]
pub fn whole_method(number: i64, name: &str, arguments: &[Dyn]) -> Option<Dyn> {
    let found = match (name, arguments) {
        ("abs", []) => Dyn::Int(magnitude_of(number)),
        ("pow" | "powi", [Dyn::Int(exponent)]) => Dyn::Int(method_power(number, *exponent)),
        ("to_float", []) => Dyn::Float(number as f64),
        ("to_int" | "floor" | "ceil", []) | ("round", [] | [Dyn::Int(_)]) => Dyn::Int(number),
        ("signum", []) => Dyn::Int(number.signum()),
        ("min", [other]) => crate::smaller(Dyn::Int(number), other.clone()),
        ("max", [other]) => crate::larger(Dyn::Int(number), other.clone()),
        ("clamp", [low, high]) => clamped(Dyn::Int(number), low.clone(), high.clone()),
        ("is_even", []) => Dyn::Bool(number % 2 == 0),
        ("is_odd", []) => Dyn::Bool(number % 2 != 0),
        ("rem_euclid", [Dyn::Int(other)]) => Dyn::Int(euclidean(number, *other)),
        ("wrapping_add", [Dyn::Int(other)]) => Dyn::Int(number.wrapping_add(*other)),
        ("wrapping_sub", [Dyn::Int(other)]) => Dyn::Int(number.wrapping_sub(*other)),
        ("wrapping_mul", [Dyn::Int(other)]) => Dyn::Int(number.wrapping_mul(*other)),
        ("count_ones", []) => Dyn::Int(bit_count_of(number)),
        ("cmp", [other]) => compare_number(&Dyn::Int(number), other),
        ("to_char", []) => Dyn::Text(character_of(number)),
        ("sqrt" | "sin" | "cos", []) => return real_method(number as f64, name, arguments),
        _ => return None,
    };
    Some(found)
}

/// The methods of a float.
#[track_caller]
pub fn real_method(number: f64, name: &str, arguments: &[Dyn]) -> Option<Dyn> {
    let found = match (name, arguments) {
        ("round", [Dyn::Int(digits)]) => Dyn::Float(rounded_to(number, *digits)),
        ("log", [base]) => Dyn::Float(log_to(number, f64::from_dyn(base.clone()))),
        ("pow" | "powf" | "powi", [exponent @ (Dyn::Int(_) | Dyn::Float(_))]) => {
            Dyn::Float(platform_power(number, f64::from_dyn(exponent.clone())))
        }
        ("to_int", []) => Dyn::Int(truncated(number)),
        ("to_float", []) => Dyn::Float(number),
        ("to_string", []) => Dyn::Text(float_string(number)),
        ("min", [other]) => crate::smaller(Dyn::Float(number), other.clone()),
        ("max", [other]) => crate::larger(Dyn::Float(number), other.clone()),
        ("clamp", [low, high]) => clamped(Dyn::Float(number), low.clone(), high.clone()),
        ("is_nan", []) => Dyn::Bool(number.is_nan()),
        ("is_infinite", []) => Dyn::Bool(number.is_infinite()),
        ("is_finite", []) => Dyn::Bool(number.is_finite()),
        ("cmp" | "partial_cmp", [other]) => compare_number(&Dyn::Float(number), other),
        (_, []) => Dyn::Float(computed(number, name)?),
        _ => return None,
    };
    Some(found)
}

/// The functions of one float.
#[track_caller]
pub fn computed(number: f64, name: &str) -> Option<f64> {
    let found = match name {
        "sqrt" => crate::float_sqrt_of(number),
        "abs" => magnitude_real(number),
        "round" => rounded_to(number, 0),
        "ln" | "log" => natural_log(number),
        "signum" => sign_of(number),
        _ => return crate::float_function(number, name),
    };
    Some(found)
}

/// A float without its sign.
pub fn magnitude_real(number: f64) -> f64 {
    if number.is_sign_negative() {
        -number
    } else {
        number
    }
}

/// The methods of a range; what it does not have it does as a list.
#[track_caller]
pub fn range_method(range: &Extent, name: &str, arguments: &[Dyn]) -> Option<Dyn> {
    match (name, arguments) {
        ("len", []) => Some(Dyn::Int(range.count())),
        ("contains", [Dyn::Int(number)]) => Some(Dyn::Bool(range.holds(*number))),
        ("is_empty", []) => Some(Dyn::Bool(range.is_empty())),
        ("to_string" | "clone", []) => None,
        _ => list_method(&mut range.to_array().to_dyn_items(), name, arguments),
    }
}

/// The methods of an Option.
#[track_caller]
pub fn option_method(value: &Dyn, name: &str, arguments: &[Dyn]) -> Option<Dyn> {
    let inner = match value {
        Dyn::Some(inner) => Some((**inner).clone()),
        _ => None,
    };
    let found = match (name, arguments) {
        ("unwrap", []) => crate::unwrap_option(inner),
        ("expect", [Dyn::Text(message)]) => crate::expect_option(inner, message),
        ("unwrap_or", [other]) => inner.unwrap_or_else(|| other.clone()),
        ("unwrap_or_else", [other]) => inner.unwrap_or_else(|| call_dyn(other, &[])),
        ("unwrap_or_default", []) => inner.unwrap_or(Dyn::Nil),
        ("is_some", []) => Dyn::Bool(inner.is_some()),
        ("is_none", []) => Dyn::Bool(inner.is_none()),
        ("map", [step]) => inner.map(|inner| call_dyn(step, &[inner])).into_dyn(),
        ("map_or", [other, step]) => inner.map_or_else(|| other.clone(), |inner| call_dyn(step, &[inner])),
        ("and_then", [step]) => inner.map_or(Dyn::None, |inner| call_dyn(step, &[inner])),
        ("or", [other]) => inner.map_or_else(|| other.clone(), |inner| Dyn::Some(Rc::new(inner))),
        ("or_else", [other]) => inner.map_or_else(|| call_dyn(other, &[]), |inner| Dyn::Some(Rc::new(inner))),
        ("filter", [test]) => {
            inner.filter(|inner| call_dyn(test, core::slice::from_ref(inner)).counts_as_true()).into_dyn()
        }
        ("ok_or", [error]) => match inner {
            Some(inner) => Dyn::Ok(Rc::new(inner)),
            None => Dyn::Err(Rc::new(error.clone())),
        },
        _ => return None,
    };
    Some(found)
}

/// The methods of a Result.
#[track_caller]
pub fn result_method(value: &Dyn, name: &str, arguments: &[Dyn]) -> Option<Dyn> {
    let inner: Result<Dyn, Dyn> = match value {
        Dyn::Ok(inner) => Ok((**inner).clone()),
        Dyn::Err(error) => Err((**error).clone()),
        _ => return None,
    };
    let found = match (name, arguments) {
        ("unwrap", []) => crate::unwrap_result(inner),
        ("expect", [Dyn::Text(message)]) => crate::expect_result(inner, message),
        ("unwrap_err", []) => crate::unwrap_error(inner),
        ("unwrap_or", [other]) => inner.unwrap_or_else(|_| other.clone()),
        ("unwrap_or_else", [other @ Dyn::Function(function)]) => {
            let takes = function.arity() > 0;
            inner.unwrap_or_else(|error| if takes { call_dyn(other, &[error]) } else { call_dyn(other, &[]) })
        }
        ("unwrap_or_default", []) => inner.unwrap_or(Dyn::Nil),
        ("is_ok", []) => Dyn::Bool(inner.is_ok()),
        ("is_err", []) => Dyn::Bool(inner.is_err()),
        ("ok", []) => inner.ok().into_dyn(),
        ("err", []) => inner.err().into_dyn(),
        ("map", [step]) => inner.map(|inner| call_dyn(step, &[inner])).into_dyn(),
        ("map_or", [other, step]) => inner.map_or_else(|_| other.clone(), |inner| call_dyn(step, &[inner])),
        ("map_err", [step]) => inner.map_err(|error| call_dyn(step, &[error])).into_dyn(),
        ("and_then", [step]) => match inner {
            Ok(inner) => call_dyn(step, &[inner]),
            Err(_) => value.clone(),
        },
        _ => return None,
    };
    Some(found)
}

/// Methods of which a call with other arguments is told apart from a method that is not there.
pub const KNOWN_METHODS: [(&str, &str); 12] = [
    ("string", "repeat"),
    ("string", "contains"),
    ("string", "split"),
    ("string", "replace"),
    ("string", "char_at"),
    ("array", "get"),
    ("array", "take"),
    ("array", "skip"),
    ("array", "join"),
    ("array", "map"),
    ("array", "filter"),
    ("i64", "pow"),
];
