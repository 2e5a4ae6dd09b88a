//! `random` on lists, other populations and integers of any size.
//!
//! Populations (`Population`) are `List<T>`, `Seq<T>`, `Vec<T>`, `Str`, `Range` and `core::ops::Range<i64>`.
//! Methods of `Random`, each also a function `random_NAME` on the module's generator:
//! `choice(&P) -> Result<P::Item, Exc>`, `shuffle(&List<T>)`, `sample(&P, k: i64) -> Result<List<P::Item>, Exc>`,
//! `sample_counts(&P, counts: &[i64], k)`, `choices(&P, weights: Option<Vec<f64>>, k) -> Result<List<P::Item>, Exc>`
//! (weights may be ints turned to floats), `choices_cumulative(&P, Vec<f64>, k)`, `getrandbits(k) -> Result<Int, Exc>`,
//! `randbytes(n) -> Result<Vec<u8>, Exc>`, `seed_int(&Int)`, `seed_float(f64)`,
//! `randint_wide(&Int, &Int) -> Result<Int, Exc>`.

use crate::{random_generator, Exc, Int, List, Object, Range, Seq, Str, Twister, INDEX_ERROR, VALUE_ERROR};
use alloc::collections::BTreeSet;
use alloc::format;
use alloc::vec::Vec;

/// What can be chosen from.
pub trait Population {
    /// What is chosen.
    type Item: Clone;
    /// How many there are.
    fn population(&self) -> i64;
    /// One of them, by a place inside.
    fn member(&self, place: i64) -> Self::Item;
}

impl<T: Clone> Population for List<T> {
    type Item = T;
    fn population(&self) -> i64 {
        self.len()
    }
    fn member(&self, place: i64) -> T {
        self.borrow()[place as usize].clone()
    }
}

impl<T: Clone> Population for Vec<T> {
    type Item = T;
    fn population(&self) -> i64 {
        self.len() as i64
    }
    fn member(&self, place: i64) -> T {
        self[place as usize].clone()
    }
}

impl Population for Str {
    type Item = Str;
    fn population(&self) -> i64 {
        self.len()
    }
    fn member(&self, place: i64) -> Str {
        self.slice(Some(place), Some(place + 1))
    }
}

impl<T: Clone> Population for Seq<T> {
    type Item = T;
    fn population(&self) -> i64 {
        self.len()
    }
    fn member(&self, place: i64) -> T {
        self.iter().nth(place as usize).unwrap_or_else(|| unreachable!("a place inside"))
    }
}

impl Population for Range {
    type Item = i64;
    fn population(&self) -> i64 {
        self.len()
    }
    fn member(&self, place: i64) -> i64 {
        self.item(place).unwrap_or_default()
    }
}

impl Population for core::ops::Range<i64> {
    type Item = i64;
    fn population(&self) -> i64 {
        (self.end - self.start).max(0)
    }
    fn member(&self, place: i64) -> i64 {
        self.start + place
    }
}

/// The place behind all sums that are not above `value`.
pub fn random_bisect(sums: &[f64], value: f64, end: usize) -> usize {
    sums[..end].partition_point(|sum| *sum <= value)
}

impl Twister {
    /// `choice`.
    pub fn choice<P: Population>(&self, population: &P) -> Result<P::Item, Exc> {
        Ok(population.member(self.choice_index(population.population())?))
    }

    /// `shuffle`.
    pub fn shuffle<T>(&self, items: &List<T>) {
        let length = items.len();
        for place in (1..length).rev() {
            let other = self.below(place as u64 + 1) as usize;
            items.borrow_mut().swap(place as usize, other);
        }
    }

    /// `sample`. Errors: ValueError for more than there are.
    pub fn sample<P: Population>(&self, population: &P, k: i64) -> Result<List<P::Item>, Exc> {
        let n = population.population();
        if !(0..=n).contains(&k) {
            return Err(Exc::new(&VALUE_ERROR, "Sample larger than population or is negative"));
        }
        // CPython compares the sizes of a list and of a set.
        let mut limit = 21;
        if k > 5 {
            let mut size = 1;
            while size < k * 3 {
                size *= 4;
            }
            limit += size;
        }
        let mut chosen = Vec::new();
        if n <= limit {
            let mut pool: Vec<i64> = (0..n).collect();
            for count in 0..k {
                let place = self.below((n - count) as u64) as usize;
                chosen.push(population.member(pool[place]));
                pool[place] = pool[(n - count - 1) as usize];
            }
            return Ok(List::from(chosen));
        }
        let mut taken = BTreeSet::new();
        for _ in 0..k {
            let mut place = self.below(n as u64) as i64;
            while !taken.insert(place) {
                place = self.below(n as u64) as i64;
            }
            chosen.push(population.member(place));
        }
        Ok(List::from(chosen))
    }

    /// `sample` with counts.
    pub fn sample_counts<P: Population>(&self, population: &P, counts: &[i64], k: i64) -> Result<List<P::Item>, Exc> {
        let mut total = 0;
        let sums: Vec<i64> = counts
            .iter()
            .map(|count| {
                total += count;
                total
            })
            .collect();
        if sums.len() as i64 != population.population() {
            return Err(Exc::new(&VALUE_ERROR, "The number of counts does not match the population"));
        }
        if total <= 0 {
            return Err(Exc::new(&VALUE_ERROR, "Total of counts must be greater than zero"));
        }
        // CPython looks in all sums but the last.
        let sums = &sums[..sums.len() - 1];
        let places = self.sample(&(0..total), k)?;
        let chosen = places.iter().map(|place| population.member(sums.partition_point(|sum| *sum <= place) as i64));
        Ok(chosen.collect())
    }
}

