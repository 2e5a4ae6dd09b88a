//! `re`, third stage: the machine that runs a program over a text, backing out of what fails.
//!
//! `re_find(program: &ReProgram, text: &ReText, start, end: usize, how: ReHow, leave: bool) -> Option<Vec<usize>>` gives the
//! slots of a match: two places for each group (`RE_UNSET` where it did not match), then the number of the last group that
//! closed. `leave` refuses an empty match at `start`. The machine keeps its own stack: no text overflows the program's.

use crate::{re_in_class, re_lower, ReClass, ReGreed, ReOp, ReProgram, ReSpot, Str};
use alloc::rc::Rc;
use alloc::vec;
use alloc::vec::Vec;

/// A slot that holds no place.
pub const RE_UNSET: usize = usize::MAX;

/// Where a match may begin and must end.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum ReHow {
    /// Anywhere: `search`.
    Search,
    /// At the start: `match`.
    Match,
    /// At the start, to the end: `fullmatch`.
    FullMatch,
}

/// A text with its characters in reach.
#[derive(Clone)]
pub enum ReText {
    /// Characters are bytes.
    Ascii(Str),
    /// Characters, one by one.
    Wide(Rc<[char]>),
}

impl ReText {
    /// A text, decoded if it must be.
    pub fn new(text: &Str) -> ReText {
        if text.is_ascii_only() {
            return ReText::Ascii(text.clone());
        }
        ReText::Wide(text.chars().collect::<Vec<char>>().into())
    }

    /// How many characters.
    pub fn len(&self) -> usize {
        match self {
            ReText::Ascii(text) => text.as_str().len(),
            ReText::Wide(text) => text.len(),
        }
    }

    /// Whether there is none.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// The characters of a span.
    pub fn part(&self, start: usize, end: usize) -> Str {
        match self {
            ReText::Ascii(text) => text.slice(Some(start as i64), Some(end as i64)),
            ReText::Wide(text) => text[start..end].iter().copied().collect(),
        }
    }
}

/// Characters by place.
pub trait ReSubject {
    /// The character at a place inside.
    fn at(&self, place: usize) -> u32;
}

impl ReSubject for [u8] {
    #[inline]
    fn at(&self, place: usize) -> u32 {
        u32::from(self[place])
    }
}

impl ReSubject for [char] {
    #[inline]
    fn at(&self, place: usize) -> u32 {
        self[place] as u32
    }
}

/// Where to go on when a way fails.
pub struct ReFrame {
    /// The step.
    pub step: usize,
    /// The place in the text.
    pub place: usize,
    /// The innermost repetition.
    pub round: usize,
    /// How many rounds were noted.
    pub rounds: usize,
    /// How many changes of slots were noted.
    pub changes: usize,
    /// What is to be done.
    pub kind: ReRetry,
}

/// What a frame does when it is gone back to.
#[derive(Clone, Copy)]
pub enum ReRetry {
    /// Go on there.
    Plain,
    /// Give back one character, down to that place.
    Give(usize),
    /// Take one character more, at most so many.
    Take(u32),
    /// Begin one more round.
    Round,
}

/// The state of one repetition.
#[derive(Clone, Copy)]
pub struct ReRound {
    /// The repetition around it.
    pub outer: usize,
    /// Rounds that are complete.
    pub count: u32,
    /// Where the last round began that was not needed.
    pub last: usize,
}

/// The machine.
pub struct ReMachine<'a, S: ?Sized> {
    /// The program.
    pub program: &'a ReProgram,
    /// The text.
    pub text: &'a S,
    /// Where the text ends.
    pub end: usize,
    /// Where groups begin and end.
    pub slots: Vec<usize>,
    /// Changes of slots: which one, and what it was.
    pub changes: Vec<(usize, usize)>,
    /// Where to go on.
    pub frames: Vec<ReFrame>,
    /// States of repetitions; the machine only adds to them until it backs out.
    pub rounds: Vec<ReRound>,
    /// Whether a match must end where the text does.
    pub whole: bool,
    /// A place at which a match must not end.
    pub forbidden: usize,
}

