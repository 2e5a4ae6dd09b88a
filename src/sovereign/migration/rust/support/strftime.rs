//! Times as text and back: `time.struct_time`, `strftime`, `strptime`, in the C locale.
//!
//! `StructTime::new([i64; 9])` with getters `tm_year()` and so on, `item(i64) -> Result<i64, Exc>`, `asctime() -> Str`;
//! `time_strftime(&str, &StructTime) -> Str`, `time_strptime(&str, format: &str) -> Result<StructTime, Exc>`.
//! `strftime_text` and `strptime_parsed` serve `datetime`. glibc's flags `- _ 0 ^ #` and widths hold.
//! Refused: a directive twice in a format of `strptime` (ValueError), names of zones other than UTC and GMT there.

use crate::{
    calendar_days_before, calendar_is_leap, decimal_digit, index_in, is_space, local_seconds, offset_text, re_quoted,
    Date, Exc, Object, Str, VALUE_ERROR,
};
use alloc::format;
use alloc::string::String;
use alloc::vec::Vec;

/// `time.struct_time`.
#[derive(Clone, Copy, PartialEq, Eq)]
pub struct StructTime {
    /// Year, month, day, hour, minute, second, day of the week, day of the year, summer time.
    pub parts: [i64; 9],
    /// Whether it came from `gmtime`, which `%Z` shows.
    pub is_gmt: bool,
}

/// Names of days, Monday first.
pub const DAY_NAMES: [&str; 7] = ["Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"];
/// Names of months.
pub const MONTH_NAMES: [&str; 12] = [
    "January",
    "February",
    "March",
    "April",
    "May",
    "June",
    "July",
    "August",
    "September",
    "October",
    "November",
    "December",
];

impl StructTime {
    /// A tuple of these parts.
    pub fn new(parts: [i64; 9]) -> StructTime {
        StructTime { parts, is_gmt: false }
    }

    /// `self[index]`.
    pub fn item(&self, index: i64) -> Result<i64, Exc> {
        Ok(self.parts[index_in(index, 9, "tuple index")?])
    }

    /// `self.tm_year`.
    pub fn tm_year(&self) -> i64 {
        self.parts[0]
    }

    /// `self.tm_mon`.
    pub fn tm_mon(&self) -> i64 {
        self.parts[1]
    }

    /// `self.tm_mday`.
    pub fn tm_mday(&self) -> i64 {
        self.parts[2]
    }

    /// `self.tm_hour`.
    pub fn tm_hour(&self) -> i64 {
        self.parts[3]
    }

    /// `self.tm_min`.
    pub fn tm_min(&self) -> i64 {
        self.parts[4]
    }

    /// `self.tm_sec`.
    pub fn tm_sec(&self) -> i64 {
        self.parts[5]
    }

    /// `self.tm_wday`.
    pub fn tm_wday(&self) -> i64 {
        self.parts[6]
    }

    /// `self.tm_yday`.
    pub fn tm_yday(&self) -> i64 {
        self.parts[7]
    }

    /// `self.tm_isdst`.
    pub fn tm_isdst(&self) -> i64 {
        self.parts[8]
    }

    /// The short name of the day.
    pub fn day_name(&self) -> &'static str {
        DAY_NAMES[self.tm_wday().rem_euclid(7) as usize]
    }

    /// The name of the month.
    pub fn month_name(&self) -> &'static str {
        MONTH_NAMES[(self.tm_mon() - 1).rem_euclid(12) as usize]
    }

    /// `time.asctime(self)`.
    pub fn asctime(&self) -> Str {
        self.dated(&format!("{}", self.tm_year()))
    }

    /// Names and numbers of the day and the time, then the year.
    pub fn dated(&self, year: &str) -> Str {
        let [_, _, day, hour, minute, second, ..] = self.parts;
        let (weekday, month) = (&self.day_name()[..3], &self.month_name()[..3]);
        Str::from(format!("{weekday} {month} {day:2} {hour:02}:{minute:02}:{second:02} {year}"))
    }

    /// Seconds since the start of 1970, as if this were UTC.
    pub fn seconds(&self) -> i64 {
        let [year, month, day, hour, minute, second, ..] = self.parts;
        // Months beyond a year carry over.
        let (year, month) = (year + (month - 1).div_euclid(12), (month - 1).rem_euclid(12) + 1);
        let days = calendar_days_before(year) + crate::calendar_days_before_month(year, month) + day - 719_163;
        ((days * 24 + hour) * 60 + minute) * 60 + second
    }
}

