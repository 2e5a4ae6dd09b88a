//! `json`: the value that reading gives, `Json`, which does what Python's value of the same text does.
//!
//! `Json` is `Null`, `Bool`, `Int`, `Float`, `Text`, `List(List<Json>)` or `Dict(Dict<Str, Json>)`; `Json::from` takes `i64 Int
//! f64 bool () Str &str List<Json> Dict<Str, Json> Option<T>`. What may fail raises what Python raises:
//! `item(&Json) get_item(&str) item_at(i64) -> Result<Json, Exc>`, `set_item(&Json, Json) -> Result<(), Exc>`,
//! `del_item(&Json)`, `len() -> Result<i64, Exc>`, `iter() -> Result<Iter<Json>, Exc>`, `contains(&Json) -> Result<bool, Exc>`,
//! `as_dict(attribute: &str) -> Result<Dict<Str, Json>, Exc>`, `as_list`, `as_text` (for methods: AttributeError elsewhere),
//! `int() -> Result<Int, Exc>`, `float() -> Result<f64, Exc>` (the builtins), `less(&Json) -> Result<bool, Exc>`
//! (`<`; `less_equal greater greater_equal` too), `add sub mul true_div floor_div modulo(&Json) -> Result<Json, Exc>`, `neg()`.

use crate::{
    float_floor_div, float_modulo, float_true_div, int_compare_float, int_floor_div, int_modulo, int_of_float,
    int_true_div, parse_float, parse_int, repr_of, Dict, Exc, Int, Iter, List, Object, Ordered, Str, ATTRIBUTE_ERROR,
    TYPE_ERROR,
};
use alloc::format;
use alloc::string::String;
use core::cmp::Ordering;

/// A value read from JSON.
#[derive(Clone)]
pub enum Json {
    /// `None`.
    Null,
    /// A `bool`.
    Bool(bool),
    /// An `int`.
    Int(Int),
    /// A `float`.
    Float(f64),
    /// A `str`.
    Text(Str),
    /// A `list`.
    List(List<Json>),
    /// A `dict`.
    Dict(Dict<Str, Json>),
}

/// `Json::from` of one type.
macro_rules! json_from {
    ($type:ty, $value:ident => $made:expr) => {
        impl From<$type> for Json {
            fn from($value: $type) -> Json {
                $made
            }
        }
    };
}

json_from!((), _nothing => Json::Null);
json_from!(bool, value => Json::Bool(value));
json_from!(i64, value => Json::Int(Int::Small(value)));
json_from!(Int, value => Json::Int(value));
json_from!(f64, value => Json::Float(value));
json_from!(Str, value => Json::Text(value));
json_from!(&str, value => Json::Text(Str::from(value)));
json_from!(List<Json>, value => Json::List(value));
json_from!(Dict<Str, Json>, value => Json::Dict(value));

impl<T> From<Option<T>> for Json
where
    Json: From<T>,
{
    fn from(value: Option<T>) -> Json {
        value.map_or(Json::Null, Json::from)
    }
}

/// `TypeError`.
#[cold]
pub fn json_type_error(text: String) -> Exc {
    Exc::new(&TYPE_ERROR, text)
}

impl Json {
    /// The value as a number: a bool counts as 0 or 1.
    pub fn number(&self) -> Option<Json> {
        match self {
            Json::Bool(value) => Some(Json::Int(Int::from(*value))),
            Json::Int(_) | Json::Float(_) => Some(self.clone()),
            _ => None,
        }
    }

