//! `re`, second stage: a tree becomes a program for the machine of `regex_machine.rs`.
//!
//! `re_program(pattern: &str, flags: i64) -> Result<ReProgram, Exc>`.

use crate::{
    decimal_digit, is_digit, is_letter, is_number, is_space, re_is_single, re_parse, re_width, Exc, ReClass, ReGreed,
    ReMember, ReNode, RePlace, Str, RE_ASCII, RE_DOTALL, RE_ERROR, RE_IGNORECASE, RE_MULTILINE, RE_TYPE_FLAGS,
};
use alloc::boxed::Box;
use alloc::string::String;
use alloc::vec::Vec;

/// One step of the machine. Numbers of steps are places in the program.
pub enum ReOp {
    /// This character.
    Char(u32),
    /// A character whose lower case (that of ASCII where the flag says so) is this.
    CharFold(u32, bool),
    /// Any character but the end of a line.
    Any,
    /// Any character.
    AnyAll,
    /// A character of a set; folded where the flag says so.
    Set(Box<ReSet>),
    /// A place, and whether letters are those of ASCII.
    At(ReSpot, bool),
    /// Note the place in a slot.
    Save(usize),
    /// Go on elsewhere.
    Jump(usize),
    /// Try one way, then the other.
    Split(usize, usize),
    /// Repeat the single step behind this one; then skip it.
    One(u32, u32, ReGreed),
    /// Begin a repetition, whose end is at that step.
    Repeat(usize),
    /// The end of a repetition: its begin, least and most count, and whether it is lazy.
    Until(usize, u32, u32, bool),
    /// The text of a group, folded where the flag says so.
    Back(usize, bool, bool),
    /// Look from so many characters before here; negated or not; go on at that step.
    Look(usize, bool, usize),
    /// Match up to the next `Accept` and give nothing back; go on at that step.
    Atomic(usize),
    /// Go to that step unless the group matched.
    If(usize, usize),
    /// The end.
    Accept,
}

/// A place in the text, as flags make it.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum ReSpot {
    /// The begin of the text.
    TextBegin,
    /// The begin of a line.
    LineBegin,
    /// The end of the text.
    TextEnd,
    /// The end of the text or before its last end of line.
    End,
    /// The end of a line.
    LineEnd,
    /// The edge of a word.
    Boundary,
    /// Not the edge of a word.
    NoBoundary,
}

/// A set of characters.
pub struct ReSet {
    /// The members among the first 256 characters.
    pub low: [bool; 256],
    /// Ranges of all members that are no classes.
    pub ranges: Vec<(u32, u32)>,
    /// Classes.
    pub classes: Vec<(ReClass, bool)>,
    /// Whether the set is what is not a member.
    pub negated: bool,
    /// Whether characters are folded before they are looked for, and whether only those of ASCII are.
    pub fold: Option<bool>,
    /// Whether classes hold characters of ASCII only.
    pub ascii: bool,
}

/// A pattern, ready to run.
pub struct ReProgram {
    /// The steps.
    pub ops: Vec<ReOp>,
    /// How many groups capture.
    pub groups: usize,
    /// Names of groups.
    pub names: Vec<(String, usize)>,
    /// All flags.
    pub flags: i64,
    /// The text.
    pub pattern: Str,
    /// The step that a match's first character must pass, if there is one.
    pub first: Option<usize>,
    /// Whether a match must begin at the text's begin.
    pub anchored: bool,
}

/// Lower-case characters with the same upper case.
pub const RE_EXTRA_CASES: [(u32, &[u32]); 50] = [
    (0x69, &[0x131]),
    (0x73, &[0x17f]),
    (0xb5, &[0x3bc]),
    (0x131, &[0x69]),
    (0x17f, &[0x73]),
    (0x345, &[0x3b9, 0x1fbe]),
    (0x390, &[0x1fd3]),
    (0x3b0, &[0x1fe3]),
    (0x3b2, &[0x3d0]),
    (0x3b5, &[0x3f5]),
    (0x3b8, &[0x3d1]),
    (0x3b9, &[0x345, 0x1fbe]),
    (0x3ba, &[0x3f0]),
    (0x3bc, &[0xb5]),
    (0x3c0, &[0x3d6]),
    (0x3c1, &[0x3f1]),
    (0x3c2, &[0x3c3]),
    (0x3c3, &[0x3c2]),
    (0x3c6, &[0x3d5]),
    (0x3d0, &[0x3b2]),
    (0x3d1, &[0x3b8]),
    (0x3d5, &[0x3c6]),
    (0x3d6, &[0x3c0]),
    (0x3f0, &[0x3ba]),
    (0x3f1, &[0x3c1]),
    (0x3f5, &[0x3b5]),
    (0x432, &[0x1c80]),
    (0x434, &[0x1c81]),
    (0x43e, &[0x1c82]),
    (0x441, &[0x1c83]),
    (0x442, &[0x1c84, 0x1c85]),
    (0x44a, &[0x1c86]),
    (0x463, &[0x1c87]),
    (0x1c80, &[0x432]),
    (0x1c81, &[0x434]),
    (0x1c82, &[0x43e]),
    (0x1c83, &[0x441]),
    (0x1c84, &[0x442, 0x1c85]),
    (0x1c85, &[0x442, 0x1c84]),
    (0x1c86, &[0x44a]),
    (0x1c87, &[0x463]),
    (0x1c88, &[0xa64b]),
    (0x1e61, &[0x1e9b]),
    (0x1e9b, &[0x1e61]),
    (0x1fbe, &[0x345, 0x3b9]),
    (0x1fd3, &[0x390]),
    (0x1fe3, &[0x3b0]),
    (0xa64b, &[0x1c88]),
    (0xfb05, &[0xfb06]),
    (0xfb06, &[0xfb05]),
];

