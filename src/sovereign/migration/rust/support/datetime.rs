//! `datetime.datetime`, `datetime.time` and `datetime.timezone`: `DateTime`, `Time`, `TimeZone` (fixed offsets).
//!
//! `DateTime::new(year, month, day, [hour, minute, second, microsecond]: [i64; 4], Option<TimeZone>) -> Result<DateTime,
//! Exc>`, `DateTime::{now(Option<TimeZone>), utcnow(), fromtimestamp(f64, Option<TimeZone>), utcfromtimestamp(f64),
//! fromisoformat(&str), strptime(&str, format: &str), combine(Date, &Time), fromordinal(i64)}`; getters of Python's names; `date()
//! time() timetz() weekday() isoweekday() isocalendar() toordinal() timetuple() isoformat(separator: &str, timespec: &str) ->
//! Result<Str, Exc> strftime(&str) ctime() timestamp() -> f64 utcoffset() -> Option<TimeDelta> tzname() -> Option<Str>
//! tzinfo() -> Option<TimeZone> astimezone(Option<TimeZone>) replace_date(year, month, day: Option<i64>)
//! replace_time(hour, minute, second, microsecond: Option<i64>) replace_tzinfo(Option<TimeZone>) add(&TimeDelta) sub(&TimeDelta)
//! since(&DateTime) -> Result<TimeDelta, Exc> order(&DateTime) -> Result<Ordering, Exc>` (`<` of naive and aware raises).
//! `Time::new([i64; 4], Option<TimeZone>)` with `isoformat(timespec) strftime replace fromisoformat`;
//! `TimeZone::new(&TimeDelta, Option<Str>) -> Result<TimeZone, Exc>`, `TIMEZONE_UTC`. Refused: `fold`, `zoneinfo`, own tzinfo.

use crate::{
    iso_date, iso_number, local_offset, platform, re_quoted, repr, strftime_text, strptime_parsed, CMath, Date, Exc,
    Object, Ordered, Str, StructTime, TimeDelta, DAY_MICROS, OS_ERROR, OVERFLOW_ERROR, SECOND_MICROS, TYPE_ERROR,
    VALUE_ERROR,
};
use alloc::format;
use alloc::string::String;
use alloc::vec;
use alloc::vec::Vec;
use core::cmp::Ordering;

/// A zone with one offset.
#[derive(Clone)]
pub struct TimeZone {
    /// Microseconds east of UTC.
    pub offset: i64,
    /// The name, if it has its own.
    pub name: Option<Str>,
}

/// `timezone.utc`.
pub const TIMEZONE_UTC: TimeZone = TimeZone { offset: 0, name: None };

impl TimeZone {
    /// `timezone(offset, name)`.
    pub fn new(offset: &TimeDelta, name: Option<Str>) -> Result<TimeZone, Exc> {
        if offset.0.abs() >= DAY_MICROS {
            let text = format!(
                "offset must be a timedelta strictly between -timedelta(hours=24) and timedelta(hours=24), not {}.",
                repr(offset)
            );
            return Err(Exc::new(&VALUE_ERROR, text));
        }
        Ok(TimeZone { offset: offset.0 as i64, name })
    }

    /// `self.utcoffset(None)`.
    pub fn utcoffset(&self) -> TimeDelta {
        TimeDelta(i128::from(self.offset))
    }

    /// `self.tzname(None)`.
    pub fn tzname(&self) -> Str {
        match &self.name {
            Some(name) => name.clone(),
            None if self.offset == 0 => Str::literal("UTC"),
            None => Str::from(format!("UTC{}", offset_text(self.offset, ":"))),
        }
    }
}

/// An offset as text, with a sign between hours and minutes.
pub fn offset_text(micros: i64, between: &str) -> String {
    let sign = if micros < 0 { '-' } else { '+' };
    let size = micros.abs();
    let (seconds, rest) = (size / 1_000_000, size % 1_000_000);
    let mut text = format!("{sign}{:02}{between}{:02}", seconds / 3600, seconds / 60 % 60);
    if seconds % 60 != 0 || rest != 0 {
        text.push_str(&format!("{between}{:02}", seconds % 60));
        if rest != 0 {
            text.push_str(&format!(".{rest:06}"));
        }
    }
    text
}