    /// How two values stand to each other; where Python has no order, the names of the types that have none.
    pub fn order(&self, other: &Json) -> Result<Option<Ordering>, (&'static str, &'static str)> {
        if let (Some(a), Some(b)) = (self.number(), other.number()) {
            return Ok(match (a, b) {
                (Json::Int(a), Json::Int(b)) => Some(a.cmp(&b)),
                (Json::Float(a), Json::Float(b)) => a.partial_cmp(&b),
                (Json::Int(a), Json::Float(b)) => int_compare_float(&a, b),
                (Json::Float(a), Json::Int(b)) => int_compare_float(&b, a).map(Ordering::reverse),
                _ => None,
            });
        }
        match (self, other) {
            (Json::Text(a), Json::Text(b)) => Ok(Some(a.cmp(b))),
            (Json::List(a), Json::List(b)) => {
                let (a, b) = (a.to_vec(), b.to_vec());
                let differs = a.iter().zip(&b).find(|(a, b)| !a.equals(b));
                differs.map_or(Ok(Some(a.len().cmp(&b.len()))), |(a, b)| a.order(b))
            }
            _ => Err((self.type_name(), other.type_name())),
        }
    }

    /// An order that must exist.
    pub fn ordered(&self, other: &Json, sign: &str) -> Result<Option<Ordering>, Exc> {
        self.order(other)
            .map_err(|(a, b)| json_type_error(format!("'{sign}' not supported between instances of '{a}' and '{b}'")))
    }

    /// `self < other`.
    pub fn less(&self, other: &Json) -> Result<bool, Exc> {
        Ok(self.ordered(other, "<")? == Some(Ordering::Less))
    }

    /// `self <= other`.
    pub fn less_equal(&self, other: &Json) -> Result<bool, Exc> {
        Ok(matches!(self.ordered(other, "<=")?, Some(Ordering::Less | Ordering::Equal)))
    }

    /// `self > other`.
    pub fn greater(&self, other: &Json) -> Result<bool, Exc> {
        Ok(self.ordered(other, ">")? == Some(Ordering::Greater))
    }

    /// `self >= other`.
    pub fn greater_equal(&self, other: &Json) -> Result<bool, Exc> {
        Ok(matches!(self.ordered(other, ">=")?, Some(Ordering::Greater | Ordering::Equal)))
    }
}

impl Object for Json {
    fn write_repr(&self, out: &mut String) {
        match self {
            Json::Null => out.push_str("None"),
            Json::Bool(value) => value.write_repr(out),
            Json::Int(value) => value.write_repr(out),
            Json::Float(value) => value.write_repr(out),
            Json::Text(value) => value.write_repr(out),
            Json::List(value) => value.write_repr(out),
            Json::Dict(value) => value.write_repr(out),
        }
    }
    fn write_str(&self, out: &mut String) {
        match self {
            Json::Text(value) => out.push_str(value),
            _ => self.write_repr(out),
        }
    }
    fn equals(&self, other: &Self) -> bool {
        match (self, other) {
            (Json::Null, Json::Null) => true,
            (Json::Text(a), Json::Text(b)) => a == b,
            (Json::List(a), Json::List(b)) => a.equals(b),
            (Json::Dict(a), Json::Dict(b)) => a.equals(b),
            _ => {
                let numbers = self.number().is_some() && other.number().is_some();
                numbers && self.order(other) == Ok(Some(Ordering::Equal))
            }
        }
    }
    fn hash(&self) -> u64 {
        match self {
            Json::Null => ().hash(),
            Json::Bool(value) => value.hash(),
            Json::Int(value) => value.hash(),
            Json::Float(value) => value.hash(),
            Json::Text(value) => value.hash(),
            // Python refuses to hash these; the translator does before this is called.
            Json::List(_) | Json::Dict(_) => 0,
        }
    }
    fn truth(&self) -> bool {
        match self {
            Json::Null => false,
            Json::Bool(value) => *value,
            Json::Int(value) => value.truth(),
            Json::Float(value) => value.truth(),
            Json::Text(value) => !value.is_empty(),
            Json::List(value) => !value.is_empty(),
            Json::Dict(value) => !value.is_empty(),
        }
    }
    fn type_name(&self) -> &'static str {
        match self {
            Json::Null => "NoneType",
            Json::Bool(_) => "bool",
            Json::Int(_) => "int",
            Json::Float(_) => "float",
            Json::Text(_) => "str",
            Json::List(_) => "list",
            Json::Dict(_) => "dict",
        }
    }
}

