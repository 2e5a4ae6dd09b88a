//! `datetime`, `time` and `calendar`.

use crate::question::{float_text, Answer, Question};
use support::*;

/// A part of a duration: none, an integer or a float.
fn part(text: &str) -> Option<TimePart> {
    if text == "None" {
        return None;
    }
    Some(text.parse::<i128>().map_or_else(|_| TimePart::Float(text.parse().expect("a number")), TimePart::Int))
}

/// A duration of microseconds.
fn delta(question: &Question, place: usize) -> TimeDelta {
    TimeDelta(question.text(place).parse().expect("microseconds"))
}

/// A day of three fields.
fn date(question: &Question, place: usize) -> Result<Date, Exc> {
    Date::new(question.int(place), question.int(place + 1), question.int(place + 2))
}

/// A moment of seven fields and an offset in microseconds, or none.
fn moment(question: &Question, place: usize) -> Result<DateTime, Exc> {
    let at = |field: usize| question.int(place + field);
    let zone = match question.maybe_int(place + 7) {
        Some(offset) => Some(TimeZone::new(&TimeDelta(i128::from(offset)), None)?),
        None => None,
    };
    DateTime::new(at(0), at(1), at(2), [at(3), at(4), at(5), at(6)], zone)
}

/// `repr`.
fn shown<T: Object>(value: T) -> String {
    repr(&value).to_string()
}

/// What these modules say.
pub fn answer(question: &Question) -> Option<Answer> {
    let (module, name) = question.name.split_once('.')?;
    match module {
        "timedelta" => deltas(name, question),
        "date" => dates(name, question),
        "datetime" => moments(name, question),
        "time" => times(name, question),
        "calendar" => calendars(name, question),
        _ => None,
    }
}

fn deltas(name: &str, question: &Question) -> Option<Answer> {
    let a = || delta(question, 0);
    let b = || delta(question, 1);
    let integer = || parse_int(question.text(1), 10).expect("an integer");
    Some(match name {
        "build" => {
            let mut parts = DeltaParts::default();
            // In Python's order: days, seconds, microseconds, milliseconds, minutes, hours, weeks.
            for (field, place) in [5, 2, 0, 1, 3, 4, 6].into_iter().enumerate() {
                parts.parts[place] = part(question.text(field));
            }
            parts.build().map(shown)
        }
        "all" => Ok(format!("{} {} {} {} {}", repr(&a()), show(&a()), a().days(), a().seconds(), a().microseconds())),
        "total_seconds" => Ok(float_text(a().total_seconds())),
        "add" => a().add(&b()).map(shown),
        "sub" => a().sub(&b()).map(shown),
        "neg" => a().neg().map(shown),
        "abs" => a().abs().map(shown),
        "mul" => a().mul(&integer()).map(shown),
        "mul_float" => a().mul_float(question.float(1)).map(shown),
        "div" => a().div(&b()).map(float_text),
        "div_int" => a().div_int(&integer()).map(shown),
        "div_float" => a().div_float(question.float(1)).map(shown),
        "floordiv" => a().floor_div(&b()).map(shown),
        "floordiv_int" => a().floor_div_int(&integer()).map(shown),
        "divmod" => a().divmod(&b()).map(shown),
        _ => return None,
    })
}

fn dates(name: &str, question: &Question) -> Option<Answer> {
    let all = |date: Date| {
        let numbers = (date.toordinal(), date.weekday(), date.isocalendar());
        format!("{} {} {} {} {}", repr(&date), show(&date), date.ctime(), repr(&numbers), repr(&date.timetuple()))
    };
    Some(match name {
        "all" => date(question, 0).map(all),
        "ordinal" => Date::fromordinal(question.int(0)).map(all),
        "iso" => Date::fromisoformat(question.text(0)).map(shown),
        "isocalendar" => Date::fromisocalendar(question.int(0), question.int(1), question.int(2)).map(shown),
        "add" => date(question, 0).and_then(|date| date.add(&delta(question, 3))).map(shown),
        "sub" => date(question, 0).and_then(|date| date.sub(&delta(question, 3))).map(shown),
        "since" => date(question, 0).and_then(|a| Ok(shown(a.since(&date(question, 3)?)))),
        "strftime" => date(question, 0).map(|date| date.strftime(question.text(3)).to_string()),
        "replace" => date(question, 0)
            .and_then(|date| date.replace(question.maybe_int(3), question.maybe_int(4), question.maybe_int(5)))
            .map(shown),
        _ => return None,
    })
}