impl Object for TimeZone {
    fn write_repr(&self, out: &mut String) {
        if self.offset == 0 && self.name.is_none() {
            out.push_str("datetime.timezone.utc");
            return;
        }
        out.push_str(&format!("datetime.timezone({}", repr(&self.utcoffset())));
        if let Some(name) = &self.name {
            out.push_str(&format!(", {}", repr(name)));
        }
        out.push(')');
    }
    fn write_str(&self, out: &mut String) {
        out.push_str(&self.tzname());
    }
    fn equals(&self, other: &Self) -> bool {
        self.offset == other.offset
    }
    fn hash(&self) -> u64 {
        self.offset.hash()
    }
    fn type_name(&self) -> &'static str {
        "timezone"
    }
}

/// A time of day.
#[derive(Clone)]
pub struct Time {
    /// Microseconds since midnight.
    pub micros: i64,
    /// The zone.
    pub zone: Option<TimeZone>,
}

/// Numbers must be those of a time.
pub fn time_check([hour, minute, second, microsecond]: [i64; 4]) -> Result<i64, Exc> {
    for (value, end, name) in
        [(hour, 24, "hour"), (minute, 60, "minute"), (second, 60, "second"), (microsecond, 1_000_000, "microsecond")]
    {
        if !(0..end).contains(&value) {
            return Err(Exc::new(&VALUE_ERROR, format!("{name} must be in 0..{}", end - 1)));
        }
    }
    Ok(((hour * 60 + minute) * 60 + second) * 1_000_000 + microsecond)
}

/// A time of day as text.
pub fn time_text(micros: i64, timespec: &str) -> Result<String, Exc> {
    let (seconds, rest) = (micros / 1_000_000, micros % 1_000_000);
    let (hour, minute, second) = (seconds / 3600, seconds / 60 % 60, seconds % 60);
    Ok(match timespec {
        "auto" if rest == 0 => format!("{hour:02}:{minute:02}:{second:02}"),
        "auto" | "microseconds" => format!("{hour:02}:{minute:02}:{second:02}.{rest:06}"),
        "milliseconds" => format!("{hour:02}:{minute:02}:{second:02}.{:03}", rest / 1000),
        "seconds" => format!("{hour:02}:{minute:02}:{second:02}"),
        "minutes" => format!("{hour:02}:{minute:02}"),
        "hours" => format!("{hour:02}"),
        _ => return Err(Exc::new(&VALUE_ERROR, "Unknown timespec value")),
    })
}

impl Time {
    /// `time(hour, minute, second, microsecond, tzinfo)`.
    pub fn new(parts: [i64; 4], zone: Option<TimeZone>) -> Result<Time, Exc> {
        Ok(Time { micros: time_check(parts)?, zone })
    }

    /// `time.fromisoformat(text)`.
    pub fn fromisoformat(text: &str) -> Result<Time, Exc> {
        let invalid = || Exc::new(&VALUE_ERROR, format!("Invalid isoformat string: {}", re_quoted(text)));
        let plain = text.strip_prefix('T').unwrap_or(text);
        let (parts, zone) = iso_time(plain).ok_or_else(invalid)??;
        Time::new(parts, zone)
    }

    /// `self.hour`.
    pub fn hour(&self) -> i64 {
        self.micros / 3_600_000_000
    }

    /// `self.minute`.
    pub fn minute(&self) -> i64 {
        self.micros / 60_000_000 % 60
    }

    /// `self.second`.
    pub fn second(&self) -> i64 {
        self.micros / 1_000_000 % 60
    }

    /// `self.microsecond`.
    pub fn microsecond(&self) -> i64 {
        self.micros % 1_000_000
    }

    /// `self.tzinfo`.
    pub fn tzinfo(&self) -> Option<TimeZone> {
        self.zone.clone()
    }

    /// `self.isoformat(timespec)`.
    pub fn isoformat(&self, timespec: &str) -> Result<Str, Exc> {
        let mut text = time_text(self.micros, timespec)?;
        if let Some(zone) = &self.zone {
            text.push_str(&offset_text(zone.offset, ":"));
        }
        Ok(Str::from(text))
    }