/// Find a match.
pub fn re_find(
    program: &ReProgram,
    text: &ReText,
    start: usize,
    end: usize,
    how: ReHow,
    leave: bool,
) -> Option<Vec<usize>> {
    match text {
        ReText::Ascii(text) => ReMachine::new(program, text.as_bytes(), end).find(start, how, leave),
        ReText::Wide(text) => ReMachine::new(program, &**text, end).find(start, how, leave),
    }
}

impl<'a, S: ReSubject + ?Sized> ReMachine<'a, S> {
    /// A machine that has not begun.
    pub fn new(program: &'a ReProgram, text: &'a S, end: usize) -> Self {
        ReMachine {
            program,
            text,
            end,
            slots: vec![RE_UNSET; 2 * program.groups + 3],
            changes: Vec::new(),
            frames: Vec::new(),
            rounds: Vec::new(),
            whole: false,
            forbidden: RE_UNSET,
        }
    }

    /// The first match from `start` on.
    pub fn find(mut self, start: usize, how: ReHow, leave: bool) -> Option<Vec<usize>> {
        self.whole = how == ReHow::FullMatch;
        self.forbidden = if leave { start } else { RE_UNSET };
        let mut begin = start;
        while begin <= self.end {
            if how == ReHow::Search {
                begin = self.candidate(begin)?;
            }
            if let Some(end) = self.run(0, begin, RE_UNSET, true) {
                self.slots[0] = begin;
                self.slots[1] = end;
                return Some(self.slots);
            }
            if how != ReHow::Search || self.program.anchored {
                return None;
            }
            self.forbidden = RE_UNSET;
            self.rounds.clear();
            begin += 1;
        }
        None
    }

    /// The next place where a match may begin.
    #[inline]
    pub fn candidate(&self, begin: usize) -> Option<usize> {
        let Some(first) = self.program.first else { return Some(begin) };
        let op = &self.program.ops[first];
        (begin..self.end).find(|place| self.passes(op, *place))
    }

    /// Whether the character at a place inside passes a step for one character.
    #[inline]
    pub fn passes(&self, op: &ReOp, place: usize) -> bool {
        let code = self.text.at(place);
        match op {
            ReOp::Char(wanted) => code == *wanted,
            ReOp::CharFold(wanted, ascii) => re_lower(code, *ascii) == *wanted,
            ReOp::Any => code != 10,
            ReOp::AnyAll => true,
            ReOp::Set(set) => set.holds(code),
            _ => false,
        }
    }

    /// Whether a place is one of a kind.
    pub fn stands_at(&self, spot: ReSpot, ascii: bool, place: usize) -> bool {
        let is_break = |place: usize| self.text.at(place) == 10;
        match spot {
            ReSpot::TextBegin => place == 0,
            ReSpot::LineBegin => place == 0 || is_break(place - 1),
            ReSpot::TextEnd => place == self.end,
            ReSpot::End => place == self.end || (place + 1 == self.end && is_break(place)),
            ReSpot::LineEnd => place == self.end || is_break(place),
            ReSpot::Boundary | ReSpot::NoBoundary => {
                let is_word = |place: usize| re_in_class(self.text.at(place), ReClass::Word, ascii);
                let before = place > 0 && is_word(place - 1);
                let after = place < self.end && is_word(place);
                self.end > 0 && (before != after) == (spot == ReSpot::Boundary)
            }
        }
    }

    /// Write a slot, so that it can be taken back.
    #[inline]
    pub fn save(&mut self, slot: usize, value: usize) {
        self.changes.push((slot, self.slots[slot]));
        self.slots[slot] = value;
    }

    /// Take back changes.
    #[inline]
    pub fn undo(&mut self, changes: usize) {
        while self.changes.len() > changes {
            if let Some((slot, value)) = self.changes.pop() {
                self.slots[slot] = value;
            }
        }
    }

    /// Note where to go on.
    #[inline]
    pub fn remember(&mut self, step: usize, place: usize, round: usize, kind: ReRetry) {
        let (rounds, changes) = (self.rounds.len(), self.changes.len());
        self.frames.push(ReFrame { step, place, round, rounds, changes, kind });
    }

