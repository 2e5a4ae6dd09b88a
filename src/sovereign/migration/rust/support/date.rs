//! `datetime.date` and the arithmetic of the calendar: `Date`.
//!
//! `Date::new(year, month, day: i64) -> Result<Date, Exc>`, `Date::today()`, `Date::fromordinal(i64)`,
//! `Date::fromisoformat(&str)`, `Date::fromisocalendar(year, week, day)`, `Date::fromtimestamp(f64)`; `year() month() day()
//! weekday() isoweekday() toordinal() -> i64`, `isocalendar() -> (i64, i64, i64)`, `isoformat() -> Str`, `ctime()`,
//! `strftime(&str) -> Str`, `replace(year, month, day: Option<i64>) -> Result<Date, Exc>`, `add(&TimeDelta) -> Result<Date,
//! Exc>`, `sub(&TimeDelta)`, `since(&Date) -> TimeDelta` (`a - b`), `timetuple() -> StructTime`. `DATE_MIN`, `DATE_MAX`.
//! `calendar_is_leap(i64) -> bool`, `calendar_month_days(year, month) -> i64`. Refused: the repr of `isocalendar()`.

use crate::{
    re_quoted, strftime_text, DateTime, Exc, Int, Object, Ordered, Str, StructTime, TimeDelta, DAY_MICROS,
    OVERFLOW_ERROR, VALUE_ERROR,
};
use alloc::format;
use alloc::string::String;
use core::cmp::Ordering;

/// A day.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Date {
    /// The year, 1 to 9999.
    pub year: i16,
    /// The month, from 1.
    pub month: u8,
    /// The day, from 1.
    pub day: u8,
}

/// `date.min`.
pub const DATE_MIN: Date = Date { year: 1, month: 1, day: 1 };
/// `date.max`.
pub const DATE_MAX: Date = Date { year: 9999, month: 12, day: 31 };

/// Whether a year has 366 days.
pub fn calendar_is_leap(year: i64) -> bool {
    year.rem_euclid(4) == 0 && (year.rem_euclid(100) != 0 || year.rem_euclid(400) == 0)
}

/// How many days a month has.
pub fn calendar_month_days(year: i64, month: i64) -> i64 {
    match month {
        2 => 28 + i64::from(calendar_is_leap(year)),
        4 | 6 | 9 | 11 => 30,
        _ => 31,
    }
}

/// How many days lie before a year, counted from year 1.
pub fn calendar_days_before(year: i64) -> i64 {
    let years = year - 1;
    years * 365 + years.div_euclid(4) - years.div_euclid(100) + years.div_euclid(400)
}

/// How many days of the year lie before a month.
pub fn calendar_days_before_month(year: i64, month: i64) -> i64 {
    (1..month).map(|month| calendar_month_days(year, month)).sum()
}

/// `datetime.IsoCalendarDate`; its text is refused.
pub type IsoDate = (i64, i64, i64);

/// A part of a date or a time as the C `int` that CPython takes. Errors: OverflowError.
pub fn date_number(value: &Int) -> Result<i64, Exc> {
    match value.to_i64() {
        None => Err(Exc::new(&OVERFLOW_ERROR, "Python int too large to convert to C long")),
        Some(small) if small > i64::from(i32::MAX) => {
            Err(Exc::new(&OVERFLOW_ERROR, "signed integer is greater than maximum"))
        }
        Some(small) if small < i64::from(i32::MIN) => {
            Err(Exc::new(&OVERFLOW_ERROR, "signed integer is less than minimum"))
        }
        Some(small) => Ok(small),
    }
}

/// Numbers must be those of a day.
pub fn date_check(year: i64, month: i64, day: i64) -> Result<(), Exc> {
    if !(1..=9999).contains(&year) {
        return Err(Exc::new(&VALUE_ERROR, format!("year {year} is out of range")));
    }
    if !(1..=12).contains(&month) {
        return Err(Exc::new(&VALUE_ERROR, "month must be in 1..12"));
    }
    if !(1..=calendar_month_days(year, month)).contains(&day) {
        return Err(Exc::new(&VALUE_ERROR, "day is out of range for month"));
    }
    Ok(())
}

impl Date {
    /// `date(year, month, day)`.
    pub fn new(year: i64, month: i64, day: i64) -> Result<Date, Exc> {
        date_check(year, month, day)?;
        Ok(Date { year: year as i16, month: month as u8, day: day as u8 })
    }