    /// `self.strftime(format)`.
    pub fn strftime(&self, format: &str) -> Str {
        // Python takes the first day of 1900.
        let tuple = StructTime::new([1900, 1, 1, self.hour(), self.minute(), self.second(), 0, 1, -1]);
        strftime_text(
            format,
            &tuple,
            Some(self.microsecond()),
            self.zone.as_ref().map(|zone| zone.offset),
            self.tzname(),
        )
    }

    /// `self.tzname()`.
    pub fn tzname(&self) -> Option<Str> {
        self.zone.as_ref().map(TimeZone::tzname)
    }

    /// `self.replace(...)`.
    pub fn replace(
        &self,
        hour: Option<i64>,
        minute: Option<i64>,
        second: Option<i64>,
        microsecond: Option<i64>,
    ) -> Result<Time, Exc> {
        let parts = [
            hour.unwrap_or(self.hour()),
            minute.unwrap_or(self.minute()),
            second.unwrap_or(self.second()),
            microsecond.unwrap_or(self.microsecond()),
        ];
        Time::new(parts, self.zone.clone())
    }
}

/// The arguments of a time's constructor: seconds and below only where they are not 0.
pub fn time_arguments(micros: i64) -> Vec<String> {
    let (seconds, rest) = (micros / 1_000_000, micros % 1_000_000);
    let mut parts = vec![format!("{}", seconds / 3600), format!("{}", seconds / 60 % 60)];
    if seconds % 60 != 0 || rest != 0 {
        parts.push(format!("{}", seconds % 60));
    }
    if rest != 0 {
        parts.push(format!("{rest}"));
    }
    parts
}

impl Object for Time {
    fn write_repr(&self, out: &mut String) {
        let mut parts = time_arguments(self.micros);
        parts.extend(self.zone.as_ref().map(|zone| format!("tzinfo={}", repr(zone))));
        out.push_str(&format!("datetime.time({})", parts.join(", ")));
    }
    fn write_str(&self, out: &mut String) {
        out.push_str(&self.isoformat("auto").unwrap_or_default());
    }
    fn equals(&self, other: &Self) -> bool {
        self.compare(other) == Some(Ordering::Equal)
    }
    fn hash(&self) -> u64 {
        (self.micros - self.zone.as_ref().map_or(0, |zone| zone.offset)).hash()
    }
    fn type_name(&self) -> &'static str {
        "time"
    }
}

impl Ordered for Time {
    fn compare(&self, other: &Self) -> Option<Ordering> {
        match (&self.zone, &other.zone) {
            (None, None) => Some(self.micros.cmp(&other.micros)),
            (Some(a), Some(b)) => Some((self.micros - a.offset).cmp(&(other.micros - b.offset))),
            _ => None,
        }
    }
}

/// The parts of an ISO text of a time without a zone, from `start` to `end`, and whether something is left. CPython looks
/// at the character behind the end too.
pub fn iso_clock(text: &[u8], start: usize, end: usize) -> Option<([i64; 4], bool)> {
    let mut parts = [0; 4];
    let mut place = start;
    let mut has_colon = false;
    for (count, part) in parts[..3].iter_mut().enumerate() {
        *part = iso_number(text.get(place..place + 2)?)?;
        place += 2;
        let next = text.get(place).copied();
        place += 1;
        if count == 0 {
            has_colon = next == Some(b':');
        }
        if place >= end {
            return Some((parts, next.is_some()));
        }
        match next {
            Some(b':') if has_colon => {}
            Some(b'.' | b',') => break,
            _ if !has_colon => place -= 1,
            _ => return None,
        }
    }
    let count = (end - place).min(6);
    let digits = iso_number(text.get(place..place + count)?)?;
    parts[3] = (count..6).fold(digits, |number, _| number * 10);
    place += count;
    while text.get(place).is_some_and(u8::is_ascii_digit) {
        place += 1;
    }
    Some((parts, place < text.len()))
}

/// What an ISO text of a time says: its parts and its zone.
pub type IsoTime = ([i64; 4], Option<TimeZone>);

