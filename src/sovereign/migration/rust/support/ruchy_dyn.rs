//! A value whose type is known only while the program runs: `Dyn`, with `Callable`, and the operators on it.

use crate::{
    by_zero, dyn_method, fault, key_spread, negated_whole, no_operator, no_order, overflow, power_of, remainder,
    repeated_text, shown_text, unexpected, write_float, write_quoted_text, write_wrapped, Array, Bag, Datum, Extent,
    Record, Str, Table,
};
use alloc::rc::Rc;
use alloc::string::String;
use alloc::vec::Vec;
use core::cmp::Ordering;

/// A value of any type.
#[derive(Clone)]
pub enum Dyn {
    /// Nil.
    Nil,
    /// `true` or `false`.
    Bool(bool),
    /// An integer.
    Int(i64),
    /// A float.
    Float(f64),
    /// A text.
    Text(Str),
    /// A list.
    List(Array<Dyn>),
    /// A tuple.
    Tuple(Rc<Vec<Dyn>>),
    /// An object.
    Dict(Table<Dyn, Dyn>),
    /// A set.
    Set(Bag<Dyn>),
    /// A range.
    Range(Extent),
    /// `Some(value)`.
    Some(Rc<Dyn>),
    /// `None`.
    None,
    /// `Ok(value)`.
    Ok(Rc<Dyn>),
    /// `Err(error)`.
    Err(Rc<Dyn>),
    /// A struct, class, enum or actor of the program.
    Record(Rc<dyn Record>),
    /// A function.
    Function(Callable),
}

/// What a function of no known type does.
pub type DynBody = Rc<dyn Fn(&[Dyn]) -> Dyn>;

/// A function whose type is not known.
#[derive(Clone)]
pub struct Callable {
    count: usize,
    body: DynBody,
}

impl Callable {
    /// A function of so many parameters.
    pub fn new(count: usize, body: DynBody) -> Callable {
        Callable { count, body }
    }

    /// A value that has to be a function of so many parameters.
    pub fn of(value: Dyn, count: usize) -> Callable {
        match value {
            Dyn::Function(found) if found.count == count => found,
            Dyn::Function(found) => fault(
                "argument",
                alloc::format!("a function of {count} arguments is expected and this takes {}", found.count),
            ),
            other => unexpected("a function", &other.kind_name()),
        }
    }

    /// How many parameters it has.
    pub fn arity(&self) -> usize {
        self.count
    }

    /// Call it.
    #[track_caller]
    pub fn call(&self, values: &[Dyn]) -> Dyn {
        if values.len() != self.count {
            fault("argument", alloc::format!("a function expects {} arguments and gets {}", self.count, values.len()));
        }
        (self.body)(values)
    }
}

/// Call a value that should be a function.
#[track_caller]
pub fn call_dyn(function: &Dyn, values: &[Dyn]) -> Dyn {
    match function {
        Dyn::Function(callable) => callable.call(values),
        other => fault("type", alloc::format!("{} cannot be called", other.kind_name().as_str())),
    }
}

