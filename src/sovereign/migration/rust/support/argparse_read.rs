//! `argparse`, reading: `ArgumentParser::parse_args` and `parse_known_args`.

use crate::{
    parse_float, parse_int, platform, repr, write_raw, ArgAction, ArgFailure, ArgHelp, ArgKind, ArgType, ArgValue,
    ArgumentParser, Exc, HelpFormatter, List, Namespace, Nargs, Object, Str, ARGUMENT_TYPE_ERROR, TYPE_ERROR,
    VALUE_ERROR,
};
use alloc::format;
use alloc::rc::Rc;
use alloc::string::String;
use alloc::vec;
use alloc::vec::Vec;

/// What a word on a command line is.
#[derive(Clone)]
pub enum ArgWord {
    /// A value.
    Value,
    /// `--`.
    Dashes,
    /// An option: its argument if it is known, the option string, and what stands behind `=`.
    Option(Option<Rc<ArgAction>>, Str, Option<Str>),
}

/// A piece of the pattern that an argument's words match.
#[derive(Clone, Copy)]
pub struct ArgPiece {
    /// Whether values pass.
    pub values: bool,
    /// Whether options pass.
    pub options: bool,
    /// Whether `--` passes.
    pub dashes: bool,
    /// Whether one word must pass.
    pub needed: bool,
    /// Whether more than one may.
    pub many: bool,
}

/// A piece that takes values.
pub const ARG_VALUE: ArgPiece = ArgPiece { values: true, options: false, dashes: false, needed: true, many: false };
/// A piece that takes any number of `--`.
pub const ARG_DASHES: ArgPiece = ArgPiece { values: false, options: false, dashes: true, needed: false, many: true };

impl ArgAction {
    /// The pattern of the words it takes.
    pub fn pieces(&self) -> Vec<ArgPiece> {
        let some = ArgPiece { values: true, options: false, dashes: true, needed: false, many: true };
        let all = ArgPiece { options: true, ..some };
        let pieces = match self.nargs {
            Nargs::Zero => vec![],
            Nargs::One => vec![ARG_DASHES, ARG_VALUE, ARG_DASHES],
            Nargs::Optional => vec![ARG_DASHES, ArgPiece { needed: false, ..ARG_VALUE }, ARG_DASHES],
            Nargs::Any => vec![ARG_DASHES, some],
            Nargs::Several => vec![ARG_DASHES, ARG_VALUE, some],
            Nargs::Count(count) => {
                let mut pieces = vec![ARG_DASHES];
                for _ in 0..count {
                    pieces.extend([ARG_VALUE, ARG_DASHES]);
                }
                pieces
            }
            Nargs::Remainder => vec![all],
            Nargs::Parser => vec![ARG_DASHES, ARG_VALUE, all],
        };
        if self.options.is_empty() {
            return pieces;
        }
        // Options never take `--`.
        let kept = pieces.into_iter().filter(|piece| piece.values);
        kept.map(|piece| ArgPiece { dashes: false, ..piece }).collect()
    }

    /// How many words it takes of those, if they do.
    pub fn takes(&self, words: &[ArgWord]) -> Result<usize, ArgFailure> {
        let pieces = self.pieces();
        if let Some(ends) = arg_match(&pieces, words, 0) {
            return Ok(ends.last().copied().unwrap_or(0));
        }
        Err(self.failure(&match self.nargs {
            Nargs::One => String::from("expected one argument"),
            Nargs::Optional => String::from("expected at most one argument"),
            Nargs::Several => String::from("expected at least one argument"),
            Nargs::Count(1) => String::from("expected 1 argument"),
            Nargs::Count(count) => format!("expected {count} arguments"),
            Nargs::Zero => String::from("expected 0 arguments"),
            Nargs::Any => String::from("expected * arguments"),
            Nargs::Remainder => String::from("expected ... arguments"),
            Nargs::Parser => String::from("expected A... arguments"),
        }))
    }
}