impl Ordered for Json {
    fn compare(&self, other: &Self) -> Option<Ordering> {
        self.order(other).ok().flatten()
    }
}

impl Json {
    /// `self[key]`.
    pub fn item(&self, key: &Json) -> Result<Json, Exc> {
        let place = key.number();
        match (self, key, place) {
            (Json::Dict(items), Json::Text(name), _) => items.get_item(name),
            (Json::Dict(_), Json::List(_) | Json::Dict(_), _) => {
                Err(json_type_error(format!("unhashable type: '{}'", key.type_name())))
            }
            (Json::Dict(_), _, _) => Err(Exc::missing_key(key)),
            (Json::List(items), _, Some(Json::Int(place))) => items.item(place.index()?),
            (Json::Text(text), _, Some(Json::Int(place))) => text.item(place.index()?).map(Json::Text),
            (Json::List(_), _, _) => {
                let name = key.type_name();
                Err(json_type_error(format!("list indices must be integers or slices, not {name}")))
            }
            (Json::Text(_), _, _) => {
                Err(json_type_error(format!("string indices must be integers, not '{}'", key.type_name())))
            }
            _ => Err(json_type_error(format!("'{}' object is not subscriptable", self.type_name()))),
        }
    }

    /// `self["name"]`.
    pub fn get_item(&self, name: &str) -> Result<Json, Exc> {
        self.item(&Json::from(name))
    }

    /// `self[index]`.
    pub fn item_at(&self, index: i64) -> Result<Json, Exc> {
        self.item(&Json::from(index))
    }

    /// `self[key] = value`. A key that is no text is refused, which Python would take.
    pub fn set_item(&self, key: &Json, value: Json) -> Result<(), Exc> {
        match (self, key, key.number()) {
            (Json::Dict(items), Json::Text(name), _) => {
                items.set_item(name.clone(), value);
                Ok(())
            }
            (Json::Dict(_), Json::List(_) | Json::Dict(_), _) => {
                Err(json_type_error(format!("unhashable type: '{}'", key.type_name())))
            }
            (Json::Dict(_), _, _) => {
                Err(json_type_error(format!("a dict read from JSON takes no key {} here", repr_of(key))))
            }
            (Json::List(items), _, Some(Json::Int(place))) => items.set_item(place.index()?, value),
            (Json::List(_), _, _) => {
                let name = key.type_name();
                Err(json_type_error(format!("list indices must be integers or slices, not {name}")))
            }
            _ => Err(json_type_error(format!("'{}' object does not support item assignment", self.type_name()))),
        }
    }

    /// `del self[key]`.
    pub fn del_item(&self, key: &Json) -> Result<(), Exc> {
        match (self, key, key.number()) {
            (Json::Dict(items), Json::Text(name), _) => items.del_item(name),
            (Json::Dict(_), Json::List(_) | Json::Dict(_), _) => {
                Err(json_type_error(format!("unhashable type: '{}'", key.type_name())))
            }
            (Json::Dict(_), _, _) => Err(Exc::missing_key(key)),
            (Json::List(items), _, Some(Json::Int(place))) => items.del_item(place.index()?),
            (Json::List(_), _, _) => {
                let name = key.type_name();
                Err(json_type_error(format!("list indices must be integers or slices, not {name}")))
            }
            _ => Err(json_type_error(format!("'{}' object doesn't support item deletion", self.type_name()))),
        }
    }

    /// `len(self)`.
    #[allow(clippy::len_without_is_empty, reason = "it is Python's, which not every value has")]
    pub fn len(&self) -> Result<i64, Exc> {
        match self {
            Json::Text(text) => Ok(text.len()),
            Json::List(items) => Ok(items.len()),
            Json::Dict(items) => Ok(items.len()),
            _ => Err(json_type_error(format!("object of type '{}' has no len()", self.type_name()))),
        }
    }

