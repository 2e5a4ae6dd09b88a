//! `struct`, `format` of the library's types, and `copy`.

use crate::question::{Answer, Question};
use support::*;

/// Values like `i:5`, `f:2.5`, `b:00ff`, `t:True`.
fn values(fields: &[String]) -> Vec<StructValue> {
    let value = |field: &String| {
        let (kind, text) = field.split_once(':').expect("kind:value");
        match kind {
            "i" => StructValue::from(parse_int(text, 10).expect("an integer")),
            "f" => StructValue::from(text.parse::<f64>().expect("a float")),
            "t" => StructValue::from(text == "True"),
            _ => StructValue::from(Bytes::fromhex(text).expect("hexadecimal digits")),
        }
    };
    fields.iter().map(value).collect()
}

/// `repr` of unpacked values.
fn shown(values: &[StructValue]) -> String {
    let one = |value: &StructValue| match value {
        StructValue::Int(value) => value.to_string(),
        StructValue::Float(value) => repr(value).to_string(),
        StructValue::Bool(value) => repr(value).to_string(),
        StructValue::Bytes(value) => repr(value).to_string(),
    };
    values.iter().map(one).collect::<Vec<_>>().join(" ")
}

/// What these modules say.
pub fn answer(question: &Question) -> Option<Answer> {
    let format = question.text(0);
    Some(match question.name.as_str() {
        "struct.pack" => struct_pack(format, &values(&question.fields[1..])).map(|bytes| hash_hex(&bytes)),
        "struct.unpack" => struct_unpack(format, &question.bytes(1)).map(|values| shown(&values)),
        "struct.unpack_from" => {
            struct_unpack_from(format, &question.bytes(1), question.int(2)).map(|values| shown(&values))
        }
        "struct.iter_unpack" => struct_iter_unpack(format, &question.bytes(1)).and_then(|rows| {
            let rows: Result<Vec<String>, Exc> = rows.map(|row| row.map(|row| shown(&row))).collect();
            rows.map(|rows| rows.join("|"))
        }),
        "struct.calcsize" => struct_calcsize(format).map(|size| size.to_string()),
        "bridge.date" => {
            let moment = DateTime::fromisoformat(question.text(0)).expect("a moment");
            let date = format_value(&moment.date(), question.text(1));
            date.and_then(|date| {
                Ok(format!("{date} {} {}", format_value(&moment, question.text(1))?, format_value(&moment.time(), "")?))
            })
        }
        "bridge.json" => json_loads(question.text(0))
            .and_then(|value| format_value(&value, question.text(1)))
            .map(|text| text.to_string()),
        "bridge.delta" => format_value(&TimeDelta(90_000_000), question.text(0)).map(|text| text.to_string()),
        "copy.json" => json_loads(question.text(0)).and_then(|value| {
            let copy = copy_deepcopy(&value);
            let list = value.as_list("append")?;
            list.append(Json::Null);
            Ok(format!("{} {}", repr(&value), repr(&copy)))
        }),
        "copy.shared" => {
            let inner = List::from(vec![1i64]);
            let copy = copy_deepcopy(&List::from(vec![inner.clone(), inner.clone()]));
            copy.item(0).map(|first| {
                first.append(2);
                format!("{} {}", repr(&inner), repr(&copy))
            })
        }
        _ => return None,
    })
}