/// An ISO text of a time; none where the text has another shape.
pub fn iso_time(text: &str) -> Option<Result<IsoTime, Exc>> {
    let bytes = text.as_bytes();
    let sign = bytes.iter().position(|byte| matches!(byte, b'+' | b'-' | b'Z'));
    let (parts, is_left) = iso_clock(bytes, 0, sign.unwrap_or(bytes.len()))?;
    let Some(sign) = sign else { return (!is_left).then_some(Ok((parts, None))) };
    if bytes[sign] == b'Z' {
        return (sign + 1 == bytes.len()).then_some(Ok((parts, Some(TIMEZONE_UTC))));
    }
    let ([hours, minutes, seconds, micros], is_left) = iso_clock(bytes, sign + 1, bytes.len())?;
    if is_left {
        return None;
    }
    let size = ((hours * 60 + minutes) * 60 + seconds) * 1_000_000 + micros;
    let offset = if bytes[sign] == b'-' { -size } else { size };
    Some(TimeZone::new(&TimeDelta(i128::from(offset)), None).map(|zone| (parts, Some(zone))))
}

/// A day and a time of it.
#[derive(Clone)]
pub struct DateTime {
    /// The day.
    pub day: Date,
    /// The time.
    pub clock: Time,
}

impl DateTime {
    /// `datetime(year, month, day, hour, minute, second, microsecond, tzinfo)`.
    pub fn new(year: i64, month: i64, day: i64, parts: [i64; 4], zone: Option<TimeZone>) -> Result<DateTime, Exc> {
        Ok(DateTime { day: Date::new(year, month, day)?, clock: Time::new(parts, zone)? })
    }

    /// The start of a day.
    pub fn midnight(day: Date) -> DateTime {
        DateTime { day, clock: Time { micros: 0, zone: None } }
    }

    /// The moment so many microseconds after the start of 1970, in no zone.
    pub fn of_micros(micros: i128) -> Result<DateTime, Exc> {
        let days = micros.div_euclid(DAY_MICROS) + 719_163;
        if !(1..=3_652_059).contains(&days) {
            return Err(Exc::new(&OVERFLOW_ERROR, "date value out of range"));
        }
        let clock = Time { micros: micros.rem_euclid(DAY_MICROS) as i64, zone: None };
        Ok(DateTime { day: Date::of_ordinal(days as i64), clock })
    }

    /// Microseconds since the start of 1970, as if this were UTC.
    pub fn plain_micros(&self) -> i128 {
        i128::from(self.day.toordinal() - 719_163) * DAY_MICROS + i128::from(self.clock.micros)
    }

    /// The same with a zone.
    pub fn within(self, zone: Option<TimeZone>) -> DateTime {
        DateTime { clock: Time { zone, ..self.clock }, ..self }
    }

    /// A moment in a zone, or in local time.
    pub fn at(micros: i128, zone: Option<TimeZone>) -> Result<DateTime, Exc> {
        let offset = match &zone {
            Some(zone) => zone.offset,
            None => local_offset(micros.div_euclid(SECOND_MICROS) as i64).0 * 1_000_000,
        };
        Ok(DateTime::of_micros(micros + i128::from(offset))?.within(zone))
    }

    /// `datetime.now(zone)`.
    pub fn now(zone: Option<TimeZone>) -> DateTime {
        let micros = i128::from(platform().now().div_euclid(1000));
        DateTime::at(micros, zone).unwrap_or_else(|_| DateTime::midnight(crate::DATE_MIN))
    }

    /// `datetime.utcnow()`.
    pub fn utcnow() -> DateTime {
        DateTime::now(Some(TIMEZONE_UTC)).within(None)
    }

    /// `datetime.fromtimestamp(timestamp, zone)`.
    pub fn fromtimestamp(timestamp: f64, zone: Option<TimeZone>) -> Result<DateTime, Exc> {
        let micros = timestamp_micros(timestamp)?;
        timestamp_year(micros)?;
        DateTime::at(micros, zone)
    }

    /// `datetime.utcfromtimestamp(timestamp)`.
    pub fn utcfromtimestamp(timestamp: f64) -> Result<DateTime, Exc> {
        Ok(DateTime::fromtimestamp(timestamp, Some(TIMEZONE_UTC))?.within(None))
    }

    /// `datetime.combine(day, time)`.
    pub fn combine(day: Date, clock: &Time) -> DateTime {
        DateTime { day, clock: clock.clone() }
    }