impl Datum for Dyn {
    fn kind_name(&self) -> Str {
        match self {
            Dyn::Nil => Str::literal("nil"),
            Dyn::Bool(_) => Str::literal("bool"),
            Dyn::Int(_) => Str::literal("i64"),
            Dyn::Float(_) => Str::literal("f64"),
            Dyn::Text(_) => Str::literal("string"),
            Dyn::List(_) => Str::literal("array"),
            Dyn::Tuple(_) => Str::literal("tuple"),
            Dyn::Dict(_) => Str::literal("object"),
            Dyn::Set(_) => Str::literal("set"),
            Dyn::Range(_) => Str::literal("range"),
            Dyn::Some(_) | Dyn::None => Str::literal("Option"),
            Dyn::Ok(_) | Dyn::Err(_) => Str::literal("Result"),
            Dyn::Record(record) => record.record_name(),
            Dyn::Function(_) => Str::literal("function"),
        }
    }
    fn write_debug(&self, out: &mut String, is_loose: bool) {
        match self {
            Dyn::Nil => out.push_str("nil"),
            Dyn::Bool(value) => value.write_debug(out, is_loose),
            Dyn::Int(value) => value.write_debug(out, is_loose),
            Dyn::Float(value) => write_float(*value, out),
            Dyn::Text(value) if is_loose => out.push_str(value),
            Dyn::Text(value) => write_quoted_text(value, out),
            Dyn::List(value) => value.write_debug(out, is_loose),
            Dyn::Tuple(parts) => {
                out.push('(');
                for (place, part) in parts.iter().enumerate() {
                    if place > 0 {
                        out.push_str(", ");
                    }
                    part.write_debug(out, is_loose);
                }
                out.push(')');
            }
            Dyn::Dict(value) => value.write_debug(out, is_loose),
            Dyn::Set(value) => value.write_debug(out, is_loose),
            Dyn::Range(value) => value.write_debug(out, is_loose),
            Dyn::Some(value) => write_wrapped("Some", &**value, out),
            Dyn::None => out.push_str("None"),
            Dyn::Ok(value) => write_wrapped("Ok", &**value, out),
            Dyn::Err(value) => write_wrapped("Err", &**value, out),
            Dyn::Record(record) => record.write_record(out),
            Dyn::Function(_) => out.push_str("<function>"),
        }
    }
    fn write_shown(&self, out: &mut String) {
        match self {
            Dyn::Text(value) => out.push_str(value),
            other => other.write_debug(out, false),
        }
    }
    fn same(&self, other: &Self) -> bool {
        match (self, other) {
            (Dyn::Nil, Dyn::Nil) | (Dyn::None, Dyn::None) => true,
            (Dyn::Bool(one), Dyn::Bool(other)) => one == other,
            (Dyn::Int(one), Dyn::Int(other)) => one == other,
            (Dyn::Float(one), Dyn::Float(other)) => one == other,
            (Dyn::Int(one), Dyn::Float(other)) | (Dyn::Float(other), Dyn::Int(one)) => {
                compare_mixed(*one, *other) == Some(Ordering::Equal)
            }
            (Dyn::Text(one), Dyn::Text(other)) => one.same(other),
            (Dyn::List(one), Dyn::List(other)) => one.same(other),
            (Dyn::Tuple(one), Dyn::Tuple(other)) => {
                one.len() == other.len() && one.iter().zip(other.iter()).all(|(one, other)| one.same(other))
            }
            (Dyn::Dict(one), Dyn::Dict(other)) => one.same(other),
            (Dyn::Set(one), Dyn::Set(other)) => one.same(other),
            (Dyn::Range(one), Dyn::Range(other)) => one.same(other),
            (Dyn::Some(one), Dyn::Some(other)) | (Dyn::Ok(one), Dyn::Ok(other)) | (Dyn::Err(one), Dyn::Err(other)) => {
                one.same(other)
            }
            (Dyn::Record(one), Dyn::Record(other)) => one.same_record(&**other),
            (Dyn::Function(one), Dyn::Function(other)) => Rc::ptr_eq(&one.body, &other.body),
            _ => false,
        }
    }
    #[track_caller]
    fn order(&self, other: &Self, operator: &str) -> Option<Ordering> {
        match (self, other) {
            (Dyn::Int(one), Dyn::Int(other)) => Some(one.cmp(other)),
            (Dyn::Float(one), Dyn::Float(other)) => one.partial_cmp(other),
            (Dyn::Int(one), Dyn::Float(other)) => compare_mixed(*one, *other),
            (Dyn::Float(one), Dyn::Int(other)) => compare_mixed(*other, *one).map(Ordering::reverse),
            (Dyn::Text(one), Dyn::Text(other)) => one.order(other, operator),
            (Dyn::Bool(one), Dyn::Bool(other)) => Some(one.cmp(other)),
            (Dyn::List(one), Dyn::List(other)) => one.order(other, operator),
            (Dyn::Tuple(one), Dyn::Tuple(other)) => order_items(one, other, operator),
            (Dyn::None, Dyn::None) => Some(Ordering::Equal),
            (Dyn::None, Dyn::Some(_)) | (Dyn::Ok(_), Dyn::Err(_)) => Some(Ordering::Less),
            (Dyn::Some(_), Dyn::None) | (Dyn::Err(_), Dyn::Ok(_)) => Some(Ordering::Greater),
            (Dyn::Some(one), Dyn::Some(other)) | (Dyn::Ok(one), Dyn::Ok(other)) | (Dyn::Err(one), Dyn::Err(other)) => {
                one.order(other, operator)
            }
            (Dyn::Record(one), Dyn::Record(second)) => match one.order_record(&**second, operator) {
                Some(found) => found,
                None => no_order(operator, self, other),
            },
            _ => no_order(operator, self, other),
        }
    }
    fn into_dyn(self) -> Dyn {
        self
    }
    #[track_caller]
    fn from_dyn(value: Dyn) -> Self {
        value
    }
    fn counts_as_true(&self) -> bool {
        !matches!(self, Dyn::Nil | Dyn::Bool(false))
    }
    #[track_caller]
    fn key_hash(&self) -> u64 {
        match self {
            Dyn::Nil => 1,
            Dyn::Bool(value) => value.key_hash(),
            Dyn::Int(value) => value.key_hash(),
            Dyn::Float(value) => value.key_hash(),
            Dyn::Text(value) => value.key_hash(),
            Dyn::Tuple(parts) => parts.iter().fold(parts.len() as u64, |hash, part| key_spread(hash ^ part.key_hash())),
            Dyn::None => 2,
            _ => fault("type", "a list or an object cannot be a key"),
        }
    }
    fn same_key(&self, other: &Self) -> bool {
        match (self, other) {
            (Dyn::Bool(one), other) if !matches!(other, Dyn::Bool(_)) => Dyn::Int(i64::from(*one)).same(other),
            (one, Dyn::Bool(other)) if !matches!(one, Dyn::Bool(_)) => Dyn::Int(i64::from(*other)).same(one),
            (one, other) => one.same(other),
        }
    }
    fn is_nil(&self) -> bool {
        matches!(self, Dyn::Nil)
    }
}

