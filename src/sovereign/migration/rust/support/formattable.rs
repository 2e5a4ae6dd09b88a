//! Values as `format`, `str.format` and `%` treat them: trait `Formattable`, `format_value(&value, spec)?`.
//!
//! A type that knows no specs says `impl Formattable for T {}`, and may say what a replacement field finds in it.

use crate::{
    format_float, format_int_of, format_str, repr_of, str_of, Bytes, Class, Dict, Exc, FormatSpec, FrozenSet, Int,
    List, Object, Range, Seq, Set, Str, TYPE_ERROR,
};
use alloc::rc::Rc;

/// How a value shows, whatever its type; every `Object` has it.
pub trait Shown {
    /// `str(self)`.
    fn shown(&self) -> Str;
    /// `repr(self)`.
    fn quoted(&self) -> Str;
    /// `type(self).__name__`.
    fn kind_name(&self) -> &'static str;
}

impl<T: Object> Shown for T {
    fn shown(&self) -> Str {
        str_of(self)
    }
    fn quoted(&self) -> Str {
        repr_of(self)
    }
    fn kind_name(&self) -> &'static str {
        self.type_name()
    }
}

/// What `%d` and its like see in a value.
pub enum Numeric {
    /// An integer.
    Whole(Int),
    /// A float.
    Real(f64),
    /// A text, which `%c` takes.
    Text(Str),
    /// None of these.
    Other,
}

/// What a replacement field finds in a value.
pub type FieldPart = Option<Result<Rc<dyn Formattable>, Exc>>;

/// A value that can be formatted.
pub trait Formattable: Shown {
    /// `format(self, spec)`.
    fn format_with(&self, spec: &str) -> Result<Str, Exc> {
        if spec.is_empty() {
            return Ok(self.shown());
        }
        let text = alloc::format!("unsupported format string passed to {}.__format__", self.kind_name());
        Err(Exc::new(&TYPE_ERROR, text))
    }
    /// What it is to a conversion of `%`.
    fn numeric(&self) -> Numeric {
        Numeric::Other
    }
    /// `self[key]` in a replacement field.
    fn field_item(&self, _key: &str) -> FieldPart {
        None
    }
    /// `self.name` in a replacement field.
    fn field_attribute(&self, _name: &str) -> Option<Rc<dyn Formattable>> {
        None
    }
}

/// `format(value, spec)`.
pub fn format_value<T: Formattable>(value: &T, spec: &str) -> Result<Str, Exc> {
    value.format_with(spec)
}

/// `format(value, spec)` of an integer with a spec that is text.
pub fn format_int_text(value: &Int, spec: &str, type_name: &str) -> Result<Str, Exc> {
    if spec.is_empty() {
        return Ok(str_of(value));
    }
    format_int_of(value, &FormatSpec::parse(spec, type_name)?, type_name)
}

impl Formattable for i64 {
    fn format_with(&self, spec: &str) -> Result<Str, Exc> {
        format_int_text(&Int::Small(*self), spec, "int")
    }
    fn numeric(&self) -> Numeric {
        Numeric::Whole(Int::Small(*self))
    }
}

impl Formattable for Int {
    fn format_with(&self, spec: &str) -> Result<Str, Exc> {
        format_int_text(self, spec, "int")
    }
    fn numeric(&self) -> Numeric {
        Numeric::Whole(self.clone())
    }
}

impl Formattable for bool {
    fn format_with(&self, spec: &str) -> Result<Str, Exc> {
        if spec.is_empty() {
            return Ok(str_of(self));
        }
        format_int_text(&Int::from(*self), spec, "bool")
    }
    fn numeric(&self) -> Numeric {
        Numeric::Whole(Int::from(*self))
    }
}

impl Formattable for f64 {
    fn format_with(&self, spec: &str) -> Result<Str, Exc> {
        if spec.is_empty() {
            return Ok(str_of(self));
        }
        format_float(*self, &FormatSpec::parse(spec, "float")?)
    }
    fn numeric(&self) -> Numeric {
        Numeric::Real(*self)
    }
}

impl Formattable for Str {
    fn format_with(&self, spec: &str) -> Result<Str, Exc> {
        if spec.is_empty() {
            return Ok(self.clone());
        }
        format_str(self, &FormatSpec::parse(spec, "str")?)
    }
    fn numeric(&self) -> Numeric {
        Numeric::Text(self.clone())
    }
    fn field_item(&self, key: &str) -> FieldPart {
        Some(match key.parse() {
            Ok(index) => found_part(self.item(index)),
            Err(_) => Err(Exc::new(&TYPE_ERROR, "string indices must be integers, not 'str'")),
        })
    }
}