    /// `iter(self)`.
    pub fn iter(&self) -> Result<Iter<Json>, Exc> {
        match self {
            Json::Text(text) => Ok(Iter::infallible(text.iter().map(Json::Text))),
            Json::List(items) => Ok(Iter::infallible(items.iter())),
            Json::Dict(items) => Ok(Iter::infallible(items.keys().map(Json::Text))),
            _ => Err(json_type_error(format!("'{}' object is not iterable", self.type_name()))),
        }
    }

    /// `value in self`.
    pub fn contains(&self, value: &Json) -> Result<bool, Exc> {
        match (self, value) {
            (Json::Text(text), Json::Text(part)) => Ok(text.contains(part)),
            (Json::Text(_), _) => {
                let name = value.type_name();
                Err(json_type_error(format!("'in <string>' requires string as left operand, not {name}")))
            }
            (Json::List(items), _) => Ok(items.contains(value)),
            (Json::Dict(items), Json::Text(name)) => Ok(items.contains(name)),
            (Json::Dict(_), Json::List(_) | Json::Dict(_)) => {
                Err(json_type_error(format!("unhashable type: '{}'", value.type_name())))
            }
            (Json::Dict(_), _) => Ok(false),
            _ => Err(json_type_error(format!("argument of type '{}' is not iterable", self.type_name()))),
        }
    }
}

impl Json {
    /// The error of an attribute that the value lacks.
    pub fn lacks(&self, attribute: &str) -> Exc {
        let name = self.type_name();
        Exc::new(&ATTRIBUTE_ERROR, format!("'{name}' object has no attribute '{attribute}'"))
    }

    /// The dict whose attribute is asked for.
    pub fn as_dict(&self, attribute: &str) -> Result<Dict<Str, Json>, Exc> {
        match self {
            Json::Dict(items) => Ok(items.clone()),
            _ => Err(self.lacks(attribute)),
        }
    }

    /// The list whose attribute is asked for.
    pub fn as_list(&self, attribute: &str) -> Result<List<Json>, Exc> {
        match self {
            Json::List(items) => Ok(items.clone()),
            _ => Err(self.lacks(attribute)),
        }
    }

    /// The text whose attribute is asked for.
    pub fn as_text(&self, attribute: &str) -> Result<Str, Exc> {
        match self {
            Json::Text(text) => Ok(text.clone()),
            _ => Err(self.lacks(attribute)),
        }
    }

    /// `int(self)`.
    pub fn int(&self) -> Result<Int, Exc> {
        match self {
            Json::Bool(value) => Ok(Int::from(*value)),
            Json::Int(value) => Ok(value.clone()),
            Json::Float(value) => int_of_float(*value),
            Json::Text(text) => parse_int(text, 10),
            _ => {
                let name = self.type_name();
                let text = "int() argument must be a string, a bytes-like object or a real number";
                Err(json_type_error(format!("{text}, not '{name}'")))
            }
        }
    }

    /// `float(self)`.
    pub fn float(&self) -> Result<f64, Exc> {
        match self {
            Json::Bool(value) => Ok(f64::from(u8::from(*value))),
            Json::Int(value) => value.float(),
            Json::Float(value) => Ok(*value),
            Json::Text(text) => parse_float(text),
            _ => {
                let name = self.type_name();
                Err(json_type_error(format!("float() argument must be a string or a real number, not '{name}'")))
            }
        }
    }
}

/// Two numbers, both integers or both floats.
pub enum JsonPair {
    /// Integers.
    Ints(Int, Int),
    /// Floats.
    Floats(f64, f64),
}

impl Json {
    /// Both operands of an operator as numbers.
    pub fn pair(&self, other: &Json, sign: &str) -> Result<JsonPair, Exc> {
        match (self.number(), other.number()) {
            (Some(Json::Int(a)), Some(Json::Int(b))) => Ok(JsonPair::Ints(a, b)),
            (Some(a), Some(b)) => Ok(JsonPair::Floats(a.float()?, b.float()?)),
            _ => {
                let (a, b) = (self.type_name(), other.type_name());
                Err(json_type_error(format!("unsupported operand type(s) for {sign}: '{a}' and '{b}'")))
            }
        }
    }

