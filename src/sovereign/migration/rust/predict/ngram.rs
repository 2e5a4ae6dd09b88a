//! Family 11, ngram: which token follows the last few.
//!
//! | array | what it holds |
//! |---|---|
//! | `terms` uint8, `term_offsets` (v+1,) int32 | the tokens, sorted by their bytes; a token's number is its place |
//! | `contexts` (c, n) int32 | tokens that stood before, oldest first, -1 on the left where there were fewer; sorted |
//! | `starts` (c+1,) int32 | where the continuations of each context begin |
//! | `next` (e,) int32 | the tokens that followed, by falling count, then by number |
//! | `counts` (e,) int32 | how often, above zero |
//!
//! A row holds the last n tokens as numbers, oldest first, -1 where there is none. Where the context is not known, its
//! oldest token is left out, and so on. One output is the token that followed most often, v outputs are probabilities.

use core::cmp::Ordering;

use crate::{Family, Head, InferenceError, Integers, Number, ParseError, Scope, Tensors, Wanted, model::product};

/// Tokens of the longest context.
const LONGEST: usize = 16;

/// A table of continuations.
#[derive(Debug, Clone, Copy)]
pub struct Ngram<'a> {
    terms: &'a [u8],
    term_offsets: Integers<'a>,
    contexts: Integers<'a>,
    starts: Integers<'a>,
    next: Integers<'a>,
    counts: Integers<'a>,
    order: usize,
}

impl<'a> Family<'a> for Ngram<'a> {
    fn read(tensors: &Scope<'a>, head: &Head) -> Result<Self, ParseError> {
        head.require_identity()?;
        let order = head.extra_within(7, 1, LONGEST as i32)?;
        let contexts = tensors.get("contexts").ok_or(ParseError::Missing { array: "contexts" })?;
        let terms = tensors.get("terms").ok_or(ParseError::Missing { array: "terms" })?;
        let found = Self {
            terms: terms.bytes,
            term_offsets: tensors.integers("term_offsets")?,
            contexts: contexts.integers("contexts")?,
            starts: tensors.integers("starts")?,
            next: tensors.integers("next")?,
            counts: tensors.integers("counts")?,
            order,
        };
        if contexts.shape[1] != order || head.features != order {
            let expected = [contexts.shape[0], order];
            return Err(ParseError::WrongShape { array: "contexts", expected, got: contexts.shape });
        }
        found.check(contexts.shape[0])?;
        if head.outputs != 1 {
            head.require_outputs(found.tokens())?;
        }
        Ok(found)
    }

    fn operations(&self, head: &Head) -> u64 {
        product(32 * self.order, self.order)
            .saturating_add(product(2, self.next.len()))
            .saturating_add(head.outputs as u64)
    }

    fn are_double(&self) -> bool {
        false
    }

    fn row<N: Number>(
        &self,
        _head: &Head,
        _wanted: Wanted,
        x: &[N],
        out: &mut [N],
        _scratch: &mut [N],
    ) -> Result<(), InferenceError> {
        let mut place = [-1; LONGEST];
        let context = place.get_mut(..x.len()).ok_or(InferenceError::ModelCorrupted)?;
        context.iter_mut().zip(x).for_each(|(token, x)| *token = x.double() as i32);
        let (begin, end) = self.back_off(context).ok_or(InferenceError::ModelCorrupted)?;
        if let [token] = out {
            *token = N::of_double(self.next.get(begin).unwrap_or(-1).into());
            return Ok(());
        }
        out.iter_mut().for_each(|p| *p = N::ZERO);
        let total: f64 = (begin..end).filter_map(|place| self.counts.get(place)).map(f64::from).sum();
        for place in begin..end {
            let (token, count) = (self.next.count(place), self.counts.get(place));
            if let Some(p) = token.and_then(|token| out.get_mut(token)) {
                *p = N::of_double(f64::from(count.unwrap_or(0)) / total);
            }
        }
        Ok(())
    }
}