    /// Note another state of a repetition.
    pub fn enter(&mut self, outer: usize, count: u32, last: usize) -> usize {
        self.rounds.push(ReRound { outer, count, last });
        self.rounds.len() - 1
    }
}

impl<S: ReSubject + ?Sized> ReMachine<'_, S> {
    /// Run from a step at a place; gives where the match ends.
    pub fn run(&mut self, step: usize, place: usize, round: usize, top: bool) -> Option<usize> {
        let base = self.frames.len();
        let changes = self.changes.len();
        let mut at = (step, place, round);
        loop {
            if let ReOp::Accept = self.program.ops[at.0] {
                if !top || ((!self.whole || at.1 == self.end) && at.1 != self.forbidden) {
                    self.frames.truncate(base);
                    return Some(at.1);
                }
            } else if let Some(next) = self.advance(at) {
                at = next;
                continue;
            }
            match self.back_out(base) {
                Some(next) => at = next,
                None => {
                    self.undo(changes);
                    return None;
                }
            }
        }
    }

    /// Go back to the last choice above `base`.
    pub fn back_out(&mut self, base: usize) -> Option<(usize, usize, usize)> {
        while self.frames.len() > base {
            let frame = self.frames.pop()?;
            self.undo(frame.changes);
            self.rounds.truncate(frame.rounds);
            let ReFrame { step, place, round, kind, .. } = frame;
            match kind {
                ReRetry::Plain => return Some((step, place, round)),
                ReRetry::Give(least) => {
                    if let Some(place) = self.give(step, place, round, least) {
                        return Some((step, place, round));
                    }
                }
                ReRetry::Take(left) => {
                    if place < self.end && self.passes(&self.program.ops[step - 1], place) {
                        if left > 1 {
                            self.remember(step, place + 1, round, ReRetry::Take(left - 1));
                        }
                        return Some((step, place + 1, round));
                    }
                }
                ReRetry::Round => {
                    let state = self.rounds[round];
                    let round = self.enter(state.outer, state.count + 1, place);
                    return Some((step, place, round));
                }
            }
        }
        None
    }

    /// Give back characters until the next step can pass; gives the place, if there is one.
    pub fn give(&mut self, step: usize, place: usize, round: usize, least: usize) -> Option<usize> {
        let mut place = place;
        loop {
            place -= 1;
            let passes = match &self.program.ops[step] {
                ReOp::Char(wanted) => place < self.end && self.text.at(place) == *wanted,
                _ => true,
            };
            if passes {
                if place > least {
                    self.remember(step, place, round, ReRetry::Give(least));
                }
                return Some(place);
            }
            if place == least {
                return None;
            }
        }
    }

    /// Do one step; gives where to go on, none where the way fails.
    #[inline]
    pub fn advance(&mut self, (step, place, round): (usize, usize, usize)) -> Option<(usize, usize, usize)> {
        let program = self.program;
        match &program.ops[step] {
            op @ (ReOp::Char(_) | ReOp::CharFold(..) | ReOp::Any | ReOp::AnyAll | ReOp::Set(_)) => {
                (place < self.end && self.passes(op, place)).then_some((step + 1, place + 1, round))
            }
            ReOp::At(spot, ascii) => self.stands_at(*spot, *ascii, place).then_some((step + 1, place, round)),
            ReOp::Save(slot) => {
                self.save(*slot, place);
                if slot % 2 == 1 {
                    let last = self.slots.len() - 1;
                    self.save(last, slot / 2);
                }
                Some((step + 1, place, round))
            }
            ReOp::Jump(to) => Some((*to, place, round)),
            ReOp::Split(first, second) => {
                self.remember(*second, place, round, ReRetry::Plain);
                Some((*first, place, round))
            }
            ReOp::One(min, max, greed) => self.one(step, place, round, (*min, *max), *greed),
            ReOp::Repeat(until) => {
                let round = self.enter(round, 0, RE_UNSET);
                Some((*until, place, round))
            }
            ReOp::Until(begin, min, max, lazy) => self.until(step, place, round, (*begin, *min, *max), *lazy),
            ReOp::Back(group, fold, ascii) => {
                self.back(*group, *fold, *ascii, place).map(|place| (step + 1, place, round))
            }
            ReOp::Look(back, negated, end) => {
                self.look(step, place, round, *back, *negated).then_some((*end, place, round))
            }
            ReOp::Atomic(end) => self.run(step + 1, place, round, false).map(|place| (*end, place, round)),
            ReOp::If(group, otherwise) => {
                let matched = self.slots[2 * group + 1] != RE_UNSET;
                Some((if matched { step + 1 } else { *otherwise }, place, round))
            }
            ReOp::Accept => None,
        }
    }

    /// Repeat a step for one character.
    pub fn one(
        &mut self,
        step: usize,
        place: usize,
        round: usize,
        (min, max): (u32, u32),
        greed: ReGreed,
    ) -> Option<(usize, usize, usize)> {
        let op = &self.program.ops[step + 1];
        let wanted = if greed == ReGreed::Lazy { min } else { max };
        let limit = self.end.min(place.saturating_add(wanted as usize));
        let mut end = place;
        if matches!(op, ReOp::AnyAll) {
            end = limit;
        }
        while end < limit && self.passes(op, end) {
            end += 1;
        }
        let least = place + min as usize;
        if end < least {
            return None;
        }
        match greed {
            ReGreed::Greedy if end > least => {
                // The longest way first, where the next step can pass at all.
                if let ReOp::Char(wanted) = self.program.ops[step + 2] {
                    if end >= self.end || self.text.at(end) != wanted {
                        return self.give(step + 2, end, round, least).map(|place| (step + 2, place, round));
                    }
                }
                self.remember(step + 2, end, round, ReRetry::Give(least));
            }
            ReGreed::Lazy if max > min => self.remember(step + 2, end, round, ReRetry::Take(max - min)),
            _ => {}
        }
        Some((step + 2, end, round))
    }

    /// The end of a round of a repetition.
    pub fn until(
        &mut self,
        step: usize,
        place: usize,
        round: usize,
        (begin, min, max): (usize, u32, u32),
        lazy: bool,
    ) -> Option<(usize, usize, usize)> {
        let state = self.rounds[round];
        if state.count < min {
            let round = self.enter(state.outer, state.count + 1, state.last);
            return Some((begin + 1, place, round));
        }
        // A round that matched nothing is not repeated.
        let may_go_on = (max == u32::MAX || state.count < max) && state.last != place;
        if lazy {
            if may_go_on {
                self.remember(begin + 1, place, round, ReRetry::Round);
            }
            return Some((step + 1, place, state.outer));
        }
        if !may_go_on {
            return Some((step + 1, place, state.outer));
        }
        self.remember(step + 1, place, state.outer, ReRetry::Plain);
        let round = self.enter(state.outer, state.count.saturating_add(1), place);
        Some((begin + 1, place, round))
    }

    /// The text of a group once more; gives its end.
    pub fn back(&self, group: usize, fold: bool, ascii: bool, place: usize) -> Option<usize> {
        let (start, end) = (self.slots[2 * group], self.slots[2 * group + 1]);
        if start == RE_UNSET || end == RE_UNSET || end < start || place + (end - start) > self.end {
            return None;
        }
        let same = |a: u32, b: u32| a == b || fold && re_lower(a, ascii) == re_lower(b, ascii);
        let all = (0..end - start).all(|count| same(self.text.at(start + count), self.text.at(place + count)));
        all.then_some(place + (end - start))
    }

    /// Look ahead or behind.
    pub fn look(&mut self, step: usize, place: usize, round: usize, back: usize, negated: bool) -> bool {
        let Some(start) = place.checked_sub(back) else { return negated };
        let changes = self.changes.len();
        let found = self.run(step + 1, start, round, false).is_some();
        if negated && found {
            self.undo(changes);
        }
        found != negated
    }
}