/// The order of two lists of values.
#[track_caller]
pub fn order_items<T: Datum>(one: &[T], other: &[T], operator: &str) -> Option<Ordering> {
    for (left, right) in one.iter().zip(other) {
        match left.order(right, operator) {
            Some(Ordering::Equal) => {}
            found => return found,
        }
    }
    Some(one.len().cmp(&other.len()))
}

/// The exact order of an integer and a float.
pub fn compare_mixed(one: i64, other: f64) -> Option<Ordering> {
    if other.is_nan() {
        return None;
    }
    if other >= 9_223_372_036_854_775_808.0 {
        return Some(Ordering::Less);
    }
    if other < -9_223_372_036_854_775_808.0 {
        return Some(Ordering::Greater);
    }
    let whole = other as i64;
    Some(one.cmp(&whole).then_with(|| 0.0f64.partial_cmp(&(other - whole as f64)).unwrap_or(Ordering::Equal)))
}

/// `a < b` and its like for operands of one type.
#[track_caller]
pub fn is_ordered<T: Datum>(one: &T, other: &T, operator: &str) -> bool {
    let found = one.order(other, operator);
    match operator {
        "<" => found == Some(Ordering::Less),
        "<=" => matches!(found, Some(Ordering::Less | Ordering::Equal)),
        ">" => found == Some(Ordering::Greater),
        _ => matches!(found, Some(Ordering::Greater | Ordering::Equal)),
    }
}

/// Both operands as floats, if they are numbers and one of them is a float.
pub fn both_floats(one: &Dyn, other: &Dyn) -> Option<(f64, f64)> {
    match (one, other) {
        (Dyn::Float(one), Dyn::Float(other)) => Some((*one, *other)),
        (Dyn::Int(one), Dyn::Float(other)) => Some((*one as f64, *other)),
        (Dyn::Float(one), Dyn::Int(other)) => Some((*one, *other as f64)),
        _ => None,
    }
}

/// An operator that its operands do not have.
#[cold]
#[track_caller]
pub fn no_dyn_operator(operator: &str, one: &Dyn, other: &Dyn) -> ! {
    no_operator(operator, &one.kind_name(), &other.kind_name())
}

/// Any infix operator with two values of no known type.
#[track_caller]
pub fn operate(operator: &str, one: Dyn, other: Dyn) -> Dyn {
    match operator {
        "+" => dyn_plus(one, other),
        "-" => match (&one, &other) {
            (Dyn::Int(one), Dyn::Int(other)) => Dyn::Int(match one.checked_sub(*other) {
                Some(found) => found,
                None => overflow("-"),
            }),
            _ => float_operate(operator, &one, &other, |one, other| one - other),
        },
        "*" => dyn_times(one, other),
        "/" => match (&one, &other) {
            (Dyn::Int(_), Dyn::Int(0)) => by_zero(),
            (Dyn::Int(one), Dyn::Int(other)) => Dyn::Int(match one.checked_div(*other) {
                Some(found) => found,
                None => overflow("/"),
            }),
            _ => float_operate(operator, &one, &other, |one, other| one / other),
        },
        "%" => match (&one, &other) {
            (Dyn::Int(one), Dyn::Int(other)) => Dyn::Int(remainder(*one, *other)),
            _ => float_operate(operator, &one, &other, |one, other| one % other),
        },
        "**" => power_of(&one, &other),
        "==" => Dyn::Bool(one.same(&other)),
        "!=" => Dyn::Bool(!one.same(&other)),
        "<" | "<=" | ">" | ">=" => Dyn::Bool(is_ordered(&one, &other, operator)),
        _ => dyn_bits(operator, &one, &other),
    }
}