    /// `datetime.fromordinal(ordinal)`.
    pub fn fromordinal(ordinal: i64) -> Result<DateTime, Exc> {
        Ok(DateTime::midnight(Date::fromordinal(ordinal)?))
    }

    /// `datetime.strptime(text, format)`.
    pub fn strptime(text: &str, format: &str) -> Result<DateTime, Exc> {
        let parsed = strptime_parsed(text, format)?;
        let [year, month, day, hour, minute, second, ..] = parsed.tuple.parts;
        let zone = match parsed.offset {
            Some(offset) => Some(TimeZone::new(&TimeDelta(i128::from(offset)), parsed.zone)?),
            None => None,
        };
        DateTime::new(year, month, day, [hour, minute, second, parsed.microsecond], zone)
    }

    /// `datetime.fromisoformat(text)`.
    pub fn fromisoformat(text: &str) -> Result<DateTime, Exc> {
        let invalid = || Exc::new(&VALUE_ERROR, format!("Invalid isoformat string: {}", re_quoted(text)));
        let separator = iso_separator(text).ok_or_else(invalid)?;
        let day = iso_date(text.get(..separator).ok_or_else(invalid)?).ok_or_else(invalid)?;
        let rest = &text[separator..];
        let Some(mark) = rest.chars().next() else { return Ok(DateTime::midnight(day?)) };
        let (parts, zone) = iso_time(&rest[mark.len_utf8()..]).ok_or_else(invalid)??;
        Ok(DateTime { day: day?, clock: Time::new(parts, zone)? })
    }
}

/// Where the day ends in an ISO text.
pub fn iso_separator(text: &str) -> Option<usize> {
    let bytes = text.as_bytes();
    let length = bytes.len();
    if length == 7 {
        return Some(7);
    }
    if length < 7 {
        return None;
    }
    let is_digit = |place: usize| bytes.get(place).is_some_and(u8::is_ascii_digit);
    if bytes[4] == b'-' {
        if bytes[5] != b'W' {
            return Some(10);
        }
        if length > 8 && bytes[8] == b'-' {
            return (length != 9).then(|| if length > 10 && is_digit(10) { 8 } else { 10 });
        }
        return Some(8);
    }
    if bytes[4] != b'W' {
        return Some(8);
    }
    let mut end = 7;
    while is_digit(end) {
        end += 1;
    }
    Some(match end {
        _ if end < 9 => end,
        _ if end % 2 == 0 => 7,
        _ => 8,
    })
}

/// A timestamp in microseconds, ties to even.
pub fn timestamp_micros(timestamp: f64) -> Result<i128, Exc> {
    if timestamp.is_nan() {
        return Err(Exc::new(&VALUE_ERROR, "Invalid value NaN (not a number)"));
    }
    if timestamp.abs() >= 9.223_372_036_854_776e18 {
        return Err(Exc::new(&OVERFLOW_ERROR, "timestamp out of range for platform time_t"));
    }
    let whole = timestamp.c_trunc();
    let micros = crate::float_nearest((timestamp - whole) * 1e6);
    Ok(whole as i128 * SECOND_MICROS + micros as i128)
}

/// A timestamp's year must be one of the calendar.
pub fn timestamp_year(micros: i128) -> Result<(), Exc> {
    let seconds = micros.div_euclid(SECOND_MICROS) as f64;
    // Beyond this the C library gives up.
    if seconds.abs() > 6.7e16 {
        let arguments =
            vec![crate::argument(75i64), crate::argument(Str::literal("Value too large for defined data type"))];
        return Err(Exc::of(&OS_ERROR, arguments));
    }
    let mut year = 1970 + (seconds / 31_556_952.0).c_floor() as i64;
    let start = |year: i64| (crate::calendar_days_before(year) - 719_162) as f64 * 86_400.0;
    while start(year) > seconds {
        year -= 1;
    }
    while start(year + 1) <= seconds {
        year += 1;
    }
    if !(1..=9999).contains(&year) {
        return Err(Exc::new(&VALUE_ERROR, format!("year {year} is out of range")));
    }
    Ok(())
}

