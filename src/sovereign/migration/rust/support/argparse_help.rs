//! `argparse`, writing: `HelpFormatter` makes usage and help of a parser, as CPython lays them out.

use crate::{
    is_space, platform, repr_of, str_of, ArgAction, ArgHelp, ArgKind, ArgType, ArgumentParser, Exc, HelpStyle, Nargs,
    Str, TextWrapper, ASSERTION_ERROR, KEY_ERROR, VALUE_ERROR,
};
use alloc::collections::BTreeMap;
use alloc::format;
use alloc::rc::Rc;
use alloc::string::{String, ToString};
use alloc::vec;
use alloc::vec::Vec;

/// Writes the help of one parser.
pub struct HelpFormatter<'a> {
    /// The parser.
    pub parser: &'a ArgumentParser,
    /// How.
    pub style: HelpStyle,
    /// The width of lines.
    pub width: i64,
    /// Where the help of arguments begins at most.
    pub max_help_position: i64,
    /// The longest name of an argument, indent included.
    pub longest: i64,
}

/// The number of characters.
pub fn help_len(text: &str) -> i64 {
    text.chars().count() as i64
}

/// So many spaces.
pub fn help_spaces(count: i64) -> String {
    " ".repeat(count.max(0) as usize)
}

/// Words with single spaces between them; white space of ASCII counts.
pub fn help_plain(text: &str) -> Str {
    let mut out = String::new();
    let mut spaced = false;
    for character in text.chars() {
        if crate::wrap_is_space(character) {
            spaced = true;
            continue;
        }
        if spaced {
            out.push(' ');
            spaced = false;
        }
        out.push(character);
    }
    Str::from(out.trim_matches(is_space))
}

/// A text with `%(name)s` filled in. Errors: KeyError for another name, ValueError for another format.
pub fn help_filled(text: &str, find: &dyn Fn(&str) -> Option<(String, String)>) -> Result<String, Exc> {
    let mut out = String::new();
    let mut rest = text;
    while let Some(place) = rest.find('%') {
        out.push_str(&rest[..place]);
        rest = &rest[place + 1..];
        if let Some(after) = rest.strip_prefix('%') {
            out.push('%');
            rest = after;
            continue;
        }
        let named = rest.strip_prefix('(').and_then(|rest| rest.split_once(')'));
        let Some((name, after)) = named else {
            return Err(Exc::new(&VALUE_ERROR, "unsupported format character in help"));
        };
        let Some((text, repr)) = find(name) else {
            return Err(Exc::of(&KEY_ERROR, vec![crate::argument(Str::from(name))]));
        };
        match after.chars().next() {
            Some('s' | 'd') => out.push_str(&text),
            Some('r') => out.push_str(&repr),
            _ => return Err(Exc::new(&VALUE_ERROR, "unsupported format character in help")),
        }
        rest = &after[1..];
    }
    out.push_str(rest);
    Ok(out)
}

