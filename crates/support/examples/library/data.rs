//! `csv`, `base64`, `binascii`, `zlib`, `fractions` and `statistics`.

use crate::question::{float_text, Answer, Question};
use std::cell::RefCell;
use std::rc::Rc;
use support::*;

/// A dialect of `NAME=value` with `;` between them.
fn dialect(text: &str) -> CsvDialect {
    let mut dialect = CsvDialect::excel();
    for field in text.split(';').filter(|field| !field.is_empty()) {
        let (name, value) = field.split_once('=').expect("name=value");
        let (flag, character) = (value == "True", value.chars().next());
        match name {
            "delimiter" => dialect.delimiter = character.expect("a character"),
            "quotechar" => dialect.quotechar = character,
            "escapechar" => dialect.escapechar = character,
            "doublequote" => dialect.doublequote = flag,
            "skipinitialspace" => dialect.skipinitialspace = flag,
            "lineterminator" => dialect.lineterminator = Str::literal("\n"),
            "quoting" => dialect.quoting = value.parse().expect("a number"),
            "strict" => dialect.strict = flag,
            other => panic!("unknown option {other:?}"),
        }
    }
    dialect
}

/// Lines that a text has, with their ends.
fn lines(text: &str) -> Iter<Str> {
    let lines: Vec<Str> = text.split_inclusive('\n').map(Str::from).collect();
    Iter::infallible(lines.into_iter())
}

/// Numbers of all arguments from a place on.
fn ints(question: &Question, place: usize) -> Vec<Int> {
    question.fields[place..].iter().map(|field| parse_int(field, 10).expect("an integer")).collect()
}

/// What these modules say.
pub fn answer(question: &Question) -> Option<Answer> {
    let (module, name) = question.name.split_once('.')?;
    match module {
        "csv" => table(name, question),
        "base64" => coded(name, question),
        "fractions" => fractions(name, question),
        "statistics" => statistics(name, question),
        _ => None,
    }
}

fn table(name: &str, question: &Question) -> Option<Answer> {
    let dialect = dialect(question.text(0));
    let text = Rc::new(RefCell::new(String::new()));
    let target = Rc::clone(&text);
    let write = move |line: &Str| {
        target.borrow_mut().push_str(line);
        Ok(line.len())
    };
    Some(match name {
        "reader" => {
            let reader = CsvReader::new(lines(question.text(1)), dialect);
            let count = Rc::clone(&reader.count);
            reader.rows().list().map(|rows| format!("{} {}", repr(&rows), count.get()))
        }
        "dict_reader" => {
            let reader = CsvDictReader::new(lines(question.text(1)), None, dialect);
            reader.rows_optional().list().map(|rows| repr(&rows).to_string())
        }
        "writer" => {
            let writer = CsvWriter::new(write, dialect);
            let row: Vec<Str> = question.fields[1..].iter().map(Str::from).collect();
            let written = writer.writerow(&row);
            let mixed =
                written.and_then(|_| writer.writerow(&(1i64, 2.5, true, Some(Str::from("a")), (), Str::from("b,"))));
            mixed.map(|count| format!("{}{count}", text.borrow()))
        }
        "dict_writer" => {
            let names = List::from(vec![Str::from("a"), Str::from("b")]);
            let writer = CsvDictWriter::new(CsvWriter::new(write, dialect), names, Str::from("-"), question.flag(1));
            let row: Dict<Str, i64> = question.fields[2..].iter().map(|name| (Str::from(name), 7)).collect();
            let written = writer.writeheader().and_then(|_| writer.writerow(&row));
            written.map(|_| text.borrow().clone())
        }
        _ => return None,
    })
}

fn coded(name: &str, question: &Question) -> Option<Answer> {
    let data = question.bytes(0);
    let text = |bytes: Bytes| String::from_utf8_lossy(&bytes).into_owned();
    let hex = |bytes: Result<Bytes, Exc>| bytes.map(|bytes| hash_hex(&bytes));
    Some(match name {
        "b64encode" => Ok(text(base64_b64encode(&data))),
        "b64decode" => hex(base64_b64decode(&data, question.flag(1))),
        "urlsafe_b64encode" => Ok(text(base64_urlsafe_b64encode(&data))),
        "urlsafe_b64decode" => hex(base64_urlsafe_b64decode(&data)),
        "encodebytes" => Ok(text(base64_encodebytes(&data))),
        "b32encode" => Ok(text(base64_b32encode(&data))),
        "b32decode" => hex(base64_b32decode(&data, question.flag(1))),
        "b16encode" => Ok(text(base64_b16encode(&data))),
        "b16decode" => hex(base64_b16decode(&data, question.flag(1))),
        "unhexlify" => hex(binascii_unhexlify(&data)),
        "hexlify" => Ok(text(binascii_hexlify(&data))),
        "crc32" => Ok(zlib_crc32(&data, question.int(1)).to_string()),
        "adler32" => Ok(zlib_adler32(&data, question.int(1)).to_string()),
        _ => return None,
    })
}

