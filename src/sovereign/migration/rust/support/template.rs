//! `str.format`: `format_template(template, positional, named)?`, with `format_map` for a dict of texts.

use crate::{
    ascii_text, Dict, Exc, Formattable, Object, Str, ATTRIBUTE_ERROR, INDEX_ERROR, KEY_ERROR, TYPE_ERROR, VALUE_ERROR,
};
use alloc::rc::Rc;
use alloc::string::String;

/// The arguments of one call of `format`.
pub struct TemplateArguments<'a> {
    /// By place.
    pub positional: &'a [&'a dyn Formattable],
    /// By name.
    pub named: &'a [(&'a str, &'a dyn Formattable)],
}

/// `template.format(*positional, **named)`.
pub fn format_template(
    template: &str,
    positional: &[&dyn Formattable],
    named: &[(&str, &dyn Formattable)],
) -> Result<Str, Exc> {
    let mut filler =
        TemplateFiller { arguments: TemplateArguments { positional, named }, next: Some(0), has_number: false };
    filler.fill(template, 2).map(Str::from)
}

/// `template.format_map(dict)`.
pub fn format_map<V: Object + Formattable + Clone>(template: &str, dict: &Dict<Str, V>) -> Result<Str, Exc> {
    let items: alloc::vec::Vec<(Str, V)> = dict.items().collect();
    let named: alloc::vec::Vec<(&str, &dyn Formattable)> =
        items.iter().map(|(name, value)| (name.as_str(), value as &dyn Formattable)).collect();
    format_template(template, &[], &named)
}

/// Fills one template; `next` is the number of the next field without a name, none once fields are numbered.
pub struct TemplateFiller<'a> {
    arguments: TemplateArguments<'a>,
    next: Option<usize>,
    has_number: bool,
}

impl<'a> TemplateFiller<'a> {
    /// The template with its fields filled; specs may hold fields, one level deep.
    pub fn fill(&mut self, template: &str, levels: usize) -> Result<String, Exc> {
        if levels == 0 {
            return Err(template_error("Max string recursion exceeded"));
        }
        let mut out = String::new();
        let mut rest = template;
        while let Some(at) = rest.find(['{', '}']) {
            out.push_str(&rest[..at]);
            let brace = &rest[at..=at];
            rest = &rest[at + 1..];
            if let Some(after) = rest.strip_prefix(brace) {
                // Twice is the brace itself.
                out.push_str(brace);
                rest = after;
                continue;
            }
            if brace == "}" {
                return Err(template_error("Single '}' encountered in format string"));
            }
            if rest.is_empty() {
                return Err(template_error("Single '{' encountered in format string"));
            }
            let (field, after) = template_field(rest)?;
            out.push_str(&self.field(&field, levels)?);
            rest = after;
        }
        out.push_str(rest);
        Ok(out)
    }

    /// What one field becomes.
    fn field(&mut self, field: &TemplateField<'_>, levels: usize) -> Result<Str, Exc> {
        let first_end = field.name.find(['.', '[']).unwrap_or(field.name.len());
        let first = self.argument(&field.name[..first_end])?;
        let path = &field.name[first_end..];
        if field.spec.contains('{') {
            let spec = self.fill(field.spec, levels - 1)?;
            return format_part(first, path, field.conversion, &spec);
        }
        format_part(first, path, field.conversion, field.spec)
    }

    /// The argument that the begin of a field's name means.
    fn argument(&mut self, name: &str) -> Result<&'a dyn Formattable, Exc> {
        let number = if name.is_empty() {
            if self.has_number {
                let text = "cannot switch from manual field specification to automatic field numbering";
                return Err(template_error(text));
            }
            let number = self.next.unwrap_or(0);
            self.next = Some(number + 1);
            number
        } else if name.bytes().all(|byte| byte.is_ascii_digit()) {
            if self.next.unwrap_or(0) > 0 {
                let text = "cannot switch from automatic field numbering to manual field specification";
                return Err(template_error(text));
            }
            self.has_number = true;
            name.parse().map_err(|_| template_error("Too many decimal digits in format string"))?
        } else {
            let found = self.arguments.named.iter().find(|(named, _)| *named == name);
            return found.map(|(_, value)| *value).ok_or_else(|| Exc::new(&KEY_ERROR, name));
        };
        let found = self.arguments.positional.get(number).copied();
        found.ok_or_else(|| {
            let text = alloc::format!("Replacement index {number} out of range for positional args tuple");
            Exc::new(&INDEX_ERROR, text)
        })
    }
}

