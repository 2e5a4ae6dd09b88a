//! What the library's types are to `format`, to `json` and to `csv`: implementations of those traits, and nothing else.

use crate::{
    format_float, format_int_text, format_str, str_of, write_default, ArgValue, CacheInfo, CsvField, Date, DateTime,
    Decimal, Deque, Exc, FormatSpec, Formattable, Fraction, FrozenSet, Json, JsonWriter, Match, Namespace, Numeric,
    Object, Pattern, PosixPath, Seq, Set, Str, StructTime, Time, TimeDelta, TimeZone, ToJson, WholeOrFloat, TYPE_ERROR,
};
use alloc::format;

/// `Formattable` for one of the library's types: how it takes specs, and what `%` sees in it.
macro_rules! library_format {
    ([$($generic:tt)*] $type:ty, |$value:ident, $spec:ident| $format:expr, $numeric:expr) => {
        impl<$($generic)*> Formattable for $type {
            fn format_with(&self, $spec: &str) -> Result<Str, Exc> {
                let $value = self;
                $format
            }
            fn numeric(&self) -> Numeric {
                let numeric: fn(&$type) -> Numeric = $numeric;
                numeric(self)
            }
        }
    };
}

/// A time by its format, or as it is.
macro_rules! library_time {
    ($($type:ty)+) => {
        $(library_format!([] $type, |value, spec| if spec.is_empty() {
            Ok(str_of(value))
        } else {
            Ok(value.strftime(spec))
        }, |_| Numeric::Other);)+
    };
}

library_time!(Date DateTime Time);

/// `format(value, spec)` of a type that takes no specs, and that CPython names like this.
pub fn format_bare<T: Object>(value: &T, spec: &str, name: &str) -> Result<Str, Exc> {
    if spec.is_empty() {
        return Ok(str_of(value));
    }
    Err(Exc::new(&TYPE_ERROR, format!("unsupported format string passed to {name}.__format__")))
}

/// Types that take no specs.
macro_rules! library_bare {
    ($($type:ty, $name:literal;)+) => {
        $(library_format!([] $type, |value, spec| format_bare(value, spec, $name), |_| Numeric::Other);)+
    };
}

library_bare! {
    TimeDelta, "datetime.timedelta";
    TimeZone, "datetime.timezone";
    StructTime, "time.struct_time";
    PosixPath, "PosixPath";
    Match, "re.Match";
    Pattern, "re.Pattern";
    Namespace, "Namespace";
    CacheInfo, "CacheInfo";
}

library_format!([T: Object + Clone] Deque<T>, |value, spec| format_bare(value, spec, "collections.deque"), |_| {
    Numeric::Other
});

library_format!([] Fraction, |value, spec| format_bare(value, spec, "Fraction"), |value| {
    value.float().map_or(Numeric::Other, Numeric::Real)
});

library_format!([] Decimal, |value, spec| value.format(&FormatSpec::parse(spec, "decimal.Decimal")?), |value| {
    Numeric::Real(value.float())
});

/// A float by a spec that is text.
pub fn format_float_text(value: f64, spec: &str) -> Result<Str, Exc> {
    if spec.is_empty() {
        return Ok(str_of(&value));
    }
    format_float(value, &FormatSpec::parse(spec, "float")?)
}

library_format!([] Json, |value, spec| match value {
    Json::Int(number) => format_int_text(number, spec, "int"),
    Json::Bool(number) if !spec.is_empty() => format_int_text(&crate::Int::from(*number), spec, "bool"),
    Json::Float(number) => format_float_text(*number, spec),
    Json::Text(text) => format_str(text, &FormatSpec::parse(spec, "str")?),
    other => format_bare(other, spec, other.type_name()),
}, |value| match value {
    Json::Int(number) => Numeric::Whole(number.clone()),
    Json::Bool(number) => Numeric::Whole(crate::Int::from(*number)),
    Json::Float(number) => Numeric::Real(*number),
    Json::Text(text) => Numeric::Text(text.clone()),
    _ => Numeric::Other,
});

library_format!([] ArgValue, |value, spec| match value {
    ArgValue::Int(number) => format_int_text(number, spec, "int"),
    ArgValue::Bool(number) if !spec.is_empty() => format_int_text(&crate::Int::from(*number), spec, "bool"),
    ArgValue::Float(number) => format_float_text(*number, spec),
    ArgValue::Text(text) => format_str(text, &FormatSpec::parse(spec, "str")?),
    other => format_bare(other, spec, other.type_name()),
}, |value| match value {
    ArgValue::Int(number) => Numeric::Whole(number.clone()),
    ArgValue::Bool(number) => Numeric::Whole(crate::Int::from(*number)),
    ArgValue::Float(number) => Numeric::Real(*number),
    ArgValue::Text(text) => Numeric::Text(text.clone()),
    _ => Numeric::Other,
});

library_format!([] WholeOrFloat, |value, spec| match value {
    WholeOrFloat::Int(number) => format_int_text(number, spec, "int"),
    WholeOrFloat::Float(number) => format_float_text(*number, spec),
}, |value| match value {
    WholeOrFloat::Int(number) => Numeric::Whole(number.clone()),
    WholeOrFloat::Float(number) => Numeric::Real(*number),
});

/// `ToJson` for types that JSON lacks: their `str` with `default=str`, else TypeError.
macro_rules! library_json {
    ($([$($generic:tt)*] $type:ty;)+) => {
        $(impl<$($generic)*> ToJson for $type {
            fn write_json(&self, writer: &mut JsonWriter<'_>) -> Result<(), Exc> {
                write_default(self, writer)
            }
        })+
    };
}

library_json! {
    [] Date;
    [] DateTime;
    [] Time;
    [] TimeDelta;
    [] TimeZone;
    [] Decimal;
    [] Fraction;
    [] PosixPath;
    [T: Object + Clone] Deque<T>;
    [T: Object + Clone] Set<T>;
    [T: Object + Clone] FrozenSet<T>;
}

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
    ($($type:ty => $is_number:expr;)+) => {
        $(impl CsvField for $type {
            fn csv_field(&self) -> (Str, bool) {
                (str_of(self), $is_number)
            }
        })+
    };
}

library_csv! {
    Date => false;
    DateTime => false;
    Time => false;
    Decimal => true;
    Fraction => true;
    PosixPath => false;
}

impl CsvField for Json {
    fn csv_field(&self) -> (Str, bool) {
        match self {
            Json::Null => (Str::new(), false),
            other => (str_of(other), other.number().is_some()),
        }
    }
}