/// Where each piece ends, the earlier ones as long as they can be.
pub fn arg_match(pieces: &[ArgPiece], words: &[ArgWord], start: usize) -> Option<Vec<usize>> {
    let Some((piece, rest)) = pieces.split_first() else { return Some(Vec::new()) };
    let passes = |word: &ArgWord| match word {
        ArgWord::Value => piece.values,
        ArgWord::Dashes => piece.dashes,
        ArgWord::Option(..) => piece.options,
    };
    let most = if piece.many { usize::MAX } else { 1 };
    let long = words[start..].iter().take(most).take_while(|word| passes(word)).count();
    for length in (usize::from(piece.needed)..=long).rev() {
        if let Some(mut ends) = arg_match(rest, words, start + length) {
            ends.insert(0, start + length);
            return Some(ends);
        }
    }
    None
}

/// How many words each of the first arguments takes; as many arguments as the words do for.
pub fn arg_match_all(actions: &[Rc<ArgAction>], words: &[ArgWord]) -> Vec<usize> {
    for count in (1..=actions.len()).rev() {
        let pieces: Vec<Vec<ArgPiece>> = actions[..count].iter().map(|action| action.pieces()).collect();
        if let Some(ends) = arg_match(&pieces.concat(), words, 0) {
            let mut lengths = Vec::new();
            let (mut place, mut last) = (0, 0);
            for piece in &pieces {
                place += piece.len();
                let end = ends[..place].last().copied().unwrap_or(0);
                lengths.push(end - last);
                last = end;
            }
            return lengths;
        }
    }
    Vec::new()
}

/// A parse while it goes on.
pub struct ArgReading<'a> {
    /// The parser.
    pub parser: &'a ArgumentParser,
    /// The words.
    pub texts: &'a [Str],
    /// What they are.
    pub words: Vec<ArgWord>,
    /// What was read.
    pub namespace: Namespace,
    /// Attributes that still hold the default they began with.
    pub untouched: Vec<Str>,
    /// Arguments that were met.
    pub seen: Vec<Rc<ArgAction>>,
    /// Those whose value is not their default.
    pub changed: Vec<Rc<ArgAction>>,
    /// Positionals that are left.
    pub positionals: Vec<Rc<ArgAction>>,
    /// Words that nobody takes.
    pub extras: Vec<Str>,
    /// Words that a parser behind an argument did not take.
    pub unknown: Vec<Str>,
}

impl ArgumentParser {
    /// `parser.parse_args(args)`; without words those of the command line.
    pub fn parse_args(&self, args: Option<List<Str>>) -> Result<Namespace, Exc> {
        let (namespace, extras) = self.parse_known_args(args)?;
        if !extras.is_empty() {
            let texts: Vec<Str> = extras.to_vec();
            let texts: Vec<&str> = texts.iter().map(Str::as_str).collect();
            return Err(self.error(&format!("unrecognized arguments: {}", texts.join(" "))));
        }
        Ok(namespace)
    }

    /// `parser.parse_known_args(args)`.
    pub fn parse_known_args(&self, args: Option<List<Str>>) -> Result<(Namespace, List<Str>), Exc> {
        let texts: Vec<Str> = match args {
            Some(args) => args.to_vec(),
            None => platform().arguments().iter().skip(1).map(Str::from).collect(),
        };
        self.read_words(&texts).map_err(|failure| match failure {
            ArgFailure::Argument(text) if self.0.options.exit_on_error => self.error(&text),
            other => self.raised(other),
        })
    }

    /// Read words.
    pub fn read_words(&self, texts: &[Str]) -> Result<(Namespace, List<Str>), ArgFailure> {
        let namespace = Namespace::new();
        let mut untouched = Vec::new();
        let actions: Vec<Rc<ArgAction>> = self.0.actions.borrow().clone();
        for action in &actions {
            if let (Some(dest), Some(default)) = (&action.dest, &*action.default.borrow()) {
                if !namespace.contains(dest) {
                    namespace.0.set_item(dest.clone(), default.clone());
                    untouched.push(dest.clone());
                }
            }
        }
        for (dest, default) in self.0.defaults.items() {
            if !namespace.contains(&dest) {
                namespace.0.set_item(dest, default);
            }
        }
        let mut words = Vec::new();
        for text in texts {
            let behind = words.iter().any(|word| matches!(word, ArgWord::Dashes));
            words.push(match () {
                () if behind => ArgWord::Value,
                () if *text == "--" => ArgWord::Dashes,
                () => self.word(text)?,
            });
        }
        let positionals = actions.iter().filter(|action| action.options.is_empty()).cloned().collect();
        let mut reading = ArgReading {
            parser: self,
            texts,
            words,
            namespace,
            untouched,
            seen: Vec::new(),
            changed: Vec::new(),
            positionals,
            extras: Vec::new(),
            unknown: Vec::new(),
        };
        reading.all()?;
        reading.finish(&actions)?;
        reading.extras.append(&mut reading.unknown);
        Ok((reading.namespace, List::from(reading.extras)))
    }

