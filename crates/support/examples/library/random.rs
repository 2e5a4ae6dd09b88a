//! `random`: each question is a seed and the draws to make with it.

use crate::question::{float_text, unescape, Answer, Question};
use support::*;

/// What `random` says.
pub fn answer(question: &Question) -> Option<Answer> {
    let generator = Random::unseeded();
    match question.name.as_str() {
        "random.int" => generator.seed_i64(question.int(0)),
        "random.wide" => generator.seed_int(&parse_int(question.text(0), 10).expect("an integer")),
        "random.float" => generator.seed_float(question.float(0)),
        "random.text" => generator.seed_bytes(question.text(0).as_bytes()),
        _ => return None,
    }
    let drawn = question.fields[1..].iter().map(|draw| {
        let draw = Question::read(&draw.replace(' ', "\t"));
        one(&generator, &draw).unwrap_or_else(|exc| unescape(&format!("!{}: {}", exc.kind().name, exc.text())))
    });
    Some(Ok(drawn.collect::<Vec<_>>().join("|")))
}

/// One draw.
fn one(generator: &Twister, draw: &Question) -> Answer {
    let first = || draw.float(0);
    let second = || draw.float(1);
    Ok(match draw.name.as_str() {
        "random" => float_text(generator.random()),
        "getrandbits" => generator.bits64(draw.int(0) as u32).to_string(),
        "randint" => generator.randint(draw.int(0), draw.int(1))?.to_string(),
        "randrange" if draw.fields.len() == 1 => generator.randrange_to(draw.int(0))?.to_string(),
        "randrange" if draw.fields.len() == 2 => generator.randrange(draw.int(0), draw.int(1), 1)?.to_string(),
        "randrange" => generator.randrange(draw.int(0), draw.int(1), draw.int(2))?.to_string(),
        "choice" => generator.choice_index(draw.int(0))?.to_string(),
        "uniform" => float_text(generator.uniform(first(), second())),
        "triangular" if draw.fields.len() == 2 => float_text(generator.triangular(first(), second(), None)),
        "triangular" => float_text(generator.triangular(first(), second(), Some(draw.float(2)))),
        "gauss" => float_text(generator.gauss(first(), second())),
        "normalvariate" => float_text(generator.normalvariate(first(), second())),
        "lognormvariate" => float_text(generator.lognormvariate(first(), second())?),
        "expovariate" => float_text(generator.expovariate(first())?),
        "vonmisesvariate" => float_text(generator.vonmisesvariate(first(), second())),
        "gammavariate" => float_text(generator.gammavariate(first(), second())?),
        "betavariate" => float_text(generator.betavariate(first(), second())?),
        "paretovariate" => float_text(generator.paretovariate(first())?),
        "weibullvariate" => float_text(generator.weibullvariate(first(), second())?),
        "shuffle" => {
            let items: List<i64> = (0..draw.int(0)).collect();
            generator.shuffle(&items);
            repr(&items).to_string()
        }
        "sample" => repr(&generator.sample(&(0..draw.int(0)), draw.int(1))?).to_string(),
        "sample_counts" => repr(&generator.sample_counts(&Str::from("abc"), &[2, 0, 5], draw.int(0))?).to_string(),
        "choices" => repr(&generator.choices(&Str::from("abcd"), None, draw.int(0))?).to_string(),
        "choices_weighted" => {
            repr(&generator.choices(&Str::from("abcd"), Some(draw.floats(1)), draw.int(0))?).to_string()
        }
        "getrandbits_wide" => generator.getrandbits(draw.int(0))?.to_string(),
        "randbytes" => hash_hex(&generator.randbytes(draw.int(0))?),
        "randint_wide" => {
            let number = |place: usize| parse_int(draw.text(place), 10).expect("an integer");
            generator.randint_wide(&number(0), &number(1))?.to_string()
        }
        other => panic!("unknown draw {other:?}"),
    })
}
