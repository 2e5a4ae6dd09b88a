//! `json.loads`: text becomes `Json`, with CPython's error texts and places.
//!
//! `json_loads(&str) -> Result<Json, Exc>`; of its error `json_error_msg(&Exc) -> Str`, `json_error_pos -> i64`,
//! `json_error_lineno`, `json_error_colno`. Refused: hooks, `strict=False`; an escape of half a character is a ValueError.

use crate::{
    lone_surrogate, parse_int, Dict, Exc, Json, Kind, List, Str, DEPTH, DEPTH_LIMIT, RECURSION_ERROR, VALUE_ERROR,
};
use alloc::format;
use alloc::string::String;
use alloc::vec::Vec;

/// `json.JSONDecodeError`.
pub static JSON_DECODE_ERROR: Kind = Kind::within("json.decoder", "JSONDecodeError", &VALUE_ERROR);

/// The error at a byte of a text.
#[cold]
pub fn json_error(message: &str, text: &str, byte: usize) -> Exc {
    let before = &text[..byte.min(text.len())];
    let position = before.chars().count() as i64;
    let line = before.matches('\n').count() + 1;
    let column = before.rsplit('\n').next().map_or(0, |last| last.chars().count()) + 1;
    Exc::new(&JSON_DECODE_ERROR, format!("{message}: line {line} column {column} (char {position})"))
}

/// `error.msg`.
pub fn json_error_msg(exc: &Exc) -> Str {
    let text = exc.text();
    Str::from(text.as_str().rfind(": line ").map_or(text.as_str(), |end| &text[..end]))
}

/// The number behind a word of an error's text.
pub fn json_error_number(exc: &Exc, word: &str) -> i64 {
    let text = exc.text();
    let behind = text.as_str().rfind(word).map_or("", |place| &text[place + word.len()..]);
    let digits: String = behind.chars().take_while(char::is_ascii_digit).collect();
    digits.parse().unwrap_or(0)
}

/// `error.pos`.
pub fn json_error_pos(exc: &Exc) -> i64 {
    json_error_number(exc, "(char ")
}

/// `error.lineno`.
pub fn json_error_lineno(exc: &Exc) -> i64 {
    json_error_number(exc, ": line ")
}

/// `error.colno`.
pub fn json_error_colno(exc: &Exc) -> i64 {
    json_error_number(exc, " column ")
}

/// Reads a text; places are bytes.
pub struct JsonReader<'a> {
    /// The text.
    pub text: &'a str,
    /// Where it is.
    pub place: usize,
    /// How many lists and dicts are open.
    pub depth: i64,
    /// Whether an escape named half a character, which no text here can hold.
    pub has_half: bool,
}

/// `json.loads`.
pub fn json_loads(text: &str) -> Result<Json, Exc> {
    if text.starts_with('\u{feff}') {
        return Err(json_error("Unexpected UTF-8 BOM (decode using utf-8-sig)", text, 0));
    }
    let mut reader = JsonReader { text, place: 0, depth: 0, has_half: false };
    reader.skip_space();
    let value = reader.value()?;
    reader.skip_space();
    if reader.place < text.len() {
        return Err(json_error("Extra data", text, reader.place));
    }
    if reader.has_half {
        return Err(lone_surrogate(&VALUE_ERROR));
    }
    Ok(value)
}