impl DateTime {
    /// `self.year`.
    pub fn year(&self) -> i64 {
        self.day.year()
    }

    /// `self.month`.
    pub fn month(&self) -> i64 {
        self.day.month()
    }

    /// `self.day`.
    pub fn day(&self) -> i64 {
        self.day.day()
    }

    /// `self.hour`.
    pub fn hour(&self) -> i64 {
        self.clock.hour()
    }

    /// `self.minute`.
    pub fn minute(&self) -> i64 {
        self.clock.minute()
    }

    /// `self.second`.
    pub fn second(&self) -> i64 {
        self.clock.second()
    }

    /// `self.microsecond`.
    pub fn microsecond(&self) -> i64 {
        self.clock.microsecond()
    }

    /// `self.tzinfo`.
    pub fn tzinfo(&self) -> Option<TimeZone> {
        self.clock.zone.clone()
    }

    /// `self.date()`.
    pub fn date(&self) -> Date {
        self.day
    }

    /// `self.time()`.
    pub fn time(&self) -> Time {
        Time { micros: self.clock.micros, zone: None }
    }

    /// `self.timetz()`.
    pub fn timetz(&self) -> Time {
        self.clock.clone()
    }

    /// `self.weekday()`.
    pub fn weekday(&self) -> i64 {
        self.day.weekday()
    }

    /// `self.isoweekday()`.
    pub fn isoweekday(&self) -> i64 {
        self.day.isoweekday()
    }

    /// `self.isocalendar()` as a tuple.
    pub fn isocalendar(&self) -> (i64, i64, i64) {
        self.day.isocalendar()
    }

    /// `self.toordinal()`.
    pub fn toordinal(&self) -> i64 {
        self.day.toordinal()
    }

    /// `self.utcoffset()`.
    pub fn utcoffset(&self) -> Option<TimeDelta> {
        self.clock.zone.as_ref().map(TimeZone::utcoffset)
    }

    /// `self.tzname()`.
    pub fn tzname(&self) -> Option<Str> {
        self.clock.tzname()
    }

    /// `self.timetuple()`.
    pub fn timetuple(&self) -> StructTime {
        // A fixed zone knows no summer time.
        StructTime::new([
            self.year(),
            self.month(),
            self.day(),
            self.hour(),
            self.minute(),
            self.second(),
            self.weekday(),
            self.day.yearday(),
            -1,
        ])
    }

    /// `self.isoformat(separator, timespec)`.
    pub fn isoformat(&self, separator: &str, timespec: &str) -> Result<Str, Exc> {
        let clock = self.clock.isoformat(timespec)?;
        Ok(Str::from(format!("{}{separator}{clock}", self.day.isoformat())))
    }

    /// `self.strftime(format)`.
    pub fn strftime(&self, format: &str) -> Str {
        let offset = self.clock.zone.as_ref().map(|zone| zone.offset);
        strftime_text(format, &self.timetuple(), Some(self.microsecond()), offset, self.tzname())
    }

    /// `self.ctime()`.
    pub fn ctime(&self) -> Str {
        self.timetuple().dated(&format!("{:04}", self.year()))
    }

    /// `self.timestamp()`.
    pub fn timestamp(&self) -> f64 {
        let micros = match &self.clock.zone {
            Some(zone) => return TimeDelta(self.plain_micros() - i128::from(zone.offset)).total_seconds(),
            None => self.plain_micros(),
        };
        let seconds = local_seconds(micros.div_euclid(SECOND_MICROS) as i64);
        seconds as f64 + self.microsecond() as f64 / 1e6
    }
}

/// The moment at which local clocks show so many seconds since the start of 1970.
pub fn local_seconds(shown: i64) -> i64 {
    let local = |moment: i64| moment + local_offset(moment).0;
    let first = shown - (local(shown) - shown);
    if local(first) == shown {
        let day = first - 86_400;
        let before = local(day) - day;
        if before == local(shown) - shown {
            return first;
        }
        let second = shown - before;
        return if local(second) == shown { second } else { first };
    }
    let second = shown - (local(first) - first);
    if local(second) == shown {
        second
    } else {
        first.max(second)
    }
}