    /// What a word is.
    pub fn word(&self, text: &Str) -> Result<ArgWord, ArgFailure> {
        if !text.starts_with('-') {
            return Ok(ArgWord::Value);
        }
        if let Some(action) = self.option(text) {
            return Ok(ArgWord::Option(Some(action), text.clone(), None));
        }
        if text.len() == 1 {
            return Ok(ArgWord::Value);
        }
        if let Some((name, value)) = text.as_str().split_once('=') {
            if let Some(action) = self.option(name) {
                return Ok(ArgWord::Option(Some(action), Str::from(name), Some(Str::from(value))));
            }
        }
        let mut found = self.abbreviated(text);
        if found.len() > 1 {
            let names: Vec<&str> = found.iter().map(|(_, name, _)| name.as_str()).collect();
            let message = format!("ambiguous option: {text} could match {}", names.join(", "));
            return Err(ArgFailure::Raised(self.error(&message)));
        }
        if let Some((action, name, value)) = found.pop() {
            return Ok(ArgWord::Option(Some(action), name, value));
        }
        let actions = self.0.actions.borrow();
        let has_numbers = actions.iter().flat_map(|action| &action.options).any(|option| arg_is_negative(option));
        if arg_is_negative(text) && !has_numbers || text.contains(" ") {
            return Ok(ArgWord::Value);
        }
        Ok(ArgWord::Option(None, text.clone(), None))
    }

    /// The options that a word may be short for.
    pub fn abbreviated(&self, text: &Str) -> Vec<(Rc<ArgAction>, Str, Option<Str>)> {
        let mut found = Vec::new();
        let is_long = text.starts_with("--");
        if is_long && !self.0.options.allow_abbrev {
            return found;
        }
        let (prefix, value) = match text.as_str().split_once('=') {
            Some((prefix, value)) if is_long => (prefix, Some(Str::from(value))),
            _ => (text.as_str(), None),
        };
        let split = text.char_indices().nth(2).map_or(text.as_str().len(), |(byte, _)| byte);
        let (short, rest) = text.as_str().split_at(split);
        for action in self.0.actions.borrow().iter() {
            for option in &action.options {
                if !is_long && option == short {
                    found.push((Rc::clone(action), option.clone(), Some(Str::from(rest))));
                } else if option.as_str().starts_with(prefix) {
                    found.push((Rc::clone(action), option.clone(), value.clone()));
                }
            }
        }
        found
    }
}

/// Whether a word is a negative number.
pub fn arg_is_negative(text: &str) -> bool {
    let Some(digits) = text.strip_prefix('-') else { return false };
    let digits = digits.strip_suffix('\n').unwrap_or(digits);
    let all = |part: &str| part.chars().all(|character| crate::decimal_digit(character).is_some());
    match digits.split_once('.') {
        None => !digits.is_empty() && all(digits),
        Some((whole, part)) => all(whole) && !part.is_empty() && all(part),
    }
}