impl JsonReader<'_> {
    /// The byte to come.
    pub fn peek(&self) -> Option<u8> {
        self.text.as_bytes().get(self.place).copied()
    }

    /// Skip white space.
    pub fn skip_space(&mut self) {
        while matches!(self.peek(), Some(b' ' | b'\t' | b'\n' | b'\r')) {
            self.place += 1;
        }
    }

    /// Take a byte that is there, white space behind it too.
    pub fn step(&mut self) {
        self.place += 1;
        self.skip_space();
    }

    /// The error of something that is not there.
    pub fn expecting(&self, what: &str) -> Exc {
        json_error(&format!("Expecting {what}"), self.text, self.place)
    }

    /// A word that stands here, taken.
    pub fn word(&mut self, word: &str, value: Json) -> Result<Json, Exc> {
        if !self.text[self.place..].starts_with(word) {
            return Err(self.expecting("value"));
        }
        self.place += word.len();
        Ok(value)
    }

    /// A value.
    pub fn value(&mut self) -> Result<Json, Exc> {
        match self.peek() {
            Some(b'"') => Ok(Json::Text(Str::from(self.string()?))),
            Some(b'{') => self.nested("object", Self::dict),
            Some(b'[') => self.nested("array", Self::list),
            Some(b'n') => self.word("null", Json::Null),
            Some(b't') => self.word("true", Json::Bool(true)),
            Some(b'f') => self.word("false", Json::Bool(false)),
            Some(b'N') => self.word("NaN", Json::Float(f64::NAN)),
            Some(b'I') => self.word("Infinity", Json::Float(f64::INFINITY)),
            Some(b'-') if self.text[self.place..].starts_with("-Infinity") => {
                self.word("-Infinity", Json::Float(f64::NEG_INFINITY))
            }
            _ => self.number(),
        }
    }

    /// A list or dict, as deep as CPython goes.
    pub fn nested(&mut self, what: &str, read: fn(&mut Self) -> Result<Json, Exc>) -> Result<Json, Exc> {
        self.depth += 1;
        if self.depth + DEPTH.get() >= DEPTH_LIMIT.get() {
            let text = format!("maximum recursion depth exceeded while decoding a JSON {what} from a unicode string");
            return Err(Exc::new(&RECURSION_ERROR, text));
        }
        let value = read(self)?;
        self.depth -= 1;
        Ok(value)
    }

    /// A list.
    pub fn list(&mut self) -> Result<Json, Exc> {
        let mut items: Vec<Json> = Vec::new();
        self.step();
        if self.peek() == Some(b']') {
            self.place += 1;
            return Ok(Json::List(List::from(items)));
        }
        loop {
            items.push(self.value()?);
            self.skip_space();
            match self.peek() {
                Some(b']') => break,
                Some(b',') => self.step(),
                _ => return Err(self.expecting("',' delimiter")),
            }
        }
        self.place += 1;
        Ok(Json::List(List::from(items)))
    }

    /// A dict.
    pub fn dict(&mut self) -> Result<Json, Exc> {
        let items: Dict<Str, Json> = Dict::new();
        self.step();
        if self.peek() == Some(b'}') {
            self.place += 1;
            return Ok(Json::Dict(items));
        }
        loop {
            if self.peek() != Some(b'"') {
                return Err(self.expecting("property name enclosed in double quotes"));
            }
            let name = Str::from(self.string()?);
            self.skip_space();
            if self.peek() != Some(b':') {
                return Err(self.expecting("':' delimiter"));
            }
            self.step();
            items.set_item(name, self.value()?);
            self.skip_space();
            match self.peek() {
                Some(b'}') => break,
                Some(b',') => self.step(),
                _ => return Err(self.expecting("',' delimiter")),
            }
        }
        self.place += 1;
        Ok(Json::Dict(items))
    }

    /// A number.
    pub fn number(&mut self) -> Result<Json, Exc> {
        let bytes = self.text.as_bytes();
        let digits = |from: usize| from + bytes[from..].iter().take_while(|byte| byte.is_ascii_digit()).count();
        let start = self.place;
        let first = start + usize::from(self.peek() == Some(b'-'));
        let mut end = match bytes.get(first) {
            Some(b'0') => first + 1,
            Some(b'1'..=b'9') => digits(first),
            _ => return Err(self.expecting("value")),
        };
        let mut is_float = false;
        if bytes.get(end) == Some(&b'.') && digits(end + 1) > end + 1 {
            end = digits(end + 1);
            is_float = true;
        }
        if matches!(bytes.get(end), Some(b'e' | b'E')) {
            let sign = usize::from(matches!(bytes.get(end + 1), Some(b'+' | b'-')));
            let exponent = end + 1 + sign;
            if exponent < bytes.len() && digits(exponent) > exponent {
                end = digits(exponent);
                is_float = true;
            }
        }
        self.place = end;
        let text = &self.text[start..end];
        if is_float {
            // What was read is a float's text, so it parses.
            return Ok(Json::Float(text.parse().unwrap_or(f64::NAN)));
        }
        Ok(Json::Int(parse_int(text, 10)?))
    }
}

impl JsonReader<'_> {
    /// A string in quotes.
    pub fn string(&mut self) -> Result<String, Exc> {
        let begin = self.place;
        let bytes = self.text.as_bytes();
        let mut out = String::new();
        self.place += 1;
        loop {
            let rest = &bytes[self.place..];
            let plain = rest.iter().position(|byte| matches!(byte, b'"' | b'\\' | 0..=31)).unwrap_or(rest.len());
            out.push_str(&self.text[self.place..self.place + plain]);
            self.place += plain;
            match self.peek() {
                None => return Err(json_error("Unterminated string starting at", self.text, begin)),
                Some(b'"') => break,
                Some(b'\\') => self.escape(begin, &mut out)?,
                Some(_) => return Err(json_error("Invalid control character at", self.text, self.place)),
            }
        }
        self.place += 1;
        Ok(out)
    }

    /// An escape, the backslash to come.
    pub fn escape(&mut self, begin: usize, out: &mut String) -> Result<(), Exc> {
        let start = self.place;
        let Some(&escaped) = self.text.as_bytes().get(start + 1) else {
            return Err(json_error("Unterminated string starting at", self.text, begin));
        };
        self.place += 2;
        out.push(match escaped {
            b'"' | b'\\' | b'/' => char::from(escaped),
            b'b' => '\x08',
            b'f' => '\x0c',
            b'n' => '\n',
            b'r' => '\r',
            b't' => '\t',
            b'u' => return self.code(start, out),
            _ => return Err(json_error("Invalid \\escape", self.text, start)),
        });
        Ok(())
    }

    /// Four hexadecimal digits at a byte.
    pub fn four_digits(&self, place: usize) -> Option<u32> {
        let digits = self.text.as_bytes().get(place..place + 4)?;
        digits.iter().try_fold(0, |code, digit| Some(code << 4 | char::from(*digit).to_digit(16)?))
    }

    /// The character of an escape by code, with its second half.
    pub fn code(&mut self, start: usize, out: &mut String) -> Result<(), Exc> {
        let Some(code) = self.four_digits(self.place) else {
            return Err(json_error("Invalid \\uXXXX escape", self.text, start + 1));
        };
        self.place += 4;
        let mut code = code;
        if (0xd800..0xdc00).contains(&code) && self.text[self.place..].starts_with("\\u") {
            match self.four_digits(self.place + 2) {
                Some(second) if (0xdc00..0xe000).contains(&second) => {
                    code = 0x10000 + ((code - 0xd800) << 10 | (second - 0xdc00));
                    self.place += 6;
                }
                Some(_) => {}
                None => return Err(json_error("Invalid \\uXXXX escape", self.text, self.place + 1)),
            }
        }
        match char::from_u32(code) {
            Some(character) => out.push(character),
            None => self.has_half = true,
        }
        Ok(())
    }
}