    /// The day of an ordinal that is in range.
    pub fn of_ordinal(ordinal: i64) -> Date {
        let days = ordinal - 1;
        // Cycles of 400, 100, 4 and 1 years.
        let (four_hundreds, days) = (days.div_euclid(146_097), days.rem_euclid(146_097));
        let hundreds = (days / 36_524).min(3);
        let days = days - hundreds * 36_524;
        let (fours, days) = (days / 1461, days % 1461);
        let ones = (days / 365).min(3);
        let mut days = days - ones * 365;
        let year = four_hundreds * 400 + hundreds * 100 + fours * 4 + ones + 1;
        let mut month = 1;
        while days >= calendar_month_days(year, month) {
            days -= calendar_month_days(year, month);
            month += 1;
        }
        Date { year: year as i16, month: month as u8, day: (days + 1) as u8 }
    }

    /// `date.fromordinal(ordinal)`.
    pub fn fromordinal(ordinal: i64) -> Result<Date, Exc> {
        if ordinal < 1 {
            return Err(Exc::new(&VALUE_ERROR, "ordinal must be >= 1"));
        }
        if ordinal > DATE_MAX.toordinal() {
            let year = 10_000 + (ordinal - DATE_MAX.toordinal() - 1) / 366;
            return Err(Exc::new(&VALUE_ERROR, format!("year {year} is out of range")));
        }
        Ok(Date::of_ordinal(ordinal))
    }

    /// `date.today()`.
    pub fn today() -> Date {
        DateTime::now(None).date()
    }

    /// `date.fromtimestamp(timestamp)`.
    pub fn fromtimestamp(timestamp: f64) -> Result<Date, Exc> {
        Ok(DateTime::fromtimestamp(timestamp, None)?.date())
    }

    /// `date.fromisocalendar(year, week, day)`.
    pub fn fromisocalendar(year: i64, week: i64, day: i64) -> Result<Date, Exc> {
        if !(1..=9999).contains(&year) {
            return Err(Exc::new(&VALUE_ERROR, format!("Year is out of range: {year}")));
        }
        let first = (calendar_days_before(year) + 1) % 7;
        let is_long = first == 4 || first == 3 && calendar_is_leap(year);
        if !(1..=52 + i64::from(is_long)).contains(&week) {
            return Err(Exc::new(&VALUE_ERROR, format!("Invalid week: {week}")));
        }
        if !(1..=7).contains(&day) {
            return Err(Exc::new(&VALUE_ERROR, format!("Invalid day: {day} (range is [1, 7])")));
        }
        Date::fromordinal(calendar_week_one(year) + (week - 1) * 7 + day - 1)
    }

    /// `date.fromisoformat(text)`.
    pub fn fromisoformat(text: &str) -> Result<Date, Exc> {
        let invalid = || Exc::new(&VALUE_ERROR, format!("Invalid isoformat string: {}", re_quoted(text)));
        iso_date(text).ok_or_else(invalid)?
    }
}

/// The ordinal of the Monday of a year's first week.
pub fn calendar_week_one(year: i64) -> i64 {
    let first = calendar_days_before(year) + 1;
    let weekday = (first + 6) % 7;
    let monday = first - weekday;
    if weekday > 3 {
        monday + 7
    } else {
        monday
    }
}

/// A number of ASCII digits alone.
pub fn iso_number(text: &[u8]) -> Option<i64> {
    if text.is_empty() || !text.iter().all(u8::is_ascii_digit) {
        return None;
    }
    Some(text.iter().fold(0, |number, digit| number * 10 + i64::from(digit - b'0')))
}

/// The day of an ISO text; none where the text has another shape.
pub fn iso_date(text: &str) -> Option<Result<Date, Exc>> {
    let bytes = text.as_bytes();
    if !matches!(bytes.len(), 7 | 8 | 10) {
        return None;
    }
    let year = iso_number(&bytes[..4])?;
    let dash = usize::from(bytes[4] == b'-');
    let rest = &bytes[4 + dash..];
    if let Some(week) = rest.strip_prefix(b"W") {
        let number = iso_number(week.get(..2)?)?;
        let day = match &week[2..] {
            [] => 1,
            [b'-', day @ ..] if dash == 1 => iso_number(day)?,
            day if dash == 0 => iso_number(day)?,
            _ => return None,
        };
        // A week that does not exist is a text of another shape.
        return Date::fromisocalendar(year, number, day).ok().map(Ok);
    }
    let month = iso_number(rest.get(..2)?)?;
    let day = match (&rest[2..], dash) {
        ([b'-', day @ ..], 1) if day.len() == 2 => iso_number(day)?,
        (day, 0) if day.len() == 2 => iso_number(day)?,
        _ => return None,
    };
    Some(Date::new(year, month, day))
}