/// A `ValueError` of a template.
#[cold]
pub fn template_error(text: &str) -> Exc {
    Exc::new(&VALUE_ERROR, text)
}

/// One field of a template: `{name!r:spec}`.
pub struct TemplateField<'a> {
    name: &'a str,
    conversion: Option<char>,
    spec: &'a str,
}

/// The field behind a brace, and what follows it.
pub fn template_field(text: &str) -> Result<(TemplateField<'_>, &str), Exc> {
    let mut is_index = false;
    let end = text.bytes().position(|byte| {
        is_index = (is_index || byte == b'[') && byte != b']';
        byte == b'{' || !is_index && matches!(byte, b'}' | b'!' | b':')
    });
    let Some(end) = end else {
        return Err(template_error("expected '}' before end of string"));
    };
    let (name, tail) = text.split_at(end);
    let mut conversion = None;
    let mut rest = &tail[1..];
    match tail.as_bytes()[0] {
        b'{' => return Err(template_error("unexpected '{' in field name")),
        b'}' => return Ok((TemplateField { name, conversion, spec: "" }, rest)),
        b'!' => {
            let mut characters = rest.chars();
            conversion = characters.next();
            if conversion.is_none() {
                return Err(template_error("end of string while looking for conversion specifier"));
            }
            match characters.next() {
                Some('}') => return Ok((TemplateField { name, conversion, spec: "" }, characters.as_str())),
                None | Some(':') => rest = characters.as_str(),
                Some(_) => return Err(template_error("expected ':' after conversion specifier")),
            }
        }
        _ => {}
    }
    let mut depth = 1;
    let close = rest.bytes().position(|byte| {
        depth += i64::from(byte == b'{') - i64::from(byte == b'}');
        depth == 0
    });
    let close = close.ok_or_else(|| template_error("unmatched '{' in format spec"))?;
    Ok((TemplateField { name, conversion, spec: &rest[..close] }, &rest[close + 1..]))
}

/// An argument with its attributes and items taken, converted and formatted.
pub fn format_part(value: &dyn Formattable, path: &str, conversion: Option<char>, spec: &str) -> Result<Str, Exc> {
    if path.is_empty() {
        return format_converted(value, conversion, spec);
    }
    let (part, rest) = next_part(value, path)?;
    format_part(&*part, rest, conversion, spec)
}

/// The part that a path begins with, and the rest of the path.
pub fn next_part<'a>(value: &dyn Formattable, path: &'a str) -> Result<(Rc<dyn Formattable>, &'a str), Exc> {
    if let Some(inside) = path.strip_prefix('[') {
        let Some((key, rest)) = inside.split_once(']') else {
            return Err(template_error("Missing ']' in format string"));
        };
        if key.is_empty() {
            return Err(template_error("Empty attribute in format string"));
        }
        let part = value.field_item(key).unwrap_or_else(|| Err(no_items(value.kind_name())));
        return part.map(|part| (part, rest));
    }
    let Some(named) = path.strip_prefix('.') else {
        return Err(template_error("Only '.' or '[' may follow ']' in format field specifier"));
    };
    let end = named.find(['.', '[']).unwrap_or(named.len());
    let (name, rest) = named.split_at(end);
    if name.is_empty() {
        return Err(template_error("Empty attribute in format string"));
    }
    let missing =
        || Exc::new(&ATTRIBUTE_ERROR, alloc::format!("'{}' object has no attribute '{name}'", value.kind_name()));
    Ok((value.field_attribute(name).ok_or_else(missing)?, rest))
}

/// `object is not subscriptable`.
#[cold]
pub fn no_items(type_name: &str) -> Exc {
    Exc::new(&TYPE_ERROR, alloc::format!("'{type_name}' object is not subscriptable"))
}

/// A value, after `!r`, `!s` or `!a`, in a field.
pub fn format_converted(value: &dyn Formattable, conversion: Option<char>, spec: &str) -> Result<Str, Exc> {
    match conversion {
        None => value.format_with(spec),
        Some('s') => value.shown().format_with(spec),
        Some('r') => value.quoted().format_with(spec),
        Some('a') => ascii_text(&value.quoted()).format_with(spec),
        Some(other) => Err(template_error(&alloc::format!("Unknown conversion specifier {other}"))),
    }
}