/// The lower case that folding compares.
pub fn re_lower(code: u32, ascii: bool) -> u32 {
    if code < 128 {
        return if (65..=90).contains(&code) { code + 32 } else { code };
    }
    if ascii {
        return code;
    }
    char::from_u32(code).and_then(|c| c.to_lowercase().next()).map_or(code, |c| c as u32)
}

/// The upper case of one character.
pub fn re_upper(code: u32, ascii: bool) -> u32 {
    if code < 128 {
        return if (97..=122).contains(&code) { code - 32 } else { code };
    }
    if ascii {
        return code;
    }
    char::from_u32(code).and_then(|c| c.to_uppercase().next()).map_or(code, |c| c as u32)
}

/// Whether a character has another case.
pub fn re_is_cased(code: u32, ascii: bool) -> bool {
    re_lower(code, ascii) != code || re_upper(code, ascii) != code
}

/// The other lower-case characters with the same upper case.
pub fn re_extra_cases(code: u32) -> &'static [u32] {
    let found = RE_EXTRA_CASES.binary_search_by_key(&code, |(known, _)| *known);
    found.map_or(&[], |place| RE_EXTRA_CASES[place].1)
}

/// Whether a character belongs to a class.
pub fn re_in_class(code: u32, class: ReClass, ascii: bool) -> bool {
    if code < 128 {
        return match class {
            ReClass::Digit => (48..=57).contains(&code),
            ReClass::Space => code == 32 || (9..=13).contains(&code) || !ascii && (28..=31).contains(&code),
            ReClass::Word => (code as u8).is_ascii_alphanumeric() || code == 95,
        };
    }
    let Some(character) = char::from_u32(code).filter(|_| !ascii) else { return false };
    match class {
        ReClass::Digit => re_is_decimal(character),
        ReClass::Space => is_space(character),
        ReClass::Word => re_is_word(character),
    }
}

/// Whether a character beyond ASCII is a decimal digit.
pub fn re_is_decimal(character: char) -> bool {
    decimal_digit(character).is_some()
}

/// Whether a character beyond ASCII is part of a word.
pub fn re_is_word(character: char) -> bool {
    is_letter(character) || is_number(character) || is_digit(character)
}

impl ReSet {
    /// A set out of a pattern's members and flags.
    pub fn new(negated: bool, members: &[ReMember], flags: i64) -> ReSet {
        let ascii = flags & RE_ASCII != 0;
        let mut set = ReSet {
            low: [false; 256],
            ranges: Vec::new(),
            classes: Vec::new(),
            negated,
            fold: (flags & RE_IGNORECASE != 0).then_some(ascii),
            ascii,
        };
        for member in members {
            match *member {
                ReMember::Range(from, to) => set.ranges.push((from, to)),
                ReMember::Class(class, other) => set.classes.push((class, other)),
            }
        }
        if set.fold.is_some() && !set.fold_ranges(ascii) {
            set.fold = None;
        }
        for code in 0..256 {
            set.low[code as usize] = set.find(code);
        }
        set
    }

    /// Add the lower case of all members; false if none has a case.
    pub fn fold_ranges(&mut self, ascii: bool) -> bool {
        let mut folded: Vec<(u32, u32)> = Vec::new();
        let mut cased = false;
        for &(from, to) in &self.ranges {
            for code in from..=to {
                cased |= re_is_cased(code, ascii);
                let lower = re_lower(code, ascii);
                let extra = if ascii { &[] } else { re_extra_cases(lower) };
                for &code in [lower].iter().chain(extra) {
                    match folded.last_mut() {
                        Some((_, end)) if *end + 1 == code => *end = code,
                        _ => folded.push((code, code)),
                    }
                }
            }
        }
        if cased {
            self.ranges = folded;
        }
        cased
    }