impl<'a> HelpFormatter<'a> {
    /// A formatter as wide as the terminal, or 80 characters.
    pub fn new(parser: &'a ArgumentParser) -> HelpFormatter<'a> {
        let style = parser.0.options.style;
        let columns = platform().variable("COLUMNS").and_then(|columns| columns.parse::<i64>().ok());
        let width = style.width.unwrap_or(columns.filter(|columns| *columns > 0).unwrap_or(80) - 2);
        let max_help_position = style.max_help_position.min((width - 20).max(4));
        HelpFormatter { parser, style, width, max_help_position, longest: 0 }
    }

    /// `parser.format_help()`.
    pub fn help(mut self) -> Result<Str, Exc> {
        let body = &self.parser.0;
        let options = &body.options;
        let actions = body.actions.borrow().clone();
        let groups = body.groups.borrow().clone();
        for group in &groups {
            for action in group.actions.borrow().iter().filter(|action| !action.is_hidden()) {
                let mut names = vec![self.invocation(action)];
                if let Some(parsers) = &action.parsers {
                    names.extend(parsers.shown.borrow().iter().map(|shown| self.invocation(shown)));
                }
                let longest = names.iter().map(|name| help_len(name)).max().unwrap_or(0) + 2;
                self.longest = self.longest.max(longest);
            }
        }
        // CPython cannot list a positional whose metavar is a tuple.
        let is_tuple = |action: &Rc<ArgAction>| action.metavar.as_ref().is_some_and(|names| names.len() > 1);
        if actions.iter().any(|action| action.options.is_empty() && !action.is_hidden() && is_tuple(action)) {
            return Err(Exc::new(&VALUE_ERROR, "too many values to unpack (expected 1)"));
        }
        let mut out = self.usage(options.usage.as_ref(), &actions, "usage: ")?;
        out.push_str(&self.text(options.description.as_ref(), 0)?);
        for group in &groups {
            let mut section = self.text(group.description.as_ref(), 2)?;
            for action in group.actions.borrow().iter().filter(|action| !action.is_hidden()) {
                section.push_str(&self.action(action, 2)?);
            }
            if section.is_empty() {
                continue;
            }
            out.push('\n');
            if let Some(title) = &group.title {
                out.push_str(&format!("{title}:\n"));
            }
            out.push_str(&section);
            out.push('\n');
        }
        out.push_str(&self.text(options.epilog.as_ref(), 0)?);
        Ok(help_finished(&out))
    }

    /// `parser.format_usage()`.
    pub fn usage_alone(self) -> Result<Str, Exc> {
        let actions = self.parser.0.actions.borrow().clone();
        let usage = self.usage(self.parser.0.options.usage.as_ref(), &actions, "usage: ")?;
        Ok(help_finished(&usage))
    }

    /// A text alone, as the version is printed.
    pub fn text_alone(self, text: &Str) -> Result<Str, Exc> {
        Ok(help_finished(&self.text(Some(text), 0)?))
    }

    /// What the names of parsers behind this one begin with.
    pub fn subparser_prog(self) -> Str {
        let all = self.parser.0.actions.borrow().clone();
        let positionals: Vec<Rc<ArgAction>> = all.into_iter().filter(|action| action.options.is_empty()).collect();
        let usage = self.usage(self.parser.0.options.usage.as_ref(), &positionals, "").unwrap_or_default();
        Str::from(help_finished(&usage).trim_matches(is_space))
    }

    /// A description or epilog.
    pub fn text(&self, text: Option<&Str>, indent: i64) -> Result<String, Exc> {
        let Some(text) = text else { return Ok(String::new()) };
        let mut text = text.clone();
        if text.contains("%(prog)") {
            text = Str::from(self.with_prog(&text)?);
        }
        let spaces = Str::from(help_spaces(indent));
        if self.style.raw_description || self.style.raw_text {
            let lines = text.splitlines(true);
            let indented: String = lines.iter().map(|line| format!("{spaces}{line}")).collect();
            return Ok(format!("{indented}\n\n"));
        }
        let mut wrapper = TextWrapper::new((self.width - indent).max(11));
        wrapper.initial_indent = spaces.clone();
        wrapper.subsequent_indent = spaces;
        Ok(format!("{}\n\n", wrapper.fill(&help_plain(&text))?))
    }

    /// A text with the program's name filled in.
    pub fn with_prog(&self, text: &str) -> Result<String, Exc> {
        let prog = &self.parser.0.prog;
        help_filled(text, &|name| (name == "prog").then(|| (prog.to_string(), repr_of(prog).to_string())))
    }
}

/// Help without empty lines at its ends, and at most one within.
pub fn help_finished(text: &str) -> Str {
    let mut out = String::new();
    let mut breaks = 0;
    for character in text.chars() {
        breaks = if character == '\n' { breaks + 1 } else { 0 };
        if breaks < 3 {
            out.push(character);
        }
    }
    if out.is_empty() {
        return Str::new();
    }
    Str::from(format!("{}\n", out.trim_matches('\n')))
}

impl HelpFormatter<'_> {
    /// The name of an argument's words where it has no metavar.
    pub fn default_metavar(&self, action: &ArgAction) -> String {
        if self.style.metavar_type {
            return match &action.convert {
                ArgType::Text => "str".to_string(),
                ArgType::Int => "int".to_string(),
                ArgType::Float => "float".to_string(),
                ArgType::Bool => "bool".to_string(),
                ArgType::Call(name, _) => name.to_string(),
            };
        }
        let dest = action.dest.as_ref().map_or("==SUPPRESS==", Str::as_str);
        if action.options.is_empty() {
            dest.to_string()
        } else {
            Str::from(dest).upper().to_string()
        }
    }

    /// The names of so many words of an argument.
    pub fn metavars(&self, action: &ArgAction, count: usize) -> Vec<String> {
        match &action.metavar {
            Some(names) if names.len() > 1 => names.iter().map(Str::to_string).collect(),
            Some(names) => vec![names.first().map_or(String::new(), Str::to_string); count],
            None => {
                let choices = action.choice_texts().map(|choices| format!("{{{}}}", choices.join(",")));
                vec![choices.unwrap_or_else(|| self.default_metavar(action)); count]
            }
        }
    }