impl<'a> Ngram<'a> {
    /// How many tokens there are.
    pub fn tokens(&self) -> usize {
        self.term_offsets.len().saturating_sub(1)
    }

    /// The bytes of a token.
    pub fn token(&self, number: usize) -> Option<&'a [u8]> {
        self.terms.get(self.term_offsets.count(number)?..self.term_offsets.count(number.checked_add(1)?)?)
    }

    /// Where the continuations of exactly this context stand in `next`.
    pub fn continuations(&self, context: &[i32]) -> Option<(usize, usize)> {
        let (mut low, mut high) = (0, self.starts.len().saturating_sub(1));
        while low < high {
            let middle = low.midpoint(high);
            match self.compare(middle, context)? {
                Ordering::Less => low = middle.checked_add(1)?,
                Ordering::Greater => high = middle,
                Ordering::Equal => {
                    return Some((self.starts.count(middle)?, self.starts.count(middle.checked_add(1)?)?));
                }
            }
        }
        None
    }

    /// As [`Ngram::continuations`], of the longest end of the context that is known; the rest becomes -1.
    pub fn back_off(&self, context: &mut [i32]) -> Option<(usize, usize)> {
        let mut known = self.continuations(context);
        for oldest in 0..context.len() {
            if known.is_some() {
                break;
            }
            if let Some(token) = context.get_mut(oldest) {
                if *token == -1 {
                    continue;
                }
                *token = -1;
            }
            known = self.continuations(context);
        }
        known
    }

    /// How the context of this number stands to another.
    fn compare(&self, number: usize, context: &[i32]) -> Option<Ordering> {
        let start = number.checked_mul(self.order)?;
        for (place, token) in context.iter().enumerate() {
            let order = self.contexts.get(start.checked_add(place)?)?.cmp(token);
            if order != Ordering::Equal {
                return Some(order);
            }
        }
        Some(Ordering::Equal)
    }

    fn check(&self, contexts: usize) -> Result<(), ParseError> {
        let tokens = self.tokens();
        self.term_offsets.require_borders("term_offsets", tokens, self.terms.len())?;
        self.starts.require_borders("starts", contexts, self.next.len())?;
        if self.counts.len() != self.next.len() {
            let (expected, got) = ([1, self.next.len()], [1, self.counts.len()]);
            return Err(ParseError::WrongShape { array: "counts", expected, got });
        }
        let is_token = |token: i32| usize::try_from(token).is_ok_and(|token| token < tokens);
        if let Some(place) = self.next.iter().position(|token| !is_token(token)) {
            return Err(ParseError::WrongValue { array: "next", place });
        }
        if let Some(place) = self.counts.iter().position(|count| count < 1) {
            return Err(ParseError::WrongValue { array: "counts", place });
        }
        if let Some(place) = self.contexts.iter().position(|token| token != -1 && !is_token(token)) {
            return Err(ParseError::WrongValue { array: "contexts", place });
        }
        self.check_order(contexts)
    }

    /// Contexts rise, each is followed by something, and the empty one is there.
    fn check_order(&self, contexts: usize) -> Result<(), ParseError> {
        let mut last = [i32::MIN; LONGEST];
        let mut begins = self.starts.iter().zip(self.starts.iter().skip(1));
        for number in 0..contexts {
            let wrong = ParseError::WrongValue { array: "contexts", place: number };
            let before = last.get(..self.order).ok_or(wrong)?;
            if self.compare(number, before) != Some(Ordering::Greater) || begins.next().is_none_or(|(a, b)| a == b) {
                return Err(wrong);
            }
            let start = number.checked_mul(self.order).ok_or(wrong)?;
            last.iter_mut().zip(self.contexts.iter().skip(start)).take(self.order).for_each(|(to, token)| *to = token);
        }
        let empty = [-1; LONGEST];
        let has_empty = empty.get(..self.order).is_some_and(|empty| self.continuations(empty).is_some());
        if has_empty { Ok(()) } else { Err(ParseError::WrongValue { array: "contexts", place: 0 }) }
    }
}