impl Object for StructTime {
    fn write_repr(&self, out: &mut String) {
        let names = ["year", "mon", "mday", "hour", "min", "sec", "wday", "yday", "isdst"];
        let parts: Vec<String> =
            names.iter().zip(self.parts).map(|(name, value)| format!("tm_{name}={value}")).collect();
        out.push_str(&format!("time.struct_time({})", parts.join(", ")));
    }
    fn equals(&self, other: &Self) -> bool {
        self == other
    }
    fn hash(&self) -> u64 {
        self.seconds().hash()
    }
    fn type_name(&self) -> &'static str {
        "struct_time"
    }
}

/// How one directive is written: what fills it, its width, and whether letters change.
pub struct StrftimeStyle {
    /// The flag, if there is one.
    pub flag: Option<char>,
    /// The width, if there is one.
    pub width: Option<usize>,
    /// Whether letters become capitals.
    pub upper: bool,
    /// Whether letters change their case.
    pub swap: bool,
}

impl StrftimeStyle {
    /// A number, filled with zeros or with spaces.
    pub fn number(&self, value: i64, width: usize, fill: char) -> String {
        let fill = match self.flag {
            Some('-') => return format!("{value}"),
            Some('_') => ' ',
            Some('0') => '0',
            _ => fill,
        };
        let width = self.width.unwrap_or(width);
        let digits = format!("{}", value.unsigned_abs());
        let sign = if value < 0 { "-" } else { "" };
        let missing = width.saturating_sub(digits.len() + sign.len());
        let filling: String = core::iter::repeat_n(fill, missing).collect();
        if fill == '0' {
            format!("{sign}{filling}{digits}")
        } else {
            format!("{filling}{sign}{digits}")
        }
    }

    /// A text.
    pub fn text(&self, text: &str) -> String {
        let shown = if self.upper || self.swap { text.to_ascii_uppercase() } else { String::from(text) };
        let missing = self.width.unwrap_or(0).saturating_sub(shown.chars().count());
        let fill = if self.flag == Some('0') { '0' } else { ' ' };
        core::iter::repeat_n(fill, missing).chain(shown.chars()).collect()
    }
}

/// `time.strftime(format, tuple)`.
pub fn time_strftime(format: &str, tuple: &StructTime) -> Str {
    strftime_text(format, tuple, None, None, None)
}

/// A time as text. Without microseconds it is the `time` module that asks, which knows no `%f` and has local zones.
pub fn strftime_text(
    format: &str,
    tuple: &StructTime,
    microsecond: Option<i64>,
    offset: Option<i64>,
    zone: Option<Str>,
) -> Str {
    let mut out = String::new();
    let mut rest = format;
    while let Some(place) = rest.find('%') {
        out.push_str(&rest[..place]);
        let directive = &rest[place..];
        let mut style = StrftimeStyle { flag: None, width: None, upper: false, swap: false };
        let mut body = &directive[1..];
        while let Some(flag) = body.chars().next().filter(|flag| "-_0^#".contains(*flag)) {
            match flag {
                '^' => style.upper = true,
                '#' => style.swap = true,
                other => style.flag = Some(other),
            }
            body = &body[1..];
        }
        let digits = body.len() - body.trim_start_matches(|c: char| c.is_ascii_digit()).len();
        if digits > 0 {
            style.width = body[..digits].parse().ok();
            body = &body[digits..];
        }
        // Modifiers change nothing in the C locale.
        if body.starts_with(['E', 'O']) && body.len() > 1 {
            body = &body[1..];
        }
        let Some(letter) = body.chars().next() else {
            out.push_str(directive);
            rest = "";
            continue;
        };
        rest = &body[letter.len_utf8()..];
        let is_plain = directive.len() == 1 + letter.len_utf8() + rest.len();
        match (letter, microsecond) {
            ('f', Some(micros)) if is_plain => out.push_str(&format!("{micros:06}")),
            ('z', Some(_)) if is_plain => out.push_str(&offset.map_or(String::new(), |offset| offset_text(offset, ""))),
            ('Z', Some(_)) if is_plain => out.push_str(zone.as_deref().unwrap_or("")),
            _ => match strftime_directive(letter, tuple, &style) {
                Some(text) => out.push_str(&text),
                None => out.push_str(&directive[..directive.len() - rest.len()]),
            },
        }
    }
    out.push_str(rest);
    Str::from(out)
}