    /// The words of an argument in usage.
    pub fn args(&self, action: &ArgAction) -> String {
        let first = || self.metavars(action, 1).remove(0);
        match action.nargs {
            Nargs::Zero => String::new(),
            Nargs::One => first(),
            Nargs::Optional => format!("[{}]", first()),
            Nargs::Any => match &self.metavars(action, 1)[..] {
                [one, other] => format!("[{one} [{other} ...]]"),
                names => format!("[{} ...]", names[0]),
            },
            Nargs::Several => {
                let names = self.metavars(action, 2);
                format!("{} [{} ...]", names[0], names[1])
            }
            Nargs::Count(count) => self.metavars(action, count.max(0) as usize).join(" "),
            Nargs::Remainder => "...".to_string(),
            Nargs::Parser => format!("{} ...", first()),
        }
    }

    /// How an argument is called, as help lists it.
    pub fn invocation(&self, action: &ArgAction) -> String {
        if action.options.is_empty() {
            return self.metavars(action, 1).remove(0);
        }
        let words = if action.nargs == Nargs::Zero { String::new() } else { format!(" {}", self.args(action)) };
        action.options.iter().map(|option| format!("{option}{words}")).collect::<Vec<_>>().join(", ")
    }

    /// An argument's help, its lines joined to its name.
    pub fn action(&self, action: &ArgAction, indent: i64) -> Result<String, Exc> {
        let position = (self.longest + 2).min(self.max_help_position);
        let width = (self.width - position).max(11);
        let room = position - indent - 2;
        let name = self.invocation(action);
        let spaces = help_spaces(indent);
        let help = self.help_text(action);
        let is_empty = help.as_ref().is_none_or(|help| help.is_empty());
        let fits = !is_empty && help_len(&name) <= room;
        let mut out = if fits {
            format!("{spaces}{name}{}  ", help_spaces(room - help_len(&name)))
        } else {
            format!("{spaces}{name}\n")
        };
        match help {
            Some(help) if !help.trim_matches(is_space).is_empty() => {
                let text = self.expanded(action, &help)?;
                if !text.is_empty() {
                    let lines = self.lines(&text, width)?;
                    for (place, line) in lines.iter().enumerate() {
                        let before = if place == 0 && fits { 0 } else { position };
                        out.push_str(&format!("{}{line}\n", help_spaces(before)));
                    }
                }
            }
            _ if !out.ends_with('\n') => out.push('\n'),
            _ => {}
        }
        if let Some(parsers) = &action.parsers {
            for shown in parsers.shown.borrow().iter() {
                out.push_str(&self.action(shown, indent + 2)?);
            }
        }
        Ok(out)
    }

    /// The lines of an argument's help.
    pub fn lines(&self, text: &str, width: i64) -> Result<Vec<Str>, Exc> {
        if self.style.raw_text {
            return Ok(Str::from(text).splitlines(false).to_vec());
        }
        Ok(TextWrapper::new(width).wrap(&help_plain(text))?.to_vec())
    }

    /// The help of an argument, with its default where the style shows it.
    pub fn help_text(&self, action: &ArgAction) -> Option<String> {
        let ArgHelp::Text(help) = &action.help else { return None };
        let help = help.to_string();
        let has_default = action.default.borrow().is_some();
        let defaulting = !action.options.is_empty() || matches!(action.nargs, Nargs::Optional | Nargs::Any);
        // An empty help is shown as none at all.
        if self.style.show_defaults && !help.is_empty() && !help.contains("%(default)") && has_default && defaulting {
            return Some(format!("{help} (default: %(default)s)"));
        }
        Some(help)
    }

    /// The help of an argument with names filled in.
    pub fn expanded(&self, action: &ArgAction, help: &str) -> Result<String, Exc> {
        let text = |value: &Str| (value.to_string(), repr_of(value).to_string());
        let prog = &self.parser.0.prog;
        let default = action.default.borrow();
        let find = |name: &str| match name {
            "prog" => Some(text(prog)),
            "default" => default.as_ref().map(|value| (str_of(value).to_string(), repr_of(value).to_string())),
            "const" => Some((str_of(&action.constant).to_string(), repr_of(&action.constant).to_string())),
            "dest" => action.dest.as_ref().map(text),
            "choices" => {
                let joined = action.choice_texts().map_or("None".to_string(), |choices| choices.join(", "));
                Some(text(&Str::from(joined)))
            }
            "type" => Some(text(&Str::from(match &action.convert {
                ArgType::Text => "None",
                ArgType::Int => "int",
                ArgType::Float => "float",
                ArgType::Bool => "bool",
                ArgType::Call(name, _) => name.as_str(),
            }))),
            "required" => Some(text(&Str::from(if action.required { "True" } else { "False" }))),
            "metavar" => action.metavar.as_ref().and_then(|names| names.first()).map(text),
            "nargs" => Some(text(&Str::from(match action.nargs {
                Nargs::One => "None".to_string(),
                Nargs::Zero => "0".to_string(),
                Nargs::Optional => "?".to_string(),
                Nargs::Any => "*".to_string(),
                Nargs::Several => "+".to_string(),
                Nargs::Count(count) => count.to_string(),
                Nargs::Remainder => "...".to_string(),
                Nargs::Parser => "A...".to_string(),
            }))),
            _ => None,
        };
        help_filled(help, &find)
    }
}