impl Formattable for () {}

impl Formattable for Bytes {}

impl Formattable for Range {}

impl Formattable for Exc {}

impl<T: Class> Formattable for Rc<T> {}

impl<T: Object> Formattable for Set<T> {}

impl<T: Object> Formattable for FrozenSet<T> {}

/// A found item as a replacement field goes on with it.
pub fn found_part<T: Formattable + 'static>(item: Result<T, Exc>) -> Result<Rc<dyn Formattable>, Exc> {
    item.map(|item| Rc::new(item) as Rc<dyn Formattable>)
}

/// The index that a field's key means.
pub fn field_index(key: &str, type_name: &str) -> Result<i64, Exc> {
    let text = || alloc::format!("{type_name} indices must be integers or slices, not str");
    key.parse().map_err(|_| Exc::new(&TYPE_ERROR, text()))
}

impl<T: Object + Formattable + Clone + 'static> Formattable for List<T> {
    fn field_item(&self, key: &str) -> FieldPart {
        Some(found_part(field_index(key, "list").and_then(|index| self.item(index))))
    }
}

impl<T: Object + Formattable + Clone + 'static> Formattable for Seq<T> {
    fn field_item(&self, key: &str) -> FieldPart {
        Some(found_part(field_index(key, "tuple").and_then(|index| self.item(index))))
    }
}

impl<V: Object + Formattable + Clone + 'static> Formattable for Dict<Str, V> {
    fn field_item(&self, key: &str) -> FieldPart {
        Some(match key.parse::<i64>() {
            // Digits are a number to a field, which no text equals.
            Ok(number) => Err(Exc::missing_key(&number)),
            Err(_) => found_part(self.get_item(&Str::from(key))),
        })
    }
}

impl<V: Object + Formattable + Clone + 'static> Formattable for Dict<i64, V> {
    fn field_item(&self, key: &str) -> FieldPart {
        let key: i64 = key.parse().ok()?;
        Some(found_part(self.get_item(&key)))
    }
}

impl<T: Object + Formattable> Formattable for Option<T> {
    fn format_with(&self, spec: &str) -> Result<Str, Exc> {
        match self {
            Some(value) => value.format_with(spec),
            None => ().format_with(spec),
        }
    }
    fn numeric(&self) -> Numeric {
        self.as_ref().map_or(Numeric::Other, Formattable::numeric)
    }
}

/// `Formattable` for tuples of one length.
macro_rules! formattable_tuple {
    ($($name:ident $index:tt)+) => {
        impl<$($name: Object + Formattable + Clone + 'static),+> Formattable for ($($name,)+) {
            fn field_item(&self, key: &str) -> FieldPart {
                let index = match field_index(key, "tuple") {
                    Ok(index) => index,
                    Err(exc) => return Some(Err(exc)),
                };
                match index {
                    $($index => Some(found_part(Ok(self.$index.clone()))),)+
                    _ => Some(Err(crate::out_of_range("tuple index"))),
                }
            }
        }
    };
}

formattable_tuple!(A 0);
formattable_tuple!(A 0 B 1);
formattable_tuple!(A 0 B 1 C 2);
formattable_tuple!(A 0 B 1 C 2 D 3);
formattable_tuple!(A 0 B 1 C 2 D 3 E 4);
formattable_tuple!(A 0 B 1 C 2 D 3 E 4 F 5);
formattable_tuple!(A 0 B 1 C 2 D 3 E 4 F 5 G 6);
formattable_tuple!(A 0 B 1 C 2 D 3 E 4 F 5 G 6 H 7);
formattable_tuple!(A 0 B 1 C 2 D 3 E 4 F 5 G 6 H 7 I 8);
formattable_tuple!(A 0 B 1 C 2 D 3 E 4 F 5 G 6 H 7 I 8 J 9);
formattable_tuple!(A 0 B 1 C 2 D 3 E 4 F 5 G 6 H 7 I 8 J 9 K 10);
formattable_tuple!(A 0 B 1 C 2 D 3 E 4 F 5 G 6 H 7 I 8 J 9 K 10 L 11);