    /// `self + other`.
    pub fn add(&self, other: &Json) -> Result<Json, Exc> {
        match (self, other) {
            (Json::Text(a), Json::Text(b)) => return Ok(Json::Text(a.concat(b))),
            (Json::List(a), Json::List(b)) => return Ok(Json::List(a.concat(b))),
            (Json::Text(_), _) => {
                let name = other.type_name();
                return Err(json_type_error(format!("can only concatenate str (not \"{name}\") to str")));
            }
            (Json::List(_), _) => {
                let name = other.type_name();
                return Err(json_type_error(format!("can only concatenate list (not \"{name}\") to list")));
            }
            _ => {}
        }
        Ok(match self.pair(other, "+")? {
            JsonPair::Ints(a, b) => Json::Int(a + b),
            JsonPair::Floats(a, b) => Json::Float(a + b),
        })
    }

    /// `self - other`.
    pub fn sub(&self, other: &Json) -> Result<Json, Exc> {
        Ok(match self.pair(other, "-")? {
            JsonPair::Ints(a, b) => Json::Int(a - b),
            JsonPair::Floats(a, b) => Json::Float(a - b),
        })
    }

    /// `self * other`.
    pub fn mul(&self, other: &Json) -> Result<Json, Exc> {
        let repeated = |items: &Json, count: Json| match (items, count) {
            (Json::Text(text), Json::Int(count)) => Some(count.size().map(|count| Json::Text(text.repeat(count)))),
            (Json::List(list), Json::Int(count)) => Some(count.size().map(|count| Json::List(list.repeat(count)))),
            _ => None,
        };
        let either = match (self.number(), other.number()) {
            (None, Some(count)) => repeated(self, count),
            (Some(count), None) => repeated(other, count),
            _ => None,
        };
        if let Some(made) = either {
            return made;
        }
        for (items, count) in [(self, other), (other, self)] {
            if matches!(items, Json::Text(_) | Json::List(_)) {
                let name = count.type_name();
                return Err(json_type_error(format!("can't multiply sequence by non-int of type '{name}'")));
            }
        }
        Ok(match self.pair(other, "*")? {
            JsonPair::Ints(a, b) => Json::Int(a * b),
            JsonPair::Floats(a, b) => Json::Float(a * b),
        })
    }

    /// `self / other`.
    pub fn true_div(&self, other: &Json) -> Result<Json, Exc> {
        Ok(Json::Float(match self.pair(other, "/")? {
            JsonPair::Ints(a, b) => int_true_div(&a, &b)?,
            JsonPair::Floats(a, b) => float_true_div(a, b)?,
        }))
    }

    /// `self // other`.
    pub fn floor_div(&self, other: &Json) -> Result<Json, Exc> {
        Ok(match self.pair(other, "//")? {
            JsonPair::Ints(a, b) => Json::Int(int_floor_div(&a, &b)?),
            JsonPair::Floats(a, b) => Json::Float(float_floor_div(a, b)?),
        })
    }

    /// `self % other` of numbers.
    pub fn modulo(&self, other: &Json) -> Result<Json, Exc> {
        Ok(match self.pair(other, "%")? {
            JsonPair::Ints(a, b) => Json::Int(int_modulo(&a, &b)?),
            JsonPair::Floats(a, b) => Json::Float(float_modulo(a, b)?),
        })
    }

    /// `-self`.
    pub fn neg(&self) -> Result<Json, Exc> {
        match self.number() {
            Some(Json::Int(value)) => Ok(Json::Int(-value)),
            Some(Json::Float(value)) => Ok(Json::Float(-value)),
            _ => Err(json_type_error(format!("bad operand type for unary -: '{}'", self.type_name()))),
        }
    }
}
