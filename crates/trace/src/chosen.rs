//! Which calls are to be seen.

use crate::call::{Abi, Call};

const WORDS: usize = 16;

/// A set of calls, for each of the tables of x86-64.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Chosen {
    bits: [[u64; WORDS]; 3],
}

impl Chosen {
    /// No call at all.
    #[must_use]
    pub fn none() -> Self {
        Self { bits: [[0; WORDS]; 3] }
    }

    /// Every call, known or not.
    #[must_use]
    pub fn all() -> Self {
        Self { bits: [[u64::MAX; WORDS]; 3] }
    }

    /// Add one; numbers beyond every table are left out.
    pub fn insert(&mut self, abi: Abi, number: u32) {
        if let Some(word) = self.bits[table(abi)].get_mut(number as usize / 64) {
            *word |= 1 << (number % 64);
        }
    }

    /// Whether a call is one of them; a number beyond every table is one where all are.
    #[must_use]
    pub fn holds(&self, call: &Call) -> bool {
        let bits = &self.bits[table(call.abi)];
        match bits.get(call.number as usize / 64) {
            Some(word) => word >> (call.number % 64) & 1 != 0,
            None => bits.iter().all(|word| *word == u64::MAX),
        }
    }

    /// The numbers of one table.
    pub fn numbers(&self, abi: Abi) -> impl Iterator<Item = u32> {
        let bits = &self.bits[table(abi)];
        (0..WORDS as u32 * 64).filter(|number| bits[*number as usize / 64] >> (number % 64) & 1 != 0)
    }
}

impl FromIterator<(Abi, u32)> for Chosen {
    fn from_iter<T: IntoIterator<Item = (Abi, u32)>>(calls: T) -> Self {
        let mut chosen = Self::none();
        calls.into_iter().for_each(|(abi, number)| chosen.insert(abi, number));
        chosen
    }
}

fn table(abi: Abi) -> usize {
    match abi {
        Abi::X86_64 => 0,
        Abi::X32 => 1,
        Abi::I386 => 2,
    }
}