    /// Whether the members hold a folded character, without the table.
    pub fn find(&self, code: u32) -> bool {
        let code = self.fold.map_or(code, |ascii| re_lower(code, ascii));
        let found = self.ranges.iter().any(|(from, to)| (*from..=*to).contains(&code))
            || self.classes.iter().any(|(class, other)| re_in_class(code, *class, self.ascii) != *other);
        found != self.negated
    }

    /// Whether the set holds a character.
    #[inline]
    pub fn holds(&self, code: u32) -> bool {
        match self.low.get(code as usize) {
            Some(held) => *held,
            None => self.find(code),
        }
    }
}

/// Writes a program.
pub struct ReCompiler {
    /// The steps so far.
    pub ops: Vec<ReOp>,
    /// Widths of the groups.
    pub widths: Vec<Option<(u64, u64)>>,
}

/// The program of a pattern.
pub fn re_program(pattern: &str, flags: i64) -> Result<ReProgram, Exc> {
    let parsed = re_parse(pattern, flags)?;
    let mut compiler = ReCompiler { ops: Vec::new(), widths: parsed.widths };
    compiler.sequence(&parsed.nodes, parsed.flags)?;
    compiler.ops.push(ReOp::Accept);
    let ops = compiler.ops;
    let first = re_first_step(&ops);
    let anchored = matches!(ops.first(), Some(ReOp::At(ReSpot::TextBegin, _)));
    Ok(ReProgram {
        ops,
        groups: parsed.groups,
        names: parsed.names,
        flags: parsed.flags,
        pattern: Str::from(pattern),
        first,
        anchored,
    })
}

/// The step that tests the first character of every match, if there is one.
pub fn re_first_step(ops: &[ReOp]) -> Option<usize> {
    for (place, op) in ops.iter().enumerate() {
        match op {
            ReOp::Save(_) => {}
            ReOp::Char(_) | ReOp::CharFold(..) | ReOp::Set(_) => return Some(place),
            ReOp::One(min, _, _) if *min > 0 => return Some(place + 1),
            _ => return None,
        }
    }
    None
}

impl ReCompiler {
    /// Write nodes.
    pub fn sequence(&mut self, nodes: &[ReNode], flags: i64) -> Result<(), Exc> {
        for node in nodes {
            self.node(node, flags)?;
        }
        Ok(())
    }

    /// Write one node.
    pub fn node(&mut self, node: &ReNode, flags: i64) -> Result<(), Exc> {
        match node {
            ReNode::Literal(_) | ReNode::Any | ReNode::Set(..) => self.single(node, flags),
            ReNode::At(place) => {
                let lines = flags & RE_MULTILINE != 0;
                let spot = match place {
                    RePlace::Begin if lines => ReSpot::LineBegin,
                    RePlace::Begin | RePlace::TextBegin => ReSpot::TextBegin,
                    RePlace::End if lines => ReSpot::LineEnd,
                    RePlace::End => ReSpot::End,
                    RePlace::TextEnd => ReSpot::TextEnd,
                    RePlace::Boundary => ReSpot::Boundary,
                    RePlace::NoBoundary => ReSpot::NoBoundary,
                };
                self.ops.push(ReOp::At(spot, flags & RE_ASCII != 0));
            }
            ReNode::Branch(items) => return self.branch(items, flags),
            ReNode::Group(group, added, cleared, body) => {
                let kept = if added & RE_TYPE_FLAGS != 0 { flags & !RE_TYPE_FLAGS } else { flags };
                let flags = (kept | added) & !cleared;
                let Some(group) = group else { return self.sequence(body, flags) };
                self.ops.push(ReOp::Save(2 * group));
                self.sequence(body, flags)?;
                self.ops.push(ReOp::Save(2 * group + 1));
            }
            ReNode::Repeat(min, max, greed, body) => return self.repeat((*min, *max), *greed, body, flags),
            ReNode::Back(group) => {
                let (fold, ascii) = (flags & RE_IGNORECASE != 0, flags & RE_ASCII != 0);
                self.ops.push(ReOp::Back(*group, fold, ascii));
            }
            ReNode::Look(ahead, negated, body) => return self.look(*ahead, *negated, body, flags),
            ReNode::If(group, yes, no) => return self.condition(*group, yes, no, flags),
            ReNode::Atomic(body) => return self.atomic(body, flags),
        }
        Ok(())
    }