impl Twister {
    /// `choices` with or without weights.
    pub fn choices<P: Population>(
        &self,
        population: &P,
        weights: Option<Vec<f64>>,
        k: i64,
    ) -> Result<List<P::Item>, Exc> {
        let n = population.population();
        let Some(weights) = weights else {
            if n == 0 && k > 0 {
                return Err(Exc::new(&INDEX_ERROR, "list index out of range"));
            }
            return Ok((0..k).map(|_| population.member((self.random() * n as f64) as i64)).collect());
        };
        let mut total = 0.0;
        let mut sums = Vec::new();
        for (place, weight) in weights.into_iter().enumerate() {
            total = if place == 0 { weight } else { total + weight };
            sums.push(total);
        }
        self.choices_cumulative(population, sums, k)
    }

    /// `choices` with cumulative weights.
    pub fn choices_cumulative<P: Population>(
        &self,
        population: &P,
        sums: Vec<f64>,
        k: i64,
    ) -> Result<List<P::Item>, Exc> {
        if sums.len() as i64 != population.population() {
            return Err(Exc::new(&VALUE_ERROR, "The number of weights does not match the population"));
        }
        let Some(total) = sums.last().copied() else {
            return Err(Exc::new(&INDEX_ERROR, "list index out of range"));
        };
        if total <= 0.0 {
            return Err(Exc::new(&VALUE_ERROR, "Total of weights must be greater than zero"));
        }
        if !total.is_finite() {
            return Err(Exc::new(&VALUE_ERROR, "Total of weights must be finite"));
        }
        let last = sums.len() - 1;
        let draw = |_| population.member(random_bisect(&sums, self.random() * total, last) as i64);
        Ok((0..k).map(draw).collect())
    }
}

impl Twister {
    /// `getrandbits`.
    pub fn getrandbits(&self, bits: i64) -> Result<Int, Exc> {
        if bits < 0 {
            return Err(Exc::new(&VALUE_ERROR, "number of bits must be non-negative"));
        }
        if bits == 0 {
            return Ok(Int::Small(0));
        }
        if bits < 64 {
            return Ok(Int::from(self.bits64(bits as u32) as i64));
        }
        let mut bytes = Vec::new();
        let mut left = bits;
        while left > 0 {
            let word = if left < 32 { self.bits32() >> (32 - left) } else { self.bits32() };
            bytes.extend(word.to_le_bytes());
            left -= 32;
        }
        Ok(Int::from_bytes(&bytes, true, false))
    }

    /// `randbytes`.
    pub fn randbytes(&self, n: i64) -> Result<Vec<u8>, Exc> {
        self.getrandbits(n * 8)?.to_bytes(n, true, false)
    }

    /// A number below a limit of any size.
    pub fn below_int(&self, limit: &Int) -> Result<Int, Exc> {
        let bits = limit.bit_length();
        loop {
            let number = self.getrandbits(bits)?;
            if number < *limit {
                return Ok(number);
            }
        }
    }

    /// `randint` of integers of any size.
    pub fn randint_wide(&self, a: &Int, b: &Int) -> Result<Int, Exc> {
        let end = b + 1;
        let width = &end - a;
        if width.is_negative() || width == 0 {
            let text = format!("empty range for randrange() ({a}, {end}, {width})");
            return Err(Exc::new(&VALUE_ERROR, text));
        }
        Ok(a + self.below_int(&width)?)
    }

    /// `seed` of an integer of any size.
    pub fn seed_int(&self, seed: &Int) {
        let size = seed.abs();
        let bytes = size.to_bytes((size.bit_length() + 31) / 32 * 4, true, false).unwrap_or_default();
        let mut key: Vec<u32> =
            bytes.chunks(4).map(|four| four.iter().rev().fold(0, |word, byte| word << 8 | u32::from(*byte))).collect();
        if key.is_empty() {
            key.push(0);
        }
        self.seed_words(&key);
    }

    /// `seed` of a float, which CPython takes by its hash.
    pub fn seed_float(&self, seed: f64) {
        let hash = seed.hash();
        let key = [hash as u32, (hash >> 32) as u32];
        self.seed_words(if key[1] == 0 { &key[..1] } else { &key });
    }
}

/// `random.choice`.
pub fn random_choice<P: Population>(population: &P) -> Result<P::Item, Exc> {
    random_generator().choice(population)
}

/// `random.shuffle`.
pub fn random_shuffle<T>(items: &List<T>) {
    random_generator().shuffle(items)
}

/// `random.sample`.
pub fn random_sample<P: Population>(population: &P, k: i64) -> Result<List<P::Item>, Exc> {
    random_generator().sample(population, k)
}

/// `random.choices`.
pub fn random_choices<P: Population>(population: &P, weights: Option<Vec<f64>>, k: i64) -> Result<List<P::Item>, Exc> {
    random_generator().choices(population, weights, k)
}

/// `random.getrandbits`.
pub fn random_getrandbits(bits: i64) -> Result<Int, Exc> {
    random_generator().getrandbits(bits)
}