impl Date {
    /// `self.year`.
    pub fn year(&self) -> i64 {
        i64::from(self.year)
    }

    /// `self.month`.
    pub fn month(&self) -> i64 {
        i64::from(self.month)
    }

    /// `self.day`.
    pub fn day(&self) -> i64 {
        i64::from(self.day)
    }

    /// `self.toordinal()`.
    pub fn toordinal(&self) -> i64 {
        calendar_days_before(self.year()) + calendar_days_before_month(self.year(), self.month()) + self.day()
    }

    /// `self.weekday()`.
    pub fn weekday(&self) -> i64 {
        (self.toordinal() + 6) % 7
    }

    /// `self.isoweekday()`.
    pub fn isoweekday(&self) -> i64 {
        self.weekday() + 1
    }

    /// The day of the year, from 1.
    pub fn yearday(&self) -> i64 {
        calendar_days_before_month(self.year(), self.month()) + self.day()
    }

    /// `self.isocalendar()` as a tuple.
    pub fn isocalendar(&self) -> (i64, i64, i64) {
        let today = self.toordinal();
        let mut year = self.year();
        if today < calendar_week_one(year) {
            year -= 1;
        } else if today >= calendar_week_one(year + 1) {
            year += 1;
        }
        let days = today - calendar_week_one(year);
        (year, days / 7 + 1, days % 7 + 1)
    }

    /// `self.isoformat()`.
    pub fn isoformat(&self) -> Str {
        Str::from(format!("{:04}-{:02}-{:02}", self.year, self.month, self.day))
    }

    /// `self.replace(...)`.
    pub fn replace(&self, year: Option<i64>, month: Option<i64>, day: Option<i64>) -> Result<Date, Exc> {
        Date::new(year.unwrap_or(self.year()), month.unwrap_or(self.month()), day.unwrap_or(self.day()))
    }

    /// `self.timetuple()`.
    pub fn timetuple(&self) -> StructTime {
        DateTime::midnight(*self).timetuple()
    }

    /// `self.strftime(format)`.
    pub fn strftime(&self, format: &str) -> Str {
        strftime_text(format, &self.timetuple(), Some(0), None, None)
    }

    /// `self.ctime()`.
    pub fn ctime(&self) -> Str {
        self.timetuple().dated(&format!("{:04}", self.year))
    }
}

impl Date {
    /// The day so many days later.
    pub fn later(&self, days: i64) -> Result<Date, Exc> {
        let ordinal = self.toordinal() + days;
        if !(1..=DATE_MAX.toordinal()).contains(&ordinal) {
            return Err(Exc::new(&OVERFLOW_ERROR, "date value out of range"));
        }
        Ok(Date::of_ordinal(ordinal))
    }

    /// `self + delta`.
    pub fn add(&self, delta: &TimeDelta) -> Result<Date, Exc> {
        self.later(delta.days())
    }

    /// `self - delta`.
    pub fn sub(&self, delta: &TimeDelta) -> Result<Date, Exc> {
        self.later(-delta.days())
    }

    /// `self - other`.
    pub fn since(&self, other: &Date) -> TimeDelta {
        TimeDelta(i128::from(self.toordinal() - other.toordinal()) * DAY_MICROS)
    }
}

impl Object for Date {
    fn write_repr(&self, out: &mut String) {
        out.push_str(&format!("datetime.date({}, {}, {})", self.year, self.month, self.day));
    }
    fn write_str(&self, out: &mut String) {
        out.push_str(&self.isoformat());
    }
    fn equals(&self, other: &Self) -> bool {
        self == other
    }
    fn hash(&self) -> u64 {
        self.toordinal().hash()
    }
    fn type_name(&self) -> &'static str {
        "date"
    }
}

impl Ordered for Date {
    fn compare(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}
