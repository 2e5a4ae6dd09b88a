//! `json`.

use crate::question::{Answer, Question};
use support::*;

/// Options written as a JSON object.
fn options(text: &str) -> JsonOptions {
    let given = json_loads(text).expect("options");
    let get = |name: &str| given.get_item(name).ok();
    let text = |value: &Json| value.as_text("").expect("a text");
    let indent = match get("indent") {
        None | Some(Json::Null) => None,
        Some(Json::Text(text)) => Some(text),
        Some(number) => json_indent(number.int().expect("a number").index().expect("a small number")),
    };
    let separators =
        get("separators").map(|pair| (text(&pair.item_at(0).expect("two")), text(&pair.item_at(1).expect("two"))));
    let flag = |name: &str, missing: bool| get(name).map_or(missing, |value| value.truth());
    let mut made = JsonOptions::new(indent, separators, flag("sort_keys", false), flag("ensure_ascii", true));
    made.allow_nan = flag("allow_nan", true);
    made
}

/// What `json` says.
pub fn answer(question: &Question) -> Option<Answer> {
    let name = question.name.strip_prefix("json.")?;
    let value = |place: usize| json_loads(question.text(place));
    let binary = |operate: fn(&Json, &Json) -> Result<Json, Exc>| {
        operate(&value(0)?, &value(1)?).map(|value| repr(&value).to_string())
    };
    let test = |compare: fn(&Json, &Json) -> Result<bool, Exc>| {
        compare(&value(0)?, &value(1)?).map(|value| repr(&value).to_string())
    };
    Some(match name {
        "loads" => value(0).map(|value| repr(&value).to_string()),
        "loads_error" => match value(0) {
            Ok(_) => Ok(String::from("no error")),
            Err(exc) => Ok(format!(
                "{} {} {} {}",
                json_error_msg(&exc),
                json_error_pos(&exc),
                json_error_lineno(&exc),
                json_error_colno(&exc)
            )),
        },
        "dumps" => {
            value(0).and_then(|value| json_dumps_with(&value, &options(question.text(1)))).map(|text| text.to_string())
        }
        "dumps_typed" => typed(question),
        "item" => binary(Json::item),
        "add" => binary(Json::add),
        "sub" => binary(Json::sub),
        "mul" => binary(Json::mul),
        "truediv" => binary(Json::true_div),
        "floordiv" => binary(Json::floor_div),
        "mod" => binary(Json::modulo),
        "lt" => test(Json::less),
        "le" => test(Json::less_equal),
        "gt" => test(Json::greater),
        "ge" => test(Json::greater_equal),
        "eq" => test(|a, b| Ok(a.equals(b))),
        "contains" => test(Json::contains),
        "neg" => value(0).and_then(|value| value.neg()).map(|value| repr(&value).to_string()),
        "len" => value(0).and_then(|value| value.len()).map(|value| value.to_string()),
        "int" => value(0).and_then(|value| value.int()).map(|value| value.to_string()),
        "float" => value(0).and_then(|value| value.float()).map(|value| repr(&value).to_string()),
        "list" => value(0).and_then(|value| value.iter()?.list()).map(|value| repr(&value).to_string()),
        "bool" => value(0).map(|value| repr(&value.truth()).to_string()),
        "str" => value(0).map(|value| show(&value).to_string()),
        "upper" => value(0).and_then(|value| value.as_text("upper")).map(|text| repr(&text.upper()).to_string()),
        "items" => value(0).and_then(|value| value.as_dict("items")).map(|items| repr(&items.items()).to_string()),
        _ => return None,
    })
}

/// Values of other types than those that are read.
fn typed(question: &Question) -> Answer {
    let options = options(question.text(1));
    let text = match question.text(0) {
        "ints" => json_dumps_with(&(0..3).map(|key| (key, key * key)).collect::<Dict<i64, i64>>(), &options),
        "floats" => json_dumps_with(
            &[(2.5, Some(true)), (f64::NAN, None)].into_iter().collect::<Dict<f64, Option<bool>>>(),
            &options,
        ),
        "keys" => {
            let dict: Dict<Option<bool>, (i64, Str)> = Dict::new();
            dict.set_item(None, (1, Str::from("a")));
            dict.set_item(Some(true), (2, Str::from("é")));
            json_dumps_with(&dict, &options)
        }
        "rows" => {
            let rows: List<(i64, f64, Str)> =
                List::from(vec![(1, 1.0, Str::from("x")), (2, 1e300, Str::from("\u{1f600}"))]);
            json_dumps_with(&rows, &options)
        }
        "empty" => json_dumps_with(&(List::<i64>::new(), Dict::<Str, i64>::new(), ()), &options),
        "circle" => {
            let list: List<Json> = List::new();
            list.append(Json::List(list.clone()));
            json_dumps_with(&list, &options)
        }
        other => panic!("unknown value {other:?}"),
    };
    text.map(|text| text.to_string())
}
