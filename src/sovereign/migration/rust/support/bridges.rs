//! What the library's types are to `format`, to `json` and to `csv`: implementations of those traits, and nothing else.

use crate::{
    format_float, format_int_text, format_str, str_of, write_default, ArgValue, CacheInfo, CsvField, Date, DateTime,
    Decimal, Deque, Exc, FormatSpec, Formattable, Fraction, FrozenSet, Int, Json, JsonWriter, Match, Namespace,
    Numeric, Object, Pattern, PosixPath, Seq, Set, Str, StructTime, Time, TimeDelta, TimeZone, ToJson, Uuid,
    WholeOrFloat, TYPE_ERROR,
};
use alloc::format;

/// `format(value, spec)` of a type that takes no specs, and that CPython names like this.
pub fn format_bare<T: Object>(value: &T, spec: &str, name: &str) -> Result<Str, Exc> {
    if spec.is_empty() {
        return Ok(str_of(value));
    }
    Err(Exc::new(&TYPE_ERROR, format!("unsupported format string passed to {name}.__format__")))
}

/// A float by a spec that is text.
pub fn format_float_text(value: f64, spec: &str) -> Result<Str, Exc> {
    if spec.is_empty() {
        return Ok(str_of(&value));
    }
    format_float(value, &FormatSpec::parse(spec, "float")?)
}

impl Formattable for Date {
    fn format_with(&self, spec: &str) -> Result<Str, Exc> {
        Ok(if spec.is_empty() { str_of(self) } else { self.strftime(spec) })
    }
}

impl Formattable for DateTime {
    fn format_with(&self, spec: &str) -> Result<Str, Exc> {
        Ok(if spec.is_empty() { str_of(self) } else { self.strftime(spec) })
    }
}

impl Formattable for Time {
    fn format_with(&self, spec: &str) -> Result<Str, Exc> {
        Ok(if spec.is_empty() { str_of(self) } else { self.strftime(spec) })
    }
}

impl Formattable for TimeDelta {
    fn format_with(&self, spec: &str) -> Result<Str, Exc> {
        format_bare(self, spec, "datetime.timedelta")
    }
}

impl Formattable for TimeZone {
    fn format_with(&self, spec: &str) -> Result<Str, Exc> {
        format_bare(self, spec, "datetime.timezone")
    }
}

impl Formattable for StructTime {
    fn format_with(&self, spec: &str) -> Result<Str, Exc> {
        format_bare(self, spec, "time.struct_time")
    }
}

impl Formattable for PosixPath {
    fn format_with(&self, spec: &str) -> Result<Str, Exc> {
        format_bare(self, spec, "PosixPath")
    }
}

impl Formattable for Match {
    fn format_with(&self, spec: &str) -> Result<Str, Exc> {
        format_bare(self, spec, "re.Match")
    }
}

impl Formattable for Pattern {
    fn format_with(&self, spec: &str) -> Result<Str, Exc> {
        format_bare(self, spec, "re.Pattern")
    }
}

impl Formattable for Namespace {
    fn format_with(&self, spec: &str) -> Result<Str, Exc> {
        format_bare(self, spec, "Namespace")
    }
}

impl Formattable for CacheInfo {
    fn format_with(&self, spec: &str) -> Result<Str, Exc> {
        format_bare(self, spec, "CacheInfo")
    }
}

impl Formattable for Uuid {
    fn format_with(&self, spec: &str) -> Result<Str, Exc> {
        format_bare(self, spec, "UUID")
    }
}

impl<T: Object + Clone> Formattable for Deque<T> {
    fn format_with(&self, spec: &str) -> Result<Str, Exc> {
        format_bare(self, spec, "collections.deque")
    }
}

impl Formattable for Fraction {
    fn format_with(&self, spec: &str) -> Result<Str, Exc> {
        format_bare(self, spec, "Fraction")
    }
    fn numeric(&self) -> Numeric {
        self.float().map_or(Numeric::Other, Numeric::Real)
    }
}

impl Formattable for Decimal {
    fn format_with(&self, spec: &str) -> Result<Str, Exc> {
        self.format(&FormatSpec::parse(spec, "decimal.Decimal")?)
    }
    fn numeric(&self) -> Numeric {
        Numeric::Real(self.float())
    }
}

