//! `calendar`: months and years as numbers and as text, the week beginning with Monday unless told.
//!
//! `calendar_isleap(i64) -> bool`, `calendar_leapdays(y1, y2) -> i64`, `calendar_weekday(year, month, day) -> Result<i64, Exc>`,
//! `calendar_monthrange(year, month) -> Result<(i64, i64), Exc>`, `calendar_monthcalendar(year, month, first: i64) ->
//! Result<List<List<i64>>, Exc>`, `calendar_month(year, month, w, l, first) -> Result<Str, Exc>`,
//! `calendar_calendar(year, w, l, c, m, first) -> Result<Str, Exc>`, `calendar_timegm(&StructTime) -> i64`; names:
//! `calendar_day_name(i64) -> Str`, `calendar_day_abbr`, `calendar_month_name`, `calendar_month_abbr` (index 0 is empty).

use crate::{
    calendar_days_before, calendar_is_leap, calendar_month_days, Date, Exc, Kind, List, Seq, Str, StructTime,
    DAY_NAMES, INDEX_ERROR, MONTH_NAMES, VALUE_ERROR,
};
use alloc::format;
use alloc::string::{String, ToString};
use alloc::vec;
use alloc::vec::Vec;

/// `calendar.IllegalMonthError`.
pub static ILLEGAL_MONTH_ERROR: Kind = Kind::within("calendar", "IllegalMonthError", &VALUE_ERROR);

/// Names of days or months, such as `calendar.month_name`.
pub type CalendarNames = Seq<Str>;

/// `calendar.isleap`.
pub fn calendar_isleap(year: i64) -> bool {
    calendar_is_leap(year)
}

/// `calendar.leapdays`.
pub fn calendar_leapdays(y1: i64, y2: i64) -> i64 {
    let leaps = |year: i64| (year - 1).div_euclid(4) - (year - 1).div_euclid(100) + (year - 1).div_euclid(400);
    leaps(y2) - leaps(y1)
}

/// `calendar.weekday`.
pub fn calendar_weekday(year: i64, month: i64, day: i64) -> Result<i64, Exc> {
    let year = if (1..=9999).contains(&year) { year } else { 2000 + year.rem_euclid(400) };
    Ok(Date::new(year, month, day)?.weekday())
}

/// `calendar.monthrange`.
pub fn calendar_monthrange(year: i64, month: i64) -> Result<(i64, i64), Exc> {
    if !(1..=12).contains(&month) {
        return Err(Exc::new(&ILLEGAL_MONTH_ERROR, format!("bad month number {month}; must be 1-12")));
    }
    let first = calendar_days_before(year) + crate::calendar_days_before_month(year, month);
    Ok((first.rem_euclid(7), calendar_month_days(year, month)))
}

/// `calendar.monthcalendar`, the week beginning with `first`.
pub fn calendar_monthcalendar(year: i64, month: i64, first: i64) -> Result<List<List<i64>>, Exc> {
    Ok(calendar_weeks(year, month, first)?.into_iter().map(List::from).collect())
}

/// The weeks of a month; days of other months are 0.
pub fn calendar_weeks(year: i64, month: i64, first: i64) -> Result<Vec<Vec<i64>>, Exc> {
    let (weekday, days) = calendar_monthrange(year, month)?;
    let before = (weekday - first).rem_euclid(7);
    let mut cells = vec![0; before as usize];
    cells.extend(1..=days);
    while cells.len() % 7 != 0 {
        cells.push(0);
    }
    Ok(cells.chunks(7).map(<[i64]>::to_vec).collect())
}

/// A text in the middle of a width.
pub fn calendar_centered(text: &str, width: i64) -> String {
    Str::from(text).center(width, " ").unwrap_or_default().to_string()
}

/// The line of the names of days.
pub fn calendar_header(width: i64, first: i64) -> String {
    let name = |day: i64| {
        let name = DAY_NAMES[(day.rem_euclid(7)) as usize];
        let name = if width >= 9 { name } else { &name[..3] };
        let shown: String = name.chars().take(width as usize).collect();
        calendar_centered(&shown, width)
    };
    (first..first + 7).map(name).collect::<Vec<_>>().join(" ")
}