/// An operator that only numbers have.
#[track_caller]
pub fn float_operate(operator: &str, one: &Dyn, other: &Dyn, compute: impl Fn(f64, f64) -> f64) -> Dyn {
    match both_floats(one, other) {
        Some((one, other)) => Dyn::Float(compute(one, other)),
        None => no_dyn_operator(operator, one, other),
    }
}

/// `+`: numbers are added, texts joined with texts and numbers, lists put one behind the other.
#[track_caller]
pub fn dyn_plus(one: Dyn, other: Dyn) -> Dyn {
    match (&one, &other) {
        (Dyn::Int(one), Dyn::Int(other)) => Dyn::Int(match one.checked_add(*other) {
            Some(found) => found,
            None => overflow("+"),
        }),
        (Dyn::Text(first), Dyn::Text(_) | Dyn::Int(_) | Dyn::Float(_)) => {
            let mut text = String::from(first.as_str());
            other.write_shown(&mut text);
            Dyn::Text(Str::from(text))
        }
        (Dyn::Int(_) | Dyn::Float(_), Dyn::Text(second)) => {
            let mut text = String::new();
            one.write_shown(&mut text);
            text.push_str(second);
            Dyn::Text(Str::from(text))
        }
        (Dyn::List(first), Dyn::List(second)) => Dyn::List(first.joined_with(second)),
        _ => float_operate("+", &one, &other, |one, other| one + other),
    }
}

/// `*`: numbers, or a text or list and how often it is repeated.
#[track_caller]
pub fn dyn_times(one: Dyn, other: Dyn) -> Dyn {
    match (&one, &other) {
        (Dyn::Int(one), Dyn::Int(other)) => Dyn::Int(match one.checked_mul(*other) {
            Some(found) => found,
            None => overflow("*"),
        }),
        (Dyn::Text(text), Dyn::Int(count)) | (Dyn::Int(count), Dyn::Text(text)) => {
            Dyn::Text(repeated_text(text, *count))
        }
        (Dyn::List(items), Dyn::Int(count)) => Dyn::List(items.repeated(*count)),
        _ => float_operate("*", &one, &other, |one, other| one * other),
    }
}

/// The operators on bits.
#[track_caller]
pub fn dyn_bits(operator: &str, one: &Dyn, other: &Dyn) -> Dyn {
    match (operator, one, other) {
        ("&", Dyn::Int(one), Dyn::Int(other)) => Dyn::Int(one & other),
        ("|", Dyn::Int(one), Dyn::Int(other)) => Dyn::Int(one | other),
        ("^", Dyn::Int(one), Dyn::Int(other)) => Dyn::Int(one ^ other),
        ("&", Dyn::Bool(one), Dyn::Bool(other)) => Dyn::Bool(one & other),
        ("|", Dyn::Bool(one), Dyn::Bool(other)) => Dyn::Bool(one | other),
        ("^", Dyn::Bool(one), Dyn::Bool(other)) => Dyn::Bool(one ^ other),
        ("<<", Dyn::Int(one), Dyn::Int(other)) => Dyn::Int(crate::shifted_left(*one, *other)),
        (">>", Dyn::Int(one), Dyn::Int(other)) => Dyn::Int(crate::shifted_right(*one, *other)),
        _ => no_dyn_operator(operator, one, other),
    }
}

/// `-value`.
#[track_caller]
pub fn negate_dyn(value: &Dyn) -> Dyn {
    match value {
        Dyn::Int(value) => Dyn::Int(negated_whole(*value)),
        Dyn::Float(value) => Dyn::Float(-value),
        other => fault("type", alloc::format!("`-` does not work on {}", other.kind_name().as_str())),
    }
}