/// The week of the year whose first day is Sunday (0) or Monday (1).
pub fn strftime_week(tuple: &StructTime, first: i64) -> i64 {
    let weekday = (tuple.tm_wday() + 1 - first).rem_euclid(7);
    (tuple.tm_yday() + 6 - weekday) / 7
}

/// The year and the week of ISO 8601.
pub fn strftime_iso_week(tuple: &StructTime) -> (i64, i64) {
    let (year, yearday, weekday) = (tuple.tm_year(), tuple.tm_yday() - 1, tuple.tm_wday());
    let length = |year: i64| 365 + i64::from(calendar_is_leap(year));
    // Days since the Monday of the first week.
    let since = |yearday: i64| yearday - (yearday - weekday + 3).rem_euclid(7) + 3;
    let days = since(yearday);
    if days < 0 {
        return (year - 1, since(yearday + length(year - 1)) / 7 + 1);
    }
    let next = since(yearday - length(year));
    if next >= 0 {
        return (year + 1, next / 7 + 1);
    }
    (year, days / 7 + 1)
}

/// What one directive becomes; none where it is none.
pub fn strftime_directive(letter: char, tuple: &StructTime, style: &StrftimeStyle) -> Option<String> {
    let [year, month, day, hour, minute, second, weekday, yearday, _] = tuple.parts;
    let twelve = (hour + 11).rem_euclid(12) + 1;
    let noon = if hour < 12 { "AM" } else { "PM" };
    let again = |format: &str| style.text(&time_strftime(format, tuple));
    Some(match letter {
        'a' => style.text(&tuple.day_name()[..3]),
        'A' => style.text(tuple.day_name()),
        'b' | 'h' => style.text(&tuple.month_name()[..3]),
        'B' => style.text(tuple.month_name()),
        'c' => again("%a %b %e %H:%M:%S %Y"),
        'C' => style.number(year.div_euclid(100), 1, '0'),
        'd' => style.number(day, 2, '0'),
        'D' | 'x' => again("%m/%d/%y"),
        'e' => style.number(day, 2, ' '),
        'F' => again("%Y-%m-%d"),
        'g' => style.number(strftime_iso_week(tuple).0.rem_euclid(100), 2, '0'),
        'G' => style.number(strftime_iso_week(tuple).0, 1, '0'),
        'H' => style.number(hour, 2, '0'),
        'I' => style.number(twelve, 2, '0'),
        'j' => style.number(yearday, 3, '0'),
        'k' => style.number(hour, 2, ' '),
        'l' => style.number(twelve, 2, ' '),
        'm' => style.number(month, 2, '0'),
        'M' => style.number(minute, 2, '0'),
        'n' => style.text("\n"),
        'p' if style.swap => noon.to_ascii_lowercase(),
        'p' => style.text(noon),
        'P' => style.text(&noon.to_ascii_lowercase()),
        'r' => again("%I:%M:%S %p"),
        'R' => again("%H:%M"),
        's' => style.number(local_seconds(tuple.seconds()), 1, '0'),
        'S' => style.number(second, 2, '0'),
        't' => style.text("\t"),
        'T' | 'X' => again("%H:%M:%S"),
        'u' => style.number(weekday + 1, 1, '0'),
        'U' => style.number(strftime_week(tuple, 0), 2, '0'),
        'V' => style.number(strftime_iso_week(tuple).1, 2, '0'),
        'w' => style.number((weekday + 1) % 7, 1, '0'),
        'W' => style.number(strftime_week(tuple, 1), 2, '0'),
        'y' => style.number(year.rem_euclid(100), 2, '0'),
        'Y' => style.number(year, 1, '0'),
        'z' if tuple.is_gmt => style.text("+0000"),
        'Z' if tuple.is_gmt => style.text("GMT"),
        'z' => {
            let moment = local_seconds(tuple.seconds());
            offset_text(crate::local_offset(moment).0 * 1_000_000, "")
        }
        'Z' => style.text(&crate::local_offset(local_seconds(tuple.seconds())).1),
        '%' => style.text("%"),
        _ => return None,
    })
}

