//! `textwrap` and `string`.

use crate::question::{Answer, Question};
use support::*;

/// A wrapper of `NAME=value` fields.
fn wrapper(fields: &[String]) -> TextWrapper {
    let mut wrapper = TextWrapper::new(70);
    for field in fields {
        let (name, value) = field.split_once('=').expect("name=value");
        let (flag, number) = (value == "True", || value.parse::<i64>().expect("a number"));
        match name {
            "width" => wrapper.width = number(),
            "initial_indent" => wrapper.initial_indent = Str::from(value),
            "subsequent_indent" => wrapper.subsequent_indent = Str::from(value),
            "expand_tabs" => wrapper.expand_tabs = flag,
            "replace_whitespace" => wrapper.replace_whitespace = flag,
            "fix_sentence_endings" => wrapper.fix_sentence_endings = flag,
            "break_long_words" => wrapper.break_long_words = flag,
            "drop_whitespace" => wrapper.drop_whitespace = flag,
            "break_on_hyphens" => wrapper.break_on_hyphens = flag,
            "tabsize" => wrapper.tabsize = number(),
            "max_lines" => wrapper.max_lines = Some(number()),
            "placeholder" => wrapper.placeholder = Str::from(value),
            other => panic!("unknown option {other:?}"),
        }
    }
    wrapper
}

/// What these modules say.
pub fn answer(question: &Question) -> Option<Answer> {
    let text = Str::from(question.text(0));
    let plain = |text: Str| text.to_string();
    Some(match question.name.as_str() {
        "textwrap.wrap" => wrapper(&question.fields[1..]).wrap(&text).map(|lines| repr(&lines).to_string()),
        "textwrap.shorten" => textwrap_shorten(&text, &wrapper(&question.fields[1..])).map(plain),
        "textwrap.dedent" => Ok(plain(textwrap_dedent(&text))),
        "textwrap.indent" => Ok(plain(textwrap_indent(&text, &Str::from(question.text(1))))),
        "textwrap.indent_where" => {
            textwrap_indent_where(&text, &Str::from(question.text(1)), |line| Ok(line.len() > 3)).map(plain)
        }
        "string.capwords" => {
            let separator = Some(question.text(1)).filter(|separator| *separator != "None");
            string_capwords(&text, separator).map(plain)
        }
        "string.substitute" => {
            let find = |name: &Str| if *name == "missing" { Err(Exc::missing_key(name)) } else { Ok(name.upper()) };
            Template::new(text).substitute(find).map(plain)
        }
        "string.safe_substitute" => {
            let find = |name: &Str| (*name != "missing").then(|| name.upper());
            Ok(plain(Template::new(text).safe_substitute(find)))
        }
        _ => return None,
    })
}
