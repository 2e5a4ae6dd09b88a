//! `struct`, `format` of the library's types, `copy`, `uuid`, `secrets`, `subprocess` and `logging`.

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
        "uuid.parse" => uuid_parse(format).map(|uuid| {
            format!("{} {} {} {} {}", repr(&uuid), show(&uuid), uuid.hex(), uuid.int(), repr(&uuid.version()))
        }),
        "uuid.uuid3" => Ok(show(&uuid_uuid3(&UUID_NAMESPACE_DNS, format)).to_string()),
        "uuid.uuid5" => Ok(show(&uuid_uuid5(&UUID_NAMESPACE_URL, format)).to_string()),
        "uuid.uuid4" => uuid_uuid4().map(|uuid| repr(&uuid.version()).to_string()),
        "secrets" => secrets_token_hex(question.int(0)).map(|text| text.len().to_string()),
        "subprocess.run" => {
            let options = RunOptions {
                capture_output: true,
                check: question.flag(1),
                shell: question.flag(2),
                input: Some(Str::from(question.text(3))),
                ..RunOptions::new()
            };
            let words: List<Str> = question.fields[4..].iter().map(Str::from).collect();
            assert_eq!(format, "");
            subprocess_run(&words, &options).map(|done| repr(&done).to_string())
        }
        "logging.filled" => {
            let record = LogRecord {
                name: "a.b",
                level: question.int(1),
                message: "said",
                exc: None,
                moment: 1_700_000_000_045_000_000,
            };
            record.filled(format, Some(question.text(2)).filter(|text| *text != "None"))
        }
        "logging.levels" => {
            let (root, parent, child) = (logging_get_logger(""), logging_get_logger("q"), logging_get_logger("q.r.s"));
            parent.set_level(question.int(0));
            let levels = [&root, &parent, &child].map(|logger| logger.effective_level().to_string());
            Ok(format!("{} {} {}", levels.join(" "), repr(&child), repr(&child.is_enabled_for(25))))
        }
        _ => return None,
    })
}