/// `~value`.
#[track_caller]
pub fn invert_dyn(value: &Dyn) -> Dyn {
    match value {
        Dyn::Int(value) => Dyn::Int(!value),
        other => fault("type", alloc::format!("`~` does not work on {}", other.kind_name().as_str())),
    }
}

/// What a loop goes through.
#[track_caller]
pub fn items_of(value: &Dyn) -> Array<Dyn> {
    match value {
        Dyn::List(items) => items.clone(),
        Dyn::Tuple(parts) => Array::of(parts.to_vec()),
        Dyn::Text(text) => crate::characters(text).to_dyn_items(),
        Dyn::Range(range) => range.to_array().to_dyn_items(),
        Dyn::Dict(table) => Array::of(
            table.pairs().map(|(key, value)| Dyn::Tuple(Rc::new(alloc::vec![key.clone(), value.clone()]))).collect(),
        ),
        Dyn::Set(set) => set.to_array(),
        Dyn::None => Array::new(),
        Dyn::Some(value) => Array::of(alloc::vec![(**value).clone()]),
        Dyn::Record(record) if record.has_items() => record.items().unwrap_or_default(),
        other => fault("type", alloc::format!("a loop cannot go through {}", other.kind_name().as_str())),
    }
}

/// `value.name`.
#[track_caller]
pub fn field_of(value: &Dyn, name: &str) -> Dyn {
    match value {
        Dyn::Dict(table) => table.get(&Dyn::Text(Str::from(name))).0.unwrap_or(Dyn::Nil),
        Dyn::Tuple(parts) => match name.parse::<usize>() {
            Ok(place) if place < parts.len() => parts[place].clone(),
            _ => no_field(value, name),
        },
        Dyn::Some(inner) | Dyn::Ok(inner) | Dyn::Err(inner) if name == "0" => (**inner).clone(),
        Dyn::Record(record) => match record.field(name) {
            Some(found) => found,
            None => no_field(value, name),
        },
        _ => no_field(value, name),
    }
}

/// A field that a value does not have.
#[cold]
#[track_caller]
pub fn no_field(value: &Dyn, name: &str) -> ! {
    fault("field", alloc::format!("{} has no field `{name}`", value.kind_name().as_str()))
}

/// `value.name = element`.
#[track_caller]
pub fn set_field_of(value: &mut Dyn, name: &str, element: Dyn) {
    let is_known = match value {
        Dyn::Dict(table) => {
            table.put(Dyn::Text(Str::from(name)), element);
            true
        }
        Dyn::Record(record) => own_record(record).set_field(name, element),
        _ => false,
    };
    if !is_known {
        no_field(value, name)
    }
}

/// A record that nobody else holds.
#[track_caller]
pub fn own_record(record: &mut Rc<dyn Record>) -> &mut dyn Record {
    if Rc::get_mut(record).is_none() {
        *record = record.copied_record();
    }
    match Rc::get_mut(record) {
        Some(found) => found,
        None => fault("type", "a value is held twice"),
    }
}

/// `value[index]`.
#[track_caller]
pub fn subscript(value: &Dyn, index: &Dyn) -> Dyn {
    match (value, index) {
        (Dyn::Dict(table), key) => table.entry_of(key),
        (Dyn::List(items), Dyn::Int(index)) => items.at(*index),
        (Dyn::List(items), Dyn::Range(range)) => {
            Dyn::List(items.sliced(Some(range.start), Some(range.stop), range.is_inclusive))
        }
        (Dyn::Text(text), Dyn::Range(range)) => {
            Dyn::Text(crate::sliced_text(text, Some(range.start), Some(range.stop), range.is_inclusive))
        }
        (Dyn::Tuple(parts), Dyn::Int(index)) => Array::of(parts.to_vec()).at(*index),
        (Dyn::Text(text), Dyn::Int(index)) => Dyn::Text(crate::character_at(text, *index)),
        (Dyn::Record(record), name) if record.has_items() => field_of(value, shown_text(name).as_str()),
        (value, index) => fault(
            "type",
            alloc::format!("{} has no element {}", value.kind_name().as_str(), index.kind_name().as_str()),
        ),
    }
}

/// `value[index] = element`.
#[track_caller]
pub fn set_subscript(value: &mut Dyn, index: &Dyn, element: Dyn) {
    match (&mut *value, index) {
        (Dyn::Dict(table), key) => table.put(key.clone(), element),
        (Dyn::List(items), Dyn::Int(index)) => *items.at_mut(*index) = element,
        (Dyn::Record(_), Dyn::Text(name)) => set_field_of(value, name, element),
        _ => fault("type", alloc::format!("an element of {} cannot be assigned", value.kind_name().as_str())),
    }
}