impl DateTime {
    /// `self.replace(year=, month=, day=)`.
    pub fn replace_date(&self, year: Option<i64>, month: Option<i64>, day: Option<i64>) -> Result<DateTime, Exc> {
        Ok(DateTime { day: self.day.replace(year, month, day)?, clock: self.clock.clone() })
    }

    /// `self.replace(hour=, minute=, second=, microsecond=)`.
    pub fn replace_time(
        &self,
        hour: Option<i64>,
        minute: Option<i64>,
        second: Option<i64>,
        microsecond: Option<i64>,
    ) -> Result<DateTime, Exc> {
        Ok(DateTime { day: self.day, clock: self.clock.replace(hour, minute, second, microsecond)? })
    }

    /// `self.replace(tzinfo=zone)`.
    pub fn replace_tzinfo(&self, zone: Option<TimeZone>) -> DateTime {
        self.clone().within(zone)
    }

    /// `self.astimezone(zone)`; without one to local time.
    pub fn astimezone(&self, zone: Option<TimeZone>) -> Result<DateTime, Exc> {
        let moment = match &self.clock.zone {
            Some(own) => self.plain_micros() - i128::from(own.offset),
            None => {
                let shown = self.plain_micros();
                let seconds = local_seconds(shown.div_euclid(SECOND_MICROS) as i64);
                i128::from(seconds) * SECOND_MICROS + shown.rem_euclid(SECOND_MICROS)
            }
        };
        let zone = zone.unwrap_or_else(|| {
            let (offset, name) = local_offset(moment.div_euclid(SECOND_MICROS) as i64);
            TimeZone { offset: offset * 1_000_000, name: Some(name) }
        });
        DateTime::at(moment, Some(zone))
    }

    /// `self + delta`.
    pub fn add(&self, delta: &TimeDelta) -> Result<DateTime, Exc> {
        Ok(DateTime::of_micros(self.plain_micros() + delta.0)?.within(self.tzinfo()))
    }

    /// `self - delta`.
    pub fn sub(&self, delta: &TimeDelta) -> Result<DateTime, Exc> {
        Ok(DateTime::of_micros(self.plain_micros() - delta.0)?.within(self.tzinfo()))
    }

    /// `self - other`.
    pub fn since(&self, other: &DateTime) -> Result<TimeDelta, Exc> {
        match (&self.clock.zone, &other.clock.zone) {
            (None, None) => Ok(TimeDelta(self.plain_micros() - other.plain_micros())),
            (Some(a), Some(b)) => {
                let offsets = i128::from(a.offset - b.offset);
                Ok(TimeDelta(self.plain_micros() - other.plain_micros() - offsets))
            }
            _ => Err(Exc::new(&TYPE_ERROR, "can't subtract offset-naive and offset-aware datetimes")),
        }
    }

    /// How `self` stands to `other`. Errors: TypeError where one has a zone and the other has none.
    pub fn order(&self, other: &DateTime) -> Result<Ordering, Exc> {
        self.compare(other)
            .ok_or_else(|| Exc::new(&TYPE_ERROR, "can't compare offset-naive and offset-aware datetimes"))
    }
}

impl Object for DateTime {
    fn write_repr(&self, out: &mut String) {
        let mut parts = vec![format!("{}", self.year()), format!("{}", self.month()), format!("{}", self.day())];
        parts.extend(time_arguments(self.clock.micros));
        parts.extend(self.clock.zone.as_ref().map(|zone| format!("tzinfo={}", repr(zone))));
        out.push_str(&format!("datetime.datetime({})", parts.join(", ")));
    }
    fn write_str(&self, out: &mut String) {
        out.push_str(&self.isoformat(" ", "auto").unwrap_or_default());
    }
    fn equals(&self, other: &Self) -> bool {
        self.compare(other) == Some(Ordering::Equal)
    }
    fn hash(&self) -> u64 {
        let micros = self.plain_micros() - self.clock.zone.as_ref().map_or(0, |zone| i128::from(zone.offset));
        (micros as i64).hash()
    }
    fn type_name(&self) -> &'static str {
        "datetime"
    }
}

impl Ordered for DateTime {
    fn compare(&self, other: &Self) -> Option<Ordering> {
        self.since(other).ok().map(|delta| delta.0.cmp(&0))
    }
}