/// What `strptime` read.
pub struct StrptimeParsed {
    /// The tuple.
    pub tuple: StructTime,
    /// Microseconds.
    pub microsecond: i64,
    /// Microseconds east of UTC.
    pub offset: Option<i64>,
    /// The name of the zone.
    pub zone: Option<Str>,
}

/// `time.strptime(text, format)`.
pub fn time_strptime(text: &str, format: &str) -> Result<StructTime, Exc> {
    strptime_parsed(text, format).map(|parsed| parsed.tuple)
}

/// One piece of a format.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum StrptimePiece {
    /// This character, in any case.
    Character(char),
    /// White space.
    Space,
    /// A directive.
    Directive(char),
}

/// The pieces of a format.
pub fn strptime_pieces(format: &str) -> Result<Vec<StrptimePiece>, Exc> {
    let mut pieces = Vec::new();
    let mut rest = format.chars().peekable();
    while let Some(character) = rest.next() {
        if character != '%' {
            let piece = if is_space(character) { StrptimePiece::Space } else { StrptimePiece::Character(character) };
            if piece != StrptimePiece::Space || pieces.last() != Some(&StrptimePiece::Space) {
                pieces.push(piece);
            }
            continue;
        }
        match rest.next() {
            None => return Err(Exc::new(&VALUE_ERROR, format!("stray % in format '{format}'"))),
            Some('%') => pieces.push(StrptimePiece::Character('%')),
            Some('c') => pieces.extend(strptime_pieces("%a %b %d %H:%M:%S %Y")?),
            Some('x') => pieces.extend(strptime_pieces("%m/%d/%y")?),
            Some('X') => pieces.extend(strptime_pieces("%H:%M:%S")?),
            Some(letter) if "dfHIGjmMSUwuVyYzAaBbpZW".contains(letter) => {
                pieces.push(StrptimePiece::Directive(letter));
            }
            Some(other) => {
                // CPython escapes these before it looks for directives.
                let shown = if is_space(other) || "\\.^$*+?(){}[]|".contains(other) { '%' } else { other };
                return Err(Exc::new(&VALUE_ERROR, format!("'{shown}' is a bad directive in format '{format}'")));
            }
        }
    }
    for (place, piece) in pieces.iter().enumerate() {
        if matches!(piece, StrptimePiece::Directive(_)) && pieces[..place].contains(piece) {
            return Err(Exc::new(&VALUE_ERROR, format!("a directive stands twice in format '{format}'")));
        }
    }
    Ok(pieces)
}

/// The lengths that a small pattern may have at the start of a text: alternatives with `|`, `d` for a digit, `[ab]`.
pub fn strptime_lengths(pattern: &str, text: &[char]) -> Vec<usize> {
    let fits = |alternative: &str| {
        let mut length = 0;
        let mut rest = alternative;
        while let Some(first) = rest.chars().next() {
            let character = text.get(length)?;
            let (passes, width) = match first {
                'd' => (decimal_digit(*character).is_some(), 1),
                '[' => {
                    let end = rest.find(']')?;
                    let bounds: Vec<char> = rest[1..end].chars().collect();
                    ((bounds[0]..=bounds[2]).contains(character), end + 1)
                }
                other => (*character == other, 1),
            };
            if !passes {
                return None;
            }
            length += 1;
            rest = &rest[width..];
        }
        Some(length)
    };
    pattern.split('|').filter_map(fits).collect()
}

/// The lengths of names at the start of a text, the longest name first.
pub fn strptime_names(names: &[&str], text: &[char]) -> Vec<usize> {
    let mut sorted: Vec<&str> = names.to_vec();
    sorted.sort_by_key(|name| core::cmp::Reverse(name.len()));
    let same = |name: &&&str| {
        let found: String = text.iter().take(name.len()).collect();
        found.to_lowercase() == name.to_lowercase()
    };
    sorted.iter().filter(same).map(|name| name.len()).collect()
}