impl ArgReading<'_> {
    /// Read all words.
    pub fn all(&mut self) -> Result<(), ArgFailure> {
        let is_option = |word: &ArgWord| matches!(word, ArgWord::Option(..));
        let end = self.words.iter().rposition(is_option).map_or(0, |last| last + 1);
        let mut place = 0;
        while place < end {
            let next = place + self.words[place..].iter().position(is_option).unwrap_or(0);
            if place != next {
                let behind = self.positional(place)?;
                if behind > place {
                    place = behind;
                    continue;
                }
            }
            if !is_option(&self.words[place]) {
                self.extras.extend_from_slice(&self.texts[place..next]);
                place = next;
            }
            place = self.optional(place)?;
        }
        let behind = self.positional(place)?;
        self.extras.extend_from_slice(&self.texts[behind..]);
        Ok(())
    }

    /// Give words to positionals; gives the place behind them.
    pub fn positional(&mut self, start: usize) -> Result<usize, ArgFailure> {
        let lengths = arg_match_all(&self.positionals, &self.words[start..]);
        let taken: Vec<Rc<ArgAction>> = self.positionals.drain(..lengths.len()).collect();
        let mut place = start;
        for (action, length) in taken.iter().zip(lengths) {
            let texts = self.texts[place..place + length].to_vec();
            place += length;
            self.take(action, texts, None)?;
        }
        Ok(place)
    }

    /// Read an option; gives the place behind its words.
    pub fn optional(&mut self, start: usize) -> Result<usize, ArgFailure> {
        let ArgWord::Option(action, name, value) = self.words[start].clone() else { return Ok(start + 1) };
        let Some(mut action) = action else {
            self.extras.push(self.texts[start].clone());
            return Ok(start + 1);
        };
        let (mut name, mut value) = (name, value);
        let mut met: Vec<(Rc<ArgAction>, Vec<Str>, Str)> = Vec::new();
        let mut stop = start + 1;
        loop {
            let Some(given) = value else {
                let count = action.takes(&self.words[start + 1..])?;
                stop = start + 1 + count;
                met.push((action, self.texts[start + 1..stop].to_vec(), name));
                break;
            };
            let count = action.takes(&[ArgWord::Value])?;
            let is_short = !name.as_str()[1..].starts_with('-');
            if count == 0 && is_short && !given.is_empty() {
                // Several options of one letter in one word.
                let letter = given.as_str().chars().next().unwrap_or('-');
                let next = Str::from(format!("-{letter}"));
                let rest = &given.as_str()[letter.len_utf8()..];
                met.push((Rc::clone(&action), Vec::new(), name));
                let Some(other) = self.parser.option(&next) else {
                    return Err(action.failure(&format!("ignored explicit argument {}", repr(&given))));
                };
                action = other;
                name = next;
                value = (!rest.is_empty()).then(|| Str::from(rest));
            } else if count == 1 {
                met.push((action, vec![given], name));
                break;
            } else {
                return Err(action.failure(&format!("ignored explicit argument {}", repr(&given))));
            }
        }
        for (action, texts, name) in met {
            self.take(&action, texts, Some(name))?;
        }
        Ok(stop)
    }

    /// Meet an argument.
    pub fn take(&mut self, action: &Rc<ArgAction>, texts: Vec<Str>, option: Option<Str>) -> Result<(), ArgFailure> {
        self.seen.push(Rc::clone(action));
        let (value, is_default) = self.values(action, texts)?;
        if !is_default {
            self.changed.push(Rc::clone(action));
            let has = |actions: &[Rc<ArgAction>], one: &Rc<ArgAction>| actions.iter().any(|each| Rc::ptr_eq(each, one));
            for group in self.parser.0.exclusives.borrow().iter() {
                let members = group.actions.borrow();
                if !has(&members, action) {
                    continue;
                }
                let other = members.iter().find(|other| !Rc::ptr_eq(other, action) && has(&self.changed, other));
                if let Some(other) = other {
                    let name = other.error_name().unwrap_or_default();
                    return Err(action.failure(&format!("not allowed with argument {name}")));
                }
            }
        }
        self.perform(action, value, option)
    }

    /// Set an attribute.
    pub fn set(&mut self, action: &ArgAction, value: ArgValue) {
        if let Some(dest) = &action.dest {
            self.untouched.retain(|name| name != dest);
            self.namespace.0.set_item(dest.clone(), value);
        }
    }

    /// The items that an attribute holds, in a list of their own.
    pub fn items(&self, action: &ArgAction) -> List<ArgValue> {
        let held = action.dest.as_ref().and_then(|dest| self.namespace.0.get(dest));
        match held {
            Some(ArgValue::List(items)) => items.copy(),
            _ => List::new(),
        }
    }

    /// Do what an argument does.
    pub fn perform(&mut self, action: &Rc<ArgAction>, value: ArgValue, option: Option<Str>) -> Result<(), ArgFailure> {
        match action.kind {
            ArgKind::Store => self.set(action, value),
            ArgKind::StoreConst => self.set(action, action.constant.clone()),
            ArgKind::Append | ArgKind::AppendConst => {
                let items = self.items(action);
                items.append(if action.kind == ArgKind::Append { value } else { action.constant.clone() });
                self.set(action, ArgValue::List(items));
            }
            ArgKind::Extend => {
                let items = self.items(action);
                match value {
                    ArgValue::List(more) => items.extend(more.to_vec()),
                    // A single text is extended by its characters, as a list is.
                    ArgValue::Text(text) => items.extend(text.iter().map(ArgValue::Text)),
                    _ => {}
                }
                self.set(action, ArgValue::List(items));
            }
            ArgKind::Count => {
                let held = action.dest.as_ref().and_then(|dest| self.namespace.0.get(dest));
                let count = match held {
                    Some(ArgValue::Int(count)) => count + 1,
                    _ => crate::Int::Small(1),
                };
                self.set(action, ArgValue::Int(count));
            }
            ArgKind::Boolean => {
                let is_negative = option.is_some_and(|option| option.as_str().starts_with("--no-"));
                self.set(action, ArgValue::Bool(!is_negative));
            }
            ArgKind::Help => {
                self.parser.print_help()?;
                return Err(ArgFailure::Raised(self.parser.exit(0, "")));
            }
            ArgKind::Version => {
                let version = action.version.clone().unwrap_or_default();
                write_raw(format_args!("{}", HelpFormatter::new(self.parser).text_alone(&version)?));
                return Err(ArgFailure::Raised(self.parser.exit(0, "")));
            }
            ArgKind::Parsers => return self.go_on(action, value),
        }
        Ok(())
    }

    /// Go on with the parser that the first word names.
    pub fn go_on(&mut self, action: &Rc<ArgAction>, value: ArgValue) -> Result<(), ArgFailure> {
        let ArgValue::List(words) = value else { return Ok(()) };
        let texts: Vec<Str> = words.iter().map(|word| crate::str_of(&word)).collect();
        let Some((name, rest)) = texts.split_first() else { return Ok(()) };
        self.set(action, ArgValue::Text(name.clone()));
        let parsers = action.parsers.as_ref();
        let find = |body: &crate::SubparsersBody| {
            body.parsers.borrow().iter().find(|(known, _)| known == name).map(|(_, parser)| parser.clone())
        };
        let Some(parser) = parsers.and_then(find) else {
            let choices = action.choice_texts().unwrap_or_default().join(", ");
            return Err(action.failure(&format!("unknown parser {} (choices: {choices})", repr(name))));
        };
        let (namespace, extras) = parser.parse_known_args(Some(List::from(rest.to_vec())))?;
        for (name, value) in namespace.0.items() {
            self.untouched.retain(|known| *known != name);
            self.namespace.0.set_item(name, value);
        }
        self.unknown.extend(extras.to_vec());
        Ok(())
    }
}