impl HelpFormatter<'_> {
    /// The usage of arguments.
    pub fn usage(&self, usage: Option<&Str>, actions: &[Rc<ArgAction>], prefix: &str) -> Result<String, Exc> {
        if let Some(usage) = usage {
            return Ok(format!("{prefix}{}\n\n", self.with_prog(usage)?));
        }
        let prog = self.parser.0.prog.as_str();
        let of = |is_option: bool| -> Vec<Rc<ArgAction>> {
            actions.iter().filter(|action| action.options.is_empty() != is_option).cloned().collect()
        };
        let (options, positionals) = (of(true), of(false));
        let all = self.actions_usage(&[options.clone(), positionals.clone()].concat());
        let line = [prog, &all].into_iter().filter(|part| !part.is_empty()).collect::<Vec<_>>().join(" ");
        if help_len(prefix) + help_len(&line) <= self.width {
            return Ok(format!("{prefix}{line}\n\n"));
        }
        let option_parts = help_parts(&self.actions_usage(&options))?;
        let positional_parts = help_parts(&self.actions_usage(&positionals))?;
        let lines = self.usage_lines(prefix, prog, option_parts, positional_parts);
        Ok(format!("{prefix}{}\n\n", lines.join("\n")))
    }

    /// The lines of a usage that one line does not hold.
    pub fn usage_lines(&self, prefix: &str, prog: &str, options: Vec<String>, positionals: Vec<String>) -> Vec<String> {
        let start = vec![prog.to_string()];
        if (help_len(prefix) + help_len(prog)) as f64 <= 0.75 * self.width as f64 {
            let indent = help_spaces(help_len(prefix) + help_len(prog) + 1);
            if !options.is_empty() {
                let mut lines = self.filled_lines(&[start, options].concat(), &indent, Some(prefix));
                lines.extend(self.filled_lines(&positionals, &indent, None));
                return lines;
            }
            if !positionals.is_empty() {
                return self.filled_lines(&[start, positionals].concat(), &indent, Some(prefix));
            }
            return start;
        }
        let indent = help_spaces(help_len(prefix));
        let mut lines = self.filled_lines(&[options.clone(), positionals.clone()].concat(), &indent, None);
        if lines.len() > 1 {
            lines = self.filled_lines(&options, &indent, None);
            lines.extend(self.filled_lines(&positionals, &indent, None));
        }
        [start, lines].concat()
    }

    /// Parts in lines; the first one stands behind the prefix.
    pub fn filled_lines(&self, parts: &[String], indent: &str, prefix: Option<&str>) -> Vec<String> {
        let mut lines = Vec::new();
        let mut line: Vec<&str> = Vec::new();
        let mut length = help_len(prefix.unwrap_or(indent)) - 1;
        for part in parts {
            if length + 1 + help_len(part) > self.width && !line.is_empty() {
                lines.push(format!("{indent}{}", line.join(" ")));
                line.clear();
                length = help_len(indent) - 1;
            }
            line.push(part);
            length += help_len(part) + 1;
        }
        if !line.is_empty() {
            lines.push(format!("{indent}{}", line.join(" ")));
        }
        if let (Some(_), Some(first)) = (prefix, lines.first_mut()) {
            *first = first.split_off(indent.len());
        }
        lines
    }

    /// The usage of arguments in one line.
    pub fn actions_usage(&self, actions: &[Rc<ArgAction>]) -> String {
        let mut grouped: Vec<Rc<ArgAction>> = Vec::new();
        let mut inserts: BTreeMap<usize, String> = BTreeMap::new();
        for group in self.parser.0.exclusives.borrow().iter() {
            let members = group.actions.borrow();
            let Some(first) = members.first() else { continue };
            let Some(start) = actions.iter().position(|action| Rc::ptr_eq(action, first)) else { continue };
            let end = start + members.len();
            let stand = actions
                .get(start..end)
                .is_some_and(|part| part.iter().zip(members.iter()).all(|(a, b)| Rc::ptr_eq(a, b)));
            if !stand {
                continue;
            }
            grouped.extend(members.iter().cloned());
            let shown = members.iter().filter(|member| !member.is_hidden()).count();
            let mut insert = |place: usize, text: &str, behind: &str| {
                inserts.entry(place).and_modify(|there| there.push_str(behind)).or_insert_with(|| text.to_string());
            };
            if !group.required {
                insert(start, "[", " [");
                insert(end, "]", "]");
            } else if shown > 1 {
                insert(start, "(", " (");
                insert(end, ")", ")");
            }
            for place in start + 1..end {
                inserts.insert(place, "|".to_string());
            }
        }
        let mut parts: Vec<Option<String>> = Vec::new();
        for (place, action) in actions.iter().enumerate() {
            if action.is_hidden() {
                parts.push(None);
                let bar = [place, place + 1].into_iter().find(|at| inserts.get(at).is_some_and(|text| text == "|"));
                if let Some(bar) = bar {
                    inserts.remove(&bar);
                }
                continue;
            }
            let is_grouped = grouped.iter().any(|member| Rc::ptr_eq(member, action));
            parts.push(Some(self.part_usage(action, is_grouped)));
        }
        for (place, text) in inserts.into_iter().rev() {
            parts.insert(place.min(parts.len()), Some(text));
        }
        let text = parts.into_iter().flatten().collect::<Vec<_>>().join(" ");
        help_tidied(&text)
    }

    /// One argument in usage.
    pub fn part_usage(&self, action: &ArgAction, is_grouped: bool) -> String {
        let Some(option) = action.options.first() else {
            let part = self.args(action);
            let inner = part.strip_prefix('[').and_then(|part| part.strip_suffix(']'));
            return match inner {
                Some(inner) if is_grouped => inner.to_string(),
                _ => part,
            };
        };
        let part = match action.kind {
            ArgKind::Boolean => action.options.iter().map(Str::as_str).collect::<Vec<_>>().join(" | "),
            _ if action.nargs == Nargs::Zero => option.to_string(),
            _ => format!("{option} {}", self.args(action)),
        };
        if action.required || is_grouped {
            part
        } else {
            format!("[{part}]")
        }
    }
}

