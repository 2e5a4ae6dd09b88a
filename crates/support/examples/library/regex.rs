//! `re`.

use crate::question::{Answer, Question};
use support::*;

/// Spans of all groups, the last group that closed, and the text.
fn shown(found: &Match) -> String {
    let spans: Vec<String> = (0..=found.re().groups())
        .map(|group| found.span(group).map_or(String::new(), |(start, end)| format!("({start}, {end})")))
        .collect();
    let groups = found.groups_list(None);
    format!("{} {} {}", spans.join(""), repr(&found.lastindex()), repr(&List::from(groups)))
}

/// What `re` says; the fields are the pattern, flags, the text and what else the function takes.
pub fn answer(question: &Question) -> Option<Answer> {
    let name = question.name.strip_prefix("re.")?;
    if name == "escape" {
        return Some(Ok(re_escape(question.text(0)).to_string()));
    }
    let pattern = match re_compile(&Str::from(question.text(0)), question.int(1)) {
        Ok(pattern) => pattern,
        Err(exc) => return Some(Err(exc)),
    };
    let text = Str::from(question.text(2));
    let one = |found: Option<Match>| Ok(found.map_or(String::from("None"), |found| shown(&found)));
    Some(match name {
        "search" => one(pattern.search(&text)),
        "match" => one(pattern.match_(&text)),
        "fullmatch" => one(pattern.fullmatch(&text)),
        "search_between" => one(pattern.search_between(&text, question.int(3), question.int(4))),
        "finditer" => {
            let all: Vec<String> = pattern.finditer(&text).map(|found| shown(&found.expect("a match"))).collect();
            Ok(all.join(";"))
        }
        "findall" if pattern.groups() < 2 => Ok(repr(&pattern.findall::<Str>(&text)).to_string()),
        "findall" if pattern.groups() == 2 => Ok(repr(&pattern.findall::<(Str, Str)>(&text)).to_string()),
        "split" => Ok(repr(&pattern.split_groups(&text, question.int(3))).to_string()),
        "sub" => {
            let template = Str::from(question.text(3));
            pattern.subn(&template, &text, question.int(4)).map(|result| repr(&result).to_string())
        }
        "sub_with" => {
            let replace = |found: Match| Ok(Str::from(format!("<{}>", found.whole())));
            pattern.subn_with(replace, &text, question.int(3)).map(|result| repr(&result).to_string())
        }
        "repr" => Ok(repr(&pattern).to_string()),
        "match_repr" => Ok(repr(&pattern.search(&text)).to_string()),
        "groupdict" => Ok(pattern.search(&text).map_or(String::from("None"), |found| {
            format!("{} {}", repr(&found.groupdict(None)), repr(&found.lastgroup()))
        })),
        "group" => Ok(String::new()).and_then(|_: String| {
            let found = pattern.search(&text).expect("a match");
            match question.text(3).parse::<i64>() {
                Ok(group) => found.group(group).map(|text| repr(&text).to_string()),
                Err(_) => found.group_named(question.text(3)).map(|text| repr(&text).to_string()),
            }
        }),
        _ => return None,
    })
}