/// `value[start..stop]`; nil where an end is open.
#[track_caller]
pub fn sliced_dyn(value: &Dyn, start: Option<i64>, stop: Option<i64>, is_inclusive: bool) -> Dyn {
    match value {
        Dyn::List(items) => Dyn::List(items.sliced(start, stop, is_inclusive)),
        Dyn::Text(text) => Dyn::Text(crate::sliced_text(text, start, stop, is_inclusive)),
        other => fault("type", alloc::format!("{} cannot be sliced", other.kind_name().as_str())),
    }
}

/// `part in whole`.
#[track_caller]
pub fn is_contained(part: &Dyn, whole: &Dyn) -> bool {
    match (part, whole) {
        (Dyn::Text(part), Dyn::Text(whole)) => whole.as_str().contains(part.as_str()),
        (_, Dyn::Text(_)) => false,
        (key, Dyn::Dict(table)) => table.has(key),
        (key, Dyn::Set(set)) => set.has(key),
        (Dyn::Int(number), Dyn::Range(range)) => range.holds(*number),
        (_, Dyn::Range(_)) => false,
        (part, whole) => items_of(whole).has_item(part),
    }
}

/// Whether `?` goes on with a value, and what with.
pub fn good_part(value: Dyn) -> Result<Dyn, Dyn> {
    match value {
        Dyn::Err(_) | Dyn::None | Dyn::Nil => Err(value),
        Dyn::Some(inner) | Dyn::Ok(inner) => Ok((*inner).clone()),
        other => Ok(other),
    }
}

/// A number of no known type.
#[track_caller]
pub fn require_number(value: &Dyn, name: &str) {
    if !matches!(value, Dyn::Int(_) | Dyn::Float(_)) {
        fault("type", alloc::format!("`{name}` needs a number and gets {}", value.kind_name().as_str()));
    }
}

/// `value.name(arguments)` of a value that may change by it.
#[track_caller]
pub fn call_on(value: &mut Dyn, name: &str, arguments: &[Dyn]) -> Dyn {
    if let Dyn::Record(record) = value {
        let found = if record.is_shared_record() {
            record.invoke_shared(name, arguments)
        } else {
            own_record(record).invoke(name, arguments)
        };
        if let Some(found) = found {
            return found;
        }
        if let Some(Dyn::Function(callable)) = record.field(name) {
            return callable.call(arguments);
        }
    }
    dyn_method(value, name, arguments)
}

/// `value.name(arguments)` of a value that stays as it is.
#[track_caller]
pub fn call_of(value: &Dyn, name: &str, arguments: &[Dyn]) -> Dyn {
    let mut value = value.clone();
    call_on(&mut value, name, arguments)
}

/// The text of `type_of`.
pub fn type_text<T: Datum>(value: &T) -> Str {
    value.kind_name()
}

/// `str(value)` of a number where it is joined to a text.
pub fn joined_text<A: Datum, B: Datum>(first: &A, second: &B) -> Str {
    let mut text = String::new();
    first.write_shown(&mut text);
    second.write_shown(&mut text);
    Str::from(text)
}

/// What does not fit a pattern that has to.
#[cold]
#[track_caller]
pub fn no_fit<T: Datum>(value: &T) -> ! {
    fault("match", alloc::format!("the pattern does not fit {}", crate::debug_text(value).as_str()))
}

/// What no arm of a `match` fits.
#[cold]
#[track_caller]
pub fn no_arm<T: Datum>(value: &T) -> ! {
    fault("match", alloc::format!("no arm fits {}", crate::debug_text(value).as_str()))
}

/// `?` at the top of a program on something that is no value.
#[cold]
#[track_caller]
pub fn failed_top<T: Datum>(value: &T) -> ! {
    fault("unwrap", alloc::format!("`?` at the top of the program on {}", crate::debug_text(value).as_str()))
}

/// A contract that does not hold.
#[cold]
#[track_caller]
pub fn broken_contract(text: &str) -> ! {
    fault("contract", alloc::format!("{text}, which does not hold"))
}

/// The text of an error, for `Err(text)`.
pub fn text_of_dyn(value: &Dyn) -> Str {
    shown_text(value)
}