/// The lengths of an offset at the start of a text.
pub fn strptime_offsets(text: &[char]) -> Vec<usize> {
    let mut lengths = Vec::new();
    let digits = |place: usize, first: &str| {
        let tens = text.get(place).is_some_and(|c| first.contains(*c) || first == "d" && decimal_digit(*c).is_some());
        tens && text.get(place + 1).is_some_and(|c| decimal_digit(*c).is_some())
    };
    let colon = |place: usize| place + usize::from(text.get(place) == Some(&':'));
    if matches!(text.first(), Some('+' | '-')) && digits(1, "d") {
        let minutes = colon(3);
        if digits(minutes, "012345") {
            let end = minutes + 2;
            let seconds = colon(end);
            if digits(seconds, "012345") {
                let end = seconds + 2;
                if text.get(end) == Some(&'.') {
                    let count = text[end + 1..].iter().take(6).take_while(|c| decimal_digit(**c).is_some()).count();
                    lengths.extend((1..=count).rev().map(|count| end + 1 + count));
                }
                lengths.push(end);
            }
            lengths.push(end);
        }
    }
    if text.first() == Some(&'Z') {
        lengths.push(1);
    }
    lengths
}

/// The lengths that a directive may have at the start of a text, the first one preferred.
pub fn strptime_candidates(letter: char, text: &[char]) -> Vec<usize> {
    let short = |names: &[&'static str]| -> Vec<&'static str> { names.iter().map(|name| &name[..3]).collect() };
    match letter {
        'd' => strptime_lengths("3[0-1]|[1-2]d|0[1-9]|[1-9]| [1-9]", text),
        'f' => {
            let count = text.iter().take(6).take_while(|character| character.is_ascii_digit()).count();
            (1..=count).rev().collect()
        }
        'H' => strptime_lengths("2[0-3]|[0-1]d|d", text),
        'I' => strptime_lengths("1[0-2]|0[1-9]|[1-9]", text),
        'G' | 'Y' => strptime_lengths("dddd", text),
        'j' => strptime_lengths("36[0-6]|3[0-5]d|[1-2]dd|0[1-9]d|00[1-9]|[1-9]d|0[1-9]|[1-9]", text),
        'm' => strptime_lengths("1[0-2]|0[1-9]|[1-9]", text),
        'M' => strptime_lengths("[0-5]d|d", text),
        'S' => strptime_lengths("6[0-1]|[0-5]d|d", text),
        'U' | 'W' => strptime_lengths("5[0-3]|[0-4]d|d", text),
        'w' => strptime_lengths("[0-6]", text),
        'u' => strptime_lengths("[1-7]", text),
        'V' => strptime_lengths("5[0-3]|0[1-9]|[1-4]d|d", text),
        'y' => strptime_lengths("dd", text),
        'z' => strptime_offsets(text),
        'A' => strptime_names(&DAY_NAMES, text),
        'a' => strptime_names(&short(&DAY_NAMES), text),
        'B' => strptime_names(&MONTH_NAMES, text),
        'b' => strptime_names(&short(&MONTH_NAMES), text),
        'p' => strptime_names(&["am", "pm"], text),
        _ => strptime_names(&["utc", "gmt"], text),
    }
}

/// Match pieces at a place; gives the directives' texts and where the match ends.
pub fn strptime_match(pieces: &[StrptimePiece], text: &[char], place: usize) -> Option<(Vec<(char, String)>, usize)> {
    let Some((piece, rest)) = pieces.split_first() else { return Some((Vec::new(), place)) };
    let (lengths, letter) = match piece {
        StrptimePiece::Character(wanted) => {
            let found = text.get(place)?;
            let same = found.to_lowercase().eq(wanted.to_lowercase());
            return if same { strptime_match(rest, text, place + 1) } else { None };
        }
        StrptimePiece::Space => {
            let count = text[place..].iter().take_while(|character| is_space(**character)).count();
            ((1..=count).rev().collect(), None)
        }
        StrptimePiece::Directive(letter) => (strptime_candidates(*letter, &text[place..]), Some(*letter)),
    };
    lengths.into_iter().find_map(|length| {
        let (mut found, end) = strptime_match(rest, text, place + length)?;
        if let Some(letter) = letter {
            found.insert(0, (letter, text[place..place + length].iter().collect()));
        }
        Some((found, end))
    })
}

/// What was read, while it is put together.
#[derive(Default)]
pub struct StrptimeState {
    /// The year.
    pub year: Option<i64>,
    /// The year of ISO weeks.
    pub iso_year: Option<i64>,
    /// The ISO week.
    pub iso_week: Option<i64>,
    /// The week of the year, and whether it begins with Monday.
    pub week: Option<(i64, bool)>,
    /// The day of the week.
    pub weekday: Option<i64>,
    /// The day of the year.
    pub yearday: Option<i64>,
    /// The month and the day.
    pub month_day: (i64, i64),
    /// The time.
    pub clock: [i64; 4],
    /// Microseconds east of UTC.
    pub offset: Option<i64>,
    /// The name of the zone.
    pub zone: Option<Str>,
}

/// A number of decimal digits of any script; 0 where there are none.
pub fn strptime_number(text: &str) -> i64 {
    text.chars().filter_map(decimal_digit).fold(0, |number, digit| number * 10 + i64::from(digit))
}

/// The microseconds of an offset's text. Errors: ValueError where colons are not all there.
pub fn strptime_offset(text: &str) -> Result<i64, Exc> {
    if text == "Z" {
        return Ok(0);
    }
    let characters: Vec<char> = text.chars().collect();
    if characters[3] == ':' && characters.len() > 6 && characters[6] != ':' {
        return Err(Exc::new(&VALUE_ERROR, format!("Inconsistent use of : in {text}")));
    }
    let (whole, part) = text.split_once('.').unwrap_or((text, ""));
    let digits: Vec<i64> = whole.chars().filter_map(decimal_digit).map(i64::from).collect();
    let two = |place: usize| digits.get(place).map_or(0, |tens| tens * 10 + digits[place + 1]);
    let seconds = two(0) * 3600 + two(2) * 60 + two(4);
    let micros = strptime_number(&format!("{part:0<6}"));
    let size = seconds * 1_000_000 + micros;
    Ok(if text.starts_with('-') { -size } else { size })
}

impl StrptimeState {
    /// Take in a directive's text; the others are there for `%p`.
    pub fn take(&mut self, letter: char, text: &str, all: &[(char, String)]) -> Result<(), Exc> {
        let number = || strptime_number(text);
        let place = |names: &[&str], width: usize| {
            let is_it = |name: &&str| name[..width.min(name.len())].eq_ignore_ascii_case(text);
            names.iter().position(is_it).map_or(0, |place| place as i64)
        };
        match letter {
            'y' => self.year = Some(number() + if number() <= 68 { 2000 } else { 1900 }),
            'Y' => self.year = Some(number()),
            'G' => self.iso_year = Some(number()),
            'm' => self.month_day.0 = number(),
            'B' => self.month_day.0 = place(&MONTH_NAMES, usize::MAX) + 1,
            'b' => self.month_day.0 = place(&MONTH_NAMES, 3) + 1,
            'd' => self.month_day.1 = number(),
            'H' => self.clock[0] = number(),
            'I' => {
                let half = all.iter().find(|(letter, _)| *letter == 'p').map_or("", |(_, text)| text);
                let is_pm = half.eq_ignore_ascii_case("pm");
                self.clock[0] = number() % 12 + if is_pm { 12 } else { 0 };
            }
            'M' => self.clock[1] = number(),
            'S' => self.clock[2] = number(),
            'f' => self.clock[3] = strptime_number(&format!("{text:0<6}")),
            'A' => self.weekday = Some(place(&DAY_NAMES, usize::MAX)),
            'a' => self.weekday = Some(place(&DAY_NAMES, 3)),
            'w' => self.weekday = Some((number() + 6) % 7),
            'u' => self.weekday = Some(number() - 1),
            'j' => self.yearday = Some(number()),
            'U' => self.week = Some((number(), false)),
            'W' => self.week = Some((number(), true)),
            'V' => self.iso_week = Some(number()),
            'z' => self.offset = Some(strptime_offset(text)?),
            'Z' => self.zone = Some(Str::from(text)),
            _ => {}
        }
        Ok(())
    }

    /// What must not stand together.
    pub fn check(&self) -> Result<(), Exc> {
        let text = if self.year.is_none() && self.iso_year.is_some() {
            if self.iso_week.is_none() || self.weekday.is_none() {
                "ISO year directive '%G' must be used with the ISO week directive '%V' and a weekday directive ('%A', \
                 '%a', '%w', or '%u')."
            } else if self.yearday.is_some() {
                "Day of the year directive '%j' is not compatible with ISO year directive '%G'. Use '%Y' instead."
            } else {
                return Ok(());
            }
        } else if self.week.is_none() && self.iso_week.is_some() {
            if self.weekday.is_none() {
                "ISO week directive '%V' must be used with the ISO year directive '%G' and a weekday directive ('%A', \
                 '%a', '%w', or '%u')."
            } else {
                "ISO week directive '%V' is incompatible with the year directive '%Y'. Use the ISO year '%G' instead."
            }
        } else {
            return Ok(());
        };
        Err(Exc::new(&VALUE_ERROR, text))
    }

    /// The day of the year that weeks and weekdays mean, with its year.
    pub fn day_of_week(&self, year: i64) -> Option<(i64, i64)> {
        let weekday = self.weekday.filter(|_| self.yearday.is_none())?;
        if let Some((week, from_monday)) = self.week {
            let shift = i64::from(!from_monday);
            let first = (calendar_days_before(year) + 7 + shift).rem_euclid(7);
            let day = (weekday + shift) % 7;
            if week == 0 {
                return Some((year, 1 + day - first));
            }
            return Some((year, 1 + (7 - first) % 7 + 7 * (week - 1) + day));
        }
        let (iso_year, week) = (self.iso_year?, self.iso_week?);
        let ordinal = crate::calendar_week_one(iso_year) + (week - 1) * 7 + weekday;
        let start = calendar_days_before(iso_year);
        if ordinal > start {
            return Some((iso_year, ordinal - start));
        }
        Some((iso_year - 1, ordinal - calendar_days_before(iso_year - 1)))
    }

    /// The whole.
    pub fn finish(self) -> Result<StrptimeParsed, Exc> {
        self.check()?;
        let (mut month, mut day) = self.month_day;
        let is_leap_day = self.year.is_none() && (month, day) == (2, 29);
        let mut year = self.year.unwrap_or(if is_leap_day { 1904 } else { 1900 });
        let mut yearday = self.yearday;
        if let Some((of_year, of_day)) = self.day_of_week(year) {
            year = of_year;
            yearday = Some(of_day);
            if of_day <= 0 {
                year -= 1;
                yearday = Some(of_day + 365 + i64::from(calendar_is_leap(year)));
            }
        }
        let yearday = match yearday {
            Some(yearday) => {
                let date = Date::fromordinal(calendar_days_before(year) + yearday)?;
                (year, month, day) = (date.year(), date.month(), date.day());
                yearday
            }
            None => Date::new(year, month, day)?.yearday(),
        };
        let weekday = match self.weekday {
            Some(weekday) => weekday,
            None => Date::new(year, month, day)?.weekday(),
        };
        let year = if is_leap_day { 1900 } else { year };
        let [hour, minute, second, microsecond] = self.clock;
        let is_utc = self.zone.as_ref().map_or(-1, |_| 0);
        let tuple = StructTime::new([year, month, day, hour, minute, second, weekday, yearday, is_utc]);
        Ok(StrptimeParsed { tuple, microsecond, offset: self.offset, zone: self.zone })
    }
}

/// Read a text by a format.
pub fn strptime_parsed(text: &str, format: &str) -> Result<StrptimeParsed, Exc> {
    let pieces = strptime_pieces(format)?;
    let characters: Vec<char> = text.chars().collect();
    let Some((found, end)) = strptime_match(&pieces, &characters, 0) else {
        let text = format!("time data {} does not match format {}", re_quoted(text), re_quoted(format));
        return Err(Exc::new(&VALUE_ERROR, text));
    };
    if end < characters.len() {
        let rest: String = characters[end..].iter().collect();
        return Err(Exc::new(&VALUE_ERROR, format!("unconverted data remains: {rest}")));
    }
    let mut state = StrptimeState { month_day: (1, 1), ..StrptimeState::default() };
    for (letter, text) in &found {
        state.take(*letter, text, &found)?;
    }
    state.finish()
}