    /// Write a node that matches one character.
    pub fn single(&mut self, node: &ReNode, flags: i64) {
        let folds = flags & RE_IGNORECASE != 0;
        let ascii = flags & RE_ASCII != 0;
        let op = match node {
            ReNode::Literal(code) if !folds || !re_is_cased(*code, ascii) => ReOp::Char(*code),
            ReNode::Literal(code) => {
                let lower = re_lower(*code, ascii);
                if ascii || re_extra_cases(lower).is_empty() {
                    ReOp::CharFold(lower, ascii)
                } else {
                    ReOp::Set(ReSet::new(false, &[ReMember::Range(*code, *code)], flags).into())
                }
            }
            ReNode::Set(negated, members) => ReOp::Set(ReSet::new(*negated, members, flags).into()),
            ReNode::Group(_, added, cleared, body) if body.len() == 1 => {
                let kept = if added & RE_TYPE_FLAGS != 0 { flags & !RE_TYPE_FLAGS } else { flags };
                return self.single(&body[0], (kept | added) & !cleared);
            }
            _ if flags & RE_DOTALL != 0 => ReOp::AnyAll,
            _ => ReOp::Any,
        };
        self.ops.push(op);
    }

    /// Write alternatives.
    pub fn branch(&mut self, items: &[Vec<ReNode>], flags: i64) -> Result<(), Exc> {
        let mut jumps = Vec::new();
        for (count, item) in items.iter().enumerate() {
            let split = self.ops.len();
            let is_last = count + 1 == items.len();
            if !is_last {
                self.ops.push(ReOp::Split(split + 1, 0));
            }
            self.sequence(item, flags)?;
            if !is_last {
                jumps.push(self.ops.len());
                self.ops.push(ReOp::Jump(0));
                self.ops[split] = ReOp::Split(split + 1, self.ops.len());
            }
        }
        let end = self.ops.len();
        for jump in jumps {
            self.ops[jump] = ReOp::Jump(end);
        }
        Ok(())
    }

    /// Write a repetition.
    pub fn repeat(&mut self, (min, max): (u32, u32), greed: ReGreed, body: &[ReNode], flags: i64) -> Result<(), Exc> {
        if re_is_single(body) {
            self.ops.push(ReOp::One(min, max, greed));
            self.single(&body[0], flags);
            return Ok(());
        }
        if greed == ReGreed::Possessive {
            // Neither the whole nor one round gives anything back.
            let outer = self.ops.len();
            self.ops.push(ReOp::Atomic(0));
            let begin = self.ops.len();
            self.ops.push(ReOp::Repeat(0));
            self.atomic(body, flags)?;
            self.ops[begin] = ReOp::Repeat(self.ops.len());
            self.ops.push(ReOp::Until(begin, min, max, false));
            self.ops.push(ReOp::Accept);
            self.ops[outer] = ReOp::Atomic(self.ops.len());
            return Ok(());
        }
        let begin = self.ops.len();
        self.ops.push(ReOp::Repeat(0));
        self.sequence(body, flags)?;
        self.ops[begin] = ReOp::Repeat(self.ops.len());
        self.ops.push(ReOp::Until(begin, min, max, greed == ReGreed::Lazy));
        Ok(())
    }

    /// Write a look ahead or behind. Errors: `re.error` where what is behind has no fixed width.
    pub fn look(&mut self, ahead: bool, negated: bool, body: &[ReNode], flags: i64) -> Result<(), Exc> {
        let mut back = 0;
        if !ahead {
            let (low, high) = re_width(body, &self.widths);
            if low != high {
                return Err(Exc::new(&RE_ERROR, "look-behind requires fixed-width pattern"));
            }
            back = low as usize;
        }
        let begin = self.ops.len();
        self.ops.push(ReOp::Look(0, false, 0));
        self.sequence(body, flags)?;
        self.ops.push(ReOp::Accept);
        self.ops[begin] = ReOp::Look(back, negated, self.ops.len());
        Ok(())
    }

    /// Write a condition.
    pub fn condition(&mut self, group: usize, yes: &[ReNode], no: &[ReNode], flags: i64) -> Result<(), Exc> {
        let begin = self.ops.len();
        self.ops.push(ReOp::If(group, 0));
        self.sequence(yes, flags)?;
        let jump = self.ops.len();
        self.ops.push(ReOp::Jump(0));
        self.ops[begin] = ReOp::If(group, self.ops.len());
        self.sequence(no, flags)?;
        self.ops[jump] = ReOp::Jump(self.ops.len());
        Ok(())
    }

    /// Write a group that gives nothing back.
    pub fn atomic(&mut self, body: &[ReNode], flags: i64) -> Result<(), Exc> {
        let begin = self.ops.len();
        self.ops.push(ReOp::Atomic(0));
        self.sequence(body, flags)?;
        self.ops.push(ReOp::Accept);
        self.ops[begin] = ReOp::Atomic(self.ops.len());
        Ok(())
    }
}