fn moments(name: &str, question: &Question) -> Option<Answer> {
    let all = |moment: DateTime| -> Answer {
        let whole =
            [moment.isoformat("T", "auto")?, moment.isoformat(" ", "milliseconds")?, moment.isoformat("_", "hours")?];
        Ok(format!(
            "{} {} {} {} {} {} {}",
            repr(&moment),
            show(&moment),
            whole.map(|text| text.to_string()).join(" "),
            moment.ctime(),
            repr(&moment.tzname()),
            repr(&moment.utcoffset()),
            float_text(moment.timestamp())
        ))
    };
    let zone = |place: usize| {
        question.maybe_int(place).map(|offset| TimeZone::new(&TimeDelta(i128::from(offset)), None).expect("a zone"))
    };
    Some(match name {
        "all" => moment(question, 0).and_then(all),
        "iso" => DateTime::fromisoformat(question.text(0)).map(shown),
        "time_iso" => Time::fromisoformat(question.text(0)).map(shown),
        "strftime" => moment(question, 0).map(|moment| moment.strftime(question.text(8)).to_string()),
        "time_strftime" => moment(question, 0).map(|moment| moment.timetz().strftime(question.text(8)).to_string()),
        "strptime" => DateTime::strptime(question.text(0), question.text(1)).map(shown),
        "add" => moment(question, 0).and_then(|moment| moment.add(&delta(question, 8))).map(shown),
        "sub" => moment(question, 0).and_then(|moment| moment.sub(&delta(question, 8))).map(shown),
        "since" => moment(question, 0).and_then(|a| a.since(&moment(question, 8)?)).map(shown),
        "lt" => moment(question, 0).and_then(|a| a.order(&moment(question, 8)?)).map(|order| shown(order.is_lt())),
        "astimezone" => moment(question, 0).and_then(|moment| moment.astimezone(zone(8))).map(shown),
        "fromtimestamp" => DateTime::fromtimestamp(question.float(0), zone(1)).map(shown),
        "replace" => moment(question, 0)
            .and_then(|moment| {
                moment.replace_time(question.maybe_int(8), question.maybe_int(9), None, question.maybe_int(10))
            })
            .map(shown),
        "timezone" => {
            let name = Some(question.text(1)).filter(|name| *name != "None").map(Str::from);
            TimeZone::new(&delta(question, 0), name).map(|zone| format!("{} {}", repr(&zone), show(&zone)))
        }
        _ => return None,
    })
}

fn times(name: &str, question: &Question) -> Option<Answer> {
    Some(match name {
        "gmtime" => Ok(shown(time_gmtime(Some(question.float(0))))),
        "localtime" => Ok(shown(time_localtime(Some(question.float(0))))),
        "mktime" => Ok(float_text(time_mktime(&time_localtime(Some(question.float(0)))))),
        "strftime" => Ok(time_strftime(question.text(1), &time_gmtime(Some(question.float(0)))).to_string()),
        "strptime" => time_strptime(question.text(0), question.text(1)).map(shown),
        "ctime" => Ok(time_ctime(Some(question.float(0))).to_string()),
        "sleep" => time_sleep(question.float(0)).map(|()| String::from("slept")),
        _ => return None,
    })
}

fn calendars(name: &str, question: &Question) -> Option<Answer> {
    let at = |place: usize| question.int(place);
    Some(match name {
        "month" => calendar_month(at(0), at(1), at(2), at(3), at(4)).map(|text| text.to_string()),
        "calendar" => calendar_calendar(at(0), at(1), at(2), at(3), at(4), at(5)).map(|text| text.to_string()),
        "monthrange" => calendar_monthrange(at(0), at(1)).map(shown),
        "monthcalendar" => calendar_monthcalendar(at(0), at(1), at(2)).map(shown),
        "isleap" => Ok(shown(calendar_isleap(at(0)))),
        "leapdays" => Ok(shown(calendar_leapdays(at(0), at(1)))),
        "weekday" => calendar_weekday(at(0), at(1), at(2)).map(shown),
        "timegm" => Ok(shown(calendar_timegm(&time_gmtime(Some(question.float(0)))))),
        "names" => {
            let place = at(0);
            let days = (calendar_day_name(place % 7), calendar_day_abbr(place % 7));
            Ok(shown((days, calendar_month_name(place), calendar_month_abbr(place))))
        }
        _ => return None,
    })
}