fn fractions(name: &str, question: &Question) -> Option<Answer> {
    let shown = |value: Fraction| repr(&value).to_string();
    if name == "parse" {
        return Some(Fraction::parse(question.text(0)).map(shown));
    }
    if name == "from_float" {
        return Some(Fraction::from_float(question.float(0)).map(shown));
    }
    let fraction = |place: usize| Fraction::parse(question.text(place)).expect("a fraction");
    let (a, b) = (fraction(0), || fraction(1));
    Some(match name {
        "all" => Ok(format!(
            "{} {} {} {} {} {} {}",
            repr(&a),
            show(&a),
            hash_of(&a),
            a.floor(),
            a.ceil(),
            a.trunc(),
            a.round()
        )),
        "add" => Ok(shown(a.add(&b()))),
        "sub" => Ok(shown(a.sub(&b()))),
        "mul" => Ok(shown(a.mul(&b()))),
        "div" => a.div(&b()).map(shown),
        "floordiv" => a.floor_div(&b()).map(|value| value.to_string()),
        "mod" => a.modulo(&b()).map(shown),
        "lt" => Ok(repr(&a.less(&b())).to_string()),
        "pow" => a.pow_int(question.int(1)).map(shown),
        "float" => a.float().map(float_text),
        "round_to" => Ok(shown(a.round_to(question.int(1)))),
        "limit" => a.limit_denominator(&Int::from(question.int(1))).map(shown),
        _ => return None,
    })
}

fn statistics(name: &str, question: &Question) -> Option<Answer> {
    if let Some(name) = name.strip_suffix("_int") {
        let data = ints(question, 0);
        let shown = |value: Result<WholeOrFloat, Exc>| value.map(|value| repr(&value).to_string());
        return Some(match name {
            "mean" => shown(statistics_mean_int(&data)),
            "variance" => shown(statistics_variance_int(&data)),
            "pvariance" => shown(statistics_pvariance_int(&data)),
            "median" => shown(statistics_median_int(&data)),
            "stdev" => statistics_stdev_int(&data).map(float_text),
            "pstdev" => statistics_pstdev_int(&data).map(float_text),
            "median_low" => statistics_median_low(&data).map(|value| value.to_string()),
            "median_high" => statistics_median_high(&data).map(|value| value.to_string()),
            "mode" => statistics_mode(&data).map(|value| value.to_string()),
            "multimode" => Ok(repr(&statistics_multimode(&data)).to_string()),
            _ => return None,
        });
    }
    let data = if name == "quantiles" { Vec::new() } else { question.floats(0) };
    let halves = data.split_at(data.len() / 2);
    let rest = || question.floats(2);
    let listed = |values: Result<List<f64>, Exc>| {
        values.map(|values| values.iter().map(float_text).collect::<Vec<_>>().join(" "))
    };
    Some(match name {
        "mean" => statistics_mean(&data).map(float_text),
        "fmean" => statistics_fmean(&data, None).map(float_text),
        "weighted" => statistics_fmean(halves.0, Some(halves.1)).map(float_text),
        "variance" => statistics_variance(&data).map(float_text),
        "pvariance" => statistics_pvariance(&data).map(float_text),
        "stdev" => statistics_stdev(&data).map(float_text),
        "pstdev" => statistics_pstdev(&data).map(float_text),
        "geometric_mean" => statistics_geometric_mean(&data).map(float_text),
        "harmonic_mean" => statistics_harmonic_mean(&data).map(|value| match value {
            WholeOrFloat::Int(value) => value.to_string(),
            WholeOrFloat::Float(value) => float_text(value),
        }),
        "median" => statistics_median(&data).map(float_text),
        "median_grouped" => statistics_median_grouped(&data, 2.0).map(float_text),
        "quantiles" => listed(statistics_quantiles(&rest(), question.int(0), question.flag(1))),
        "covariance" => statistics_covariance(halves.0, halves.1).map(float_text),
        "correlation" => statistics_correlation(halves.0, halves.1).map(float_text),
        "linear_regression" => statistics_linear_regression(halves.0, halves.1)
            .map(|(slope, intercept)| format!("{} {}", float_text(slope), float_text(intercept))),
        _ => return None,
    })
}