impl ArgReading<'_> {
    /// The value of an argument's words, and whether it is the default itself.
    pub fn values(&self, action: &ArgAction, texts: Vec<Str>) -> Result<(ArgValue, bool), ArgFailure> {
        let mut texts = texts;
        if !matches!(action.nargs, Nargs::Parser | Nargs::Remainder) {
            if let Some(place) = texts.iter().position(|text| *text == "--") {
                texts.remove(place);
            }
        }
        let default = action.default.borrow().clone();
        let is_positional = action.options.is_empty();
        let compared = |value: ArgValue| {
            let is_default = default.as_ref().is_some_and(|default| value.is_same(default));
            (value, is_default)
        };
        match action.nargs {
            Nargs::Optional if texts.is_empty() => {
                let fallback = if is_positional { default.clone() } else { Some(action.constant.clone()) };
                match fallback {
                    Some(ArgValue::Text(text)) => {
                        let value = self.value(action, &text)?;
                        self.check(action, &value)?;
                        let is_default = is_positional && matches!(action.convert, ArgType::Text);
                        let (value, is_same) = compared(value);
                        Ok((value, is_default || is_same))
                    }
                    Some(value) if is_positional => Ok((value, true)),
                    Some(value) => Ok(compared(value)),
                    // A suppressed default sets nothing.
                    None => Ok((ArgValue::None, true)),
                }
            }
            Nargs::Any if texts.is_empty() && is_positional => match default {
                Some(value) if !matches!(value, ArgValue::None) => {
                    self.check(action, &value)?;
                    Ok((value, true))
                }
                _ => {
                    let value = ArgValue::List(List::new());
                    self.check(action, &value)?;
                    Ok((value, false))
                }
            },
            Nargs::One | Nargs::Optional if texts.len() == 1 => {
                let value = self.value(action, &texts[0])?;
                self.check(action, &value)?;
                Ok(compared(value))
            }
            _ => {
                let mut values = Vec::new();
                for text in &texts {
                    values.push(self.value(action, text)?);
                }
                let checked = match action.nargs {
                    Nargs::Remainder => 0,
                    Nargs::Parser => 1,
                    _ => values.len(),
                };
                for value in &values[..checked.min(values.len())] {
                    self.check(action, value)?;
                }
                Ok((ArgValue::List(List::from(values)), false))
            }
        }
    }

    /// The value of a word.
    pub fn value(&self, action: &ArgAction, text: &Str) -> Result<ArgValue, ArgFailure> {
        let (name, made) = match &action.convert {
            ArgType::Text => return Ok(ArgValue::Text(text.clone())),
            ArgType::Bool => return Ok(ArgValue::Bool(!text.is_empty())),
            ArgType::Int => (Str::literal("int"), parse_int(text, 10).map(ArgValue::Int)),
            ArgType::Float => (Str::literal("float"), parse_float(text).map(ArgValue::Float)),
            ArgType::Call(name, convert) => (name.clone(), convert(text)),
        };
        made.map_err(|exc| {
            if exc.is(&ARGUMENT_TYPE_ERROR) {
                return action.failure(&exc.text());
            }
            if exc.is(&TYPE_ERROR) || exc.is(&VALUE_ERROR) {
                return action.failure(&format!("invalid {name} value: {}", repr(text)));
            }
            ArgFailure::Raised(exc)
        })
    }

    /// A value must be among the choices.
    pub fn check(&self, action: &ArgAction, value: &ArgValue) -> Result<(), ArgFailure> {
        let known = match (&action.choices, &action.parsers, value) {
            (Some(choices), _, _) => choices.iter().any(|choice| choice.equals(value)),
            (None, Some(body), ArgValue::Text(name)) => body.parsers.borrow().iter().any(|(known, _)| known == name),
            _ => true,
        };
        if known {
            return Ok(());
        }
        let choices = action.choice_reprs().unwrap_or_default().join(", ");
        Err(action.failure(&format!("invalid choice: {} (choose from {choices})", repr(value))))
    }

    /// What is left to be said when all words were read.
    pub fn finish(&mut self, actions: &[Rc<ArgAction>]) -> Result<(), ArgFailure> {
        let mut missing = Vec::new();
        for action in actions {
            if self.seen.iter().any(|seen| Rc::ptr_eq(seen, action)) {
                continue;
            }
            if action.required {
                if action.options.is_empty() && action.metavar.as_ref().is_some_and(|names| names.len() > 1) {
                    let text = format!("sequence item {}: expected str instance, tuple found", missing.len());
                    return Err(ArgFailure::Raised(Exc::new(&TYPE_ERROR, text)));
                }
                missing.push(action.error_name().unwrap_or_else(|| String::from("None")));
                continue;
            }
            let default = action.default.borrow().clone();
            let (Some(dest), Some(ArgValue::Text(text))) = (&action.dest, default) else { continue };
            let held = self.namespace.0.get(dest);
            let is_own = matches!(held, Some(ArgValue::Text(held)) if held == text);
            if is_own && self.untouched.contains(dest) {
                let value = self.value(action, &text)?;
                self.set(action, value);
            }
        }
        if !missing.is_empty() {
            let message = format!("the following arguments are required: {}", missing.join(", "));
            return Err(ArgFailure::Raised(self.parser.error(&message)));
        }
        for group in self.parser.0.exclusives.borrow().iter() {
            let members = group.actions.borrow();
            let has_one = members.iter().any(|member| self.changed.iter().any(|other| Rc::ptr_eq(other, member)));
            if !group.required || has_one {
                continue;
            }
            let shown = members.iter().filter(|member| member.help != ArgHelp::Suppressed);
            let names: Vec<String> = shown.map(|member| member.error_name().unwrap_or_default()).collect();
            let message = format!("one of the arguments {} is required", names.join(" "));
            return Err(ArgFailure::Raised(self.parser.error(&message)));
        }
        Ok(())
    }
}
