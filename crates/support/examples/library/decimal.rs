//! `decimal`.

use crate::question::{float_text, Answer, Question};
use support::*;

/// What `decimal` says; the first two arguments are the precision and the rounding.
pub fn answer(question: &Question) -> Option<Answer> {
    let name = question.name.strip_prefix("decimal.")?;
    let rounding = DecimalRounding::named(question.text(1)).expect("a rounding");
    decimal_set_context(DecimalContext { precision: question.int(0), rounding });
    let shown = |value: Decimal| repr(&value).to_string();
    let a = match Decimal::parse(question.text(2)) {
        Ok(value) => value,
        Err(exc) => return Some(Err(exc)),
    };
    let b = || Decimal::parse(question.text(3)).expect("a number");
    Some(match name {
        "parse" => Ok(shown(a)),
        "all" => Ok(format!(
            "{} {} {} {} {} {} {} {}",
            repr(&a),
            show(&a),
            hash_of(&a),
            a.adjusted(),
            a.trunc(),
            a.floor(),
            a.ceil(),
            a.round()
        )),
        "from_float" => Decimal::from_float(question.float(3)).map(shown),
        "add" => a.add(&b()).map(shown),
        "sub" => a.sub(&b()).map(shown),
        "mul" => a.mul(&b()).map(shown),
        "truediv" => a.div(&b()).map(shown),
        "floordiv" => a.floor_div(&b()).map(shown),
        "mod" => a.modulo(&b()).map(shown),
        "divmod" => a.divmod(&b()).map(|value| repr(&value).to_string()),
        "lt" => Ok(repr(&a.less(&b())).to_string()),
        "eq" => Ok(repr(&a.equals(&b())).to_string()),
        "quantize" => a.quantize(&b(), None).map(shown),
        "neg" => a.neg().map(shown),
        "pos" => a.plus().map(shown),
        "abs" => a.abs().map(shown),
        "sqrt" => a.sqrt().map(shown),
        "normalize" => a.normalize().map(shown),
        "integral" => a.to_integral_value(None).map(shown),
        "pow" => a.pow_int(question.int(3)).map(shown),
        "round" => a.round_to(question.int(3)).map(shown),
        "float" => Ok(float_text(a.float())),
        "ratio" => Ok(repr(&a.as_integer_ratio()).to_string()),
        "format" => FormatSpec::parse(question.text(3), "decimal.Decimal")
            .and_then(|spec| a.format(&spec))
            .map(|text| text.to_string()),
        _ => return None,
    })
}