/// One week.
pub fn calendar_week(days: &[i64], width: i64) -> String {
    let cell = |day: &i64| {
        let text = if *day == 0 { String::new() } else { format!("{day:2}") };
        calendar_centered(&text, width)
    };
    days.iter().map(cell).collect::<Vec<_>>().join(" ")
}

/// A line without spaces at its end, and its ends of lines.
pub fn calendar_line(text: &str, breaks: i64) -> String {
    format!("{}{}", text.trim_end(), "\n".repeat(breaks as usize))
}

/// `calendar.month`.
pub fn calendar_month(year: i64, month: i64, w: i64, l: i64, first: i64) -> Result<Str, Exc> {
    let (w, l) = (w.max(2), l.max(1));
    if month > 12 {
        return Err(Exc::new(&INDEX_ERROR, "list index out of range"));
    }
    let weeks = calendar_weeks(year, month, first)?;
    let title = format!("{} {year}", MONTH_NAMES[(month - 1) as usize]);
    let mut out = calendar_line(&calendar_centered(&title, 7 * (w + 1) - 1), l);
    out.push_str(&calendar_line(&calendar_header(w, first), l));
    for week in weeks {
        out.push_str(&calendar_line(&calendar_week(&week, w), l));
    }
    Ok(Str::from(out))
}

/// `calendar.calendar`.
pub fn calendar_calendar(year: i64, w: i64, l: i64, c: i64, m: i64, first: i64) -> Result<Str, Exc> {
    let (w, l, c) = (w.max(2), l.max(1), c.max(2));
    let column = (w + 1) * 7 - 1;
    let mut out = calendar_line(&calendar_centered(&format!("{year}"), column * m + c * (m - 1)), l);
    let row = |cells: Vec<String>| {
        let centered: Vec<String> = cells.iter().map(|cell| calendar_centered(cell, column)).collect();
        calendar_line(&centered.join(&" ".repeat(c as usize)), l)
    };
    let months: Vec<i64> = (1..=12).collect();
    for part in months.chunks(m.max(1) as usize) {
        out.push_str(&"\n".repeat(l as usize));
        out.push_str(&row(part.iter().map(|month| MONTH_NAMES[(month - 1) as usize].to_string()).collect()));
        out.push_str(&row(part.iter().map(|_| calendar_header(w, first)).collect()));
        let mut weeks = Vec::new();
        for month in part {
            weeks.push(calendar_weeks(year, *month, first)?);
        }
        let height = weeks.iter().map(Vec::len).max().unwrap_or(0);
        for line in 0..height {
            let cell = |month: &Vec<Vec<i64>>| month.get(line).map_or(String::new(), |week| calendar_week(week, w));
            out.push_str(&row(weeks.iter().map(cell).collect()));
        }
    }
    Ok(Str::from(out))
}

/// `calendar.timegm`.
pub fn calendar_timegm(tuple: &StructTime) -> i64 {
    tuple.seconds()
}

/// `calendar.day_name[day]`.
pub fn calendar_day_name(day: i64) -> Str {
    Str::literal(DAY_NAMES[day.rem_euclid(7) as usize])
}

/// `calendar.day_abbr[day]`.
pub fn calendar_day_abbr(day: i64) -> Str {
    Str::literal(&DAY_NAMES[day.rem_euclid(7) as usize][..3])
}

/// `calendar.month_name[month]`.
pub fn calendar_month_name(month: i64) -> Str {
    let place = month.rem_euclid(13) as usize;
    Str::literal(if place == 0 { "" } else { MONTH_NAMES[place - 1] })
}

/// `calendar.month_abbr[month]`.
pub fn calendar_month_abbr(month: i64) -> Str {
    let place = month.rem_euclid(13) as usize;
    Str::literal(if place == 0 { "" } else { &MONTH_NAMES[place - 1][..3] })
}