/// Usage without spaces inside brackets and without empty brackets.
pub fn help_tidied(text: &str) -> String {
    let opens = |c: char| matches!(c, '[' | '(');
    let closes = |c: char| matches!(c, ']' | ')');
    let drop_after = |text: &str| {
        let mut out = String::new();
        let mut rest = text.chars().peekable();
        while let Some(character) = rest.next() {
            out.push(character);
            if opens(character) && rest.peek() == Some(&' ') {
                rest.next();
            }
        }
        out
    };
    let drop_before = |text: &str| {
        let mut out = String::new();
        let mut rest = text.chars().peekable();
        while let Some(character) = rest.next() {
            if character != ' ' || !rest.peek().is_some_and(|next| closes(*next)) {
                out.push(character);
            }
        }
        out
    };
    let text = drop_before(&drop_after(text));
    let mut out = String::new();
    let mut rest = text.as_str();
    while let Some(character) = rest.chars().next() {
        let after = &rest[character.len_utf8()..];
        let inner = after.trim_start_matches(' ');
        if opens(character) && inner.starts_with(closes) {
            rest = &inner[1..];
            continue;
        }
        out.push(character);
        rest = after;
    }
    out.trim_matches(is_space).to_string()
}

/// The parts of a usage that no line break divides. Errors: AssertionError for a usage that CPython cannot divide.
pub fn help_parts(usage: &str) -> Result<Vec<String>, Exc> {
    let mut parts = Vec::new();
    let mut rest = usage.trim_start_matches(is_space);
    while let Some(first) = rest.chars().next() {
        let close = match first {
            '(' => Some(')'),
            '[' => Some(']'),
            _ => None,
        };
        // The first closing bracket with white space or nothing behind it.
        let bracket = close.and_then(|close| {
            let ends = rest.char_indices().skip(1).filter(|(_, character)| *character == close);
            let mut ends = ends.map(|(byte, _)| byte + 1);
            ends.find(|end| rest[*end..].chars().next().is_none_or(is_space))
        });
        let end = bracket.unwrap_or_else(|| rest.find(is_space).unwrap_or(rest.len()));
        parts.push(rest[..end].to_string());
        rest = rest[end..].trim_start_matches(is_space);
    }
    if parts.join(" ") != usage {
        return Err(Exc::bare(&ASSERTION_ERROR));
    }
    Ok(parts)
}