impl Formattable for Json {
    fn format_with(&self, spec: &str) -> Result<Str, Exc> {
        match self {
            Json::Int(number) => format_int_text(number, spec, "int"),
            Json::Bool(number) if !spec.is_empty() => format_int_text(&Int::from(*number), spec, "bool"),
            Json::Float(number) => format_float_text(*number, spec),
            Json::Text(text) => format_str(text, &FormatSpec::parse(spec, "str")?),
            other => format_bare(other, spec, other.type_name()),
        }
    }
    fn numeric(&self) -> Numeric {
        match self {
            Json::Int(number) => Numeric::Whole(number.clone()),
            Json::Bool(number) => Numeric::Whole(Int::from(*number)),
            Json::Float(number) => Numeric::Real(*number),
            Json::Text(text) => Numeric::Text(text.clone()),
            _ => Numeric::Other,
        }
    }
}

impl Formattable for ArgValue {
    fn format_with(&self, spec: &str) -> Result<Str, Exc> {
        match self {
            ArgValue::Int(number) => format_int_text(number, spec, "int"),
            ArgValue::Bool(number) if !spec.is_empty() => format_int_text(&Int::from(*number), spec, "bool"),
            ArgValue::Float(number) => format_float_text(*number, spec),
            ArgValue::Text(text) => format_str(text, &FormatSpec::parse(spec, "str")?),
            other => format_bare(other, spec, other.type_name()),
        }
    }
    fn numeric(&self) -> Numeric {
        match self {
            ArgValue::Int(number) => Numeric::Whole(number.clone()),
            ArgValue::Bool(number) => Numeric::Whole(Int::from(*number)),
            ArgValue::Float(number) => Numeric::Real(*number),
            ArgValue::Text(text) => Numeric::Text(text.clone()),
            _ => Numeric::Other,
        }
    }
}

impl Formattable for WholeOrFloat {
    fn format_with(&self, spec: &str) -> Result<Str, Exc> {
        match self {
            WholeOrFloat::Int(number) => format_int_text(number, spec, "int"),
            WholeOrFloat::Float(number) => format_float_text(*number, spec),
        }
    }
    fn numeric(&self) -> Numeric {
        match self {
            WholeOrFloat::Int(number) => Numeric::Whole(number.clone()),
            WholeOrFloat::Float(number) => Numeric::Real(*number),
        }
    }
}

/// `ToJson` for types that JSON lacks: their `str` with `default=str`, else TypeError.
macro_rules! library_json {
    ([$($generic:tt)*] $type:ty) => {
        impl<$($generic)*> ToJson for $type {
            fn write_json(&self, writer: &mut JsonWriter<'_>) -> Result<(), Exc> {
                write_default(self, writer)
            }
        }
    };
}

library_json!([] Date);
library_json!([] DateTime);
library_json!([] Time);
library_json!([] TimeDelta);
library_json!([] TimeZone);
library_json!([] Decimal);
library_json!([] Fraction);
library_json!([] PosixPath);
library_json!([T: Object + Clone] Deque<T>);
library_json!([T: Object + Clone] Set<T>);
library_json!([T: Object + Clone] FrozenSet<T>);

impl<T: ToJson + Clone> ToJson for Seq<T> {
    fn write_json(&self, writer: &mut JsonWriter<'_>) -> Result<(), Exc> {
        let items: alloc::vec::Vec<T> = self.iter().collect();
        writer.items(0, items.iter())
    }
}

impl ToJson for WholeOrFloat {
    fn write_json(&self, writer: &mut JsonWriter<'_>) -> Result<(), Exc> {
        match self {
            WholeOrFloat::Int(value) => value.write_json(writer),
            WholeOrFloat::Float(value) => value.write_json(writer),
        }
    }
}

/// `CsvField` for types that are written as their `str`.
macro_rules! library_csv {
    ($type:ty => $is_number:expr) => {
        impl CsvField for $type {
            fn csv_field(&self) -> (Str, bool) {
                (str_of(self), $is_number)
            }
        }
    };
}

library_csv!(Date => false);
library_csv!(DateTime => false);
library_csv!(Time => false);
library_csv!(Decimal => true);
library_csv!(Fraction => true);
library_csv!(PosixPath => false);

impl CsvField for Json {
    fn csv_field(&self) -> (Str, bool) {
        match self {
            Json::Null => (Str::new(), false),
            other => (str_of(other), other.number().is_some()),
        }
    }
}
