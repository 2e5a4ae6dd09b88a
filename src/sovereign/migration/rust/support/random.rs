//! `random`: CPython's Mersenne Twister, so that a seeded program draws the same numbers.
//!
//! `Random` is a handle to a generator of its own (`Random::unseeded()`), `random_generator()` the one behind the module's functions.
//! Its methods, each also a function `random_NAME` on the module's generator where a program can call it so:
//! `seed_words(&self, &[u32])`, `seed_i64(&self, i64)`, `seed_bytes(&self, &[u8])` (bytes and UTF-8 of str),
//! `seed_from_system(&self)`, `random(&self) -> f64`, `below(&self, u64) -> u64` (not 0),
//! `bits64(&self, bits: u32) -> u64` (at most 64),
//! `randrange(&self, start: i64, stop: i64, step: i64) -> Result<i64, Exc>`, `randrange_to(&self, stop) -> Result<i64, Exc>`,
//! `randint(&self, a: i64, b: i64) -> Result<i64, Exc>`, `choice_index(&self, len: i64) -> Result<i64, Exc>`,
//! `uniform(a, b)`, `triangular(low, high, mode: Option<f64>)`, `gauss(mu, sigma)`, `normalvariate(mu, sigma)`,
//! `lognormvariate(mu, sigma) -> Result`, `expovariate(lambd) -> Result`, `vonmisesvariate(mu, kappa)`,
//! `gammavariate(alpha, beta) -> Result`, `betavariate(alpha, beta) -> Result`, `paretovariate(alpha) -> Result`,
//! `weibullvariate(alpha, beta) -> Result`, all on f64.
//! `random_population.rs` has what needs lists. Refused: `seed(version=1)`, `setstate` of foreign states.

use crate::{
    hash_identity, hashlib_sha512, math_exp, math_log, platform, CMath, Exc, Object, INDEX_ERROR, VALUE_ERROR,
    ZERO_DIVISION_ERROR,
};
use alloc::format;
use alloc::rc::Rc;
use alloc::string::String;
use alloc::vec::Vec;
use core::cell::Cell;
use core::ops::Deref;

/// A Mersenne Twister. It seeds itself from the system when it is first used without a seed.
pub struct Twister {
    /// The state.
    pub words: [Cell<u32>; 624],
    /// The next word to give; 624 when a new round is due, 625 before the first seed.
    pub place: Cell<usize>,
    /// The second number of `gauss`.
    pub spare: Cell<Option<f64>>,
}

/// A generator that a program made: a handle, whose clone is the same generator.
#[derive(Clone)]
pub struct Random(Rc<Twister>);

impl Random {
    /// A generator that takes its seed from the system unless one comes first.
    pub fn unseeded() -> Random {
        Random(Rc::new(Twister::unseeded()))
    }
}

impl Deref for Random {
    type Target = Twister;
    fn deref(&self) -> &Twister {
        &self.0
    }
}

impl Object for Random {
    fn write_repr(&self, out: &mut String) {
        out.push_str("<random.Random object>");
    }
    fn equals(&self, other: &Self) -> bool {
        Rc::ptr_eq(&self.0, &other.0)
    }
    fn hash(&self) -> u64 {
        hash_identity(&*self.0)
    }
    fn type_name(&self) -> &'static str {
        "Random"
    }
}

/// A value that only one thread uses, so that it can be static.
pub struct RandomShared(pub Twister);

// SAFETY: translated programs have one thread.
unsafe impl Sync for RandomShared {}

/// The generator of the module's functions.
pub static RANDOM_SHARED: RandomShared = RandomShared(Twister::unseeded());

/// The generator of the module's functions.
pub fn random_generator() -> &'static Twister {
    &RANDOM_SHARED.0
}

impl Twister {
    /// A generator that takes its seed from the system unless one comes first.
    pub const fn unseeded() -> Twister {
        Twister { words: [const { Cell::new(0) }; 624], place: Cell::new(625), spare: Cell::new(None) }
    }
}

impl Twister {
    /// Seed with one number, the start of every other seed.
    pub fn seed_word(&self, seed: u32) {
        self.words[0].set(seed);
        for place in 1..624 {
            let last = self.words[place - 1].get();
            let mixed = (last ^ last >> 30).wrapping_mul(1_812_433_253).wrapping_add(place as u32);
            self.words[place].set(mixed);
        }
        self.place.set(624);
        self.spare.set(None);
    }

    /// Seed with a number of any size: its 32-bit digits, lowest first, at least one.
    pub fn seed_words(&self, key: &[u32]) {
        self.seed_word(19_650_218);
        let mut place = 1;
        let mut mix = |step: usize, factor: u32, add: u32, subtract: bool| {
            let last = self.words[place - 1].get();
            let mixed = self.words[place].get() ^ (last ^ last >> 30).wrapping_mul(factor);
            let shift = place as u32;
            self.words[place].set(if subtract { mixed.wrapping_sub(shift) } else { mixed.wrapping_add(add) });
            place += step;
            if place == 624 {
                self.words[0].set(self.words[623].get());
                place = 1;
            }
        };
        for count in 0..key.len().max(624) {
            let digit = count % key.len();
            mix(1, 1_664_525, key[digit].wrapping_add(digit as u32), false);
        }
        for _ in 0..623 {
            mix(1, 1_566_083_941, 0, true);
        }
        self.words[0].set(0x8000_0000);
    }

    /// `seed` of an int that fits.
    pub fn seed_i64(&self, seed: i64) {
        let size = seed.unsigned_abs();
        let key = [size as u32, (size >> 32) as u32];
        self.seed_words(if key[1] == 0 { &key[..1] } else { &key });
    }

    /// `seed` of bytes, or of a str as UTF-8.
    pub fn seed_bytes(&self, seed: &[u8]) {
        let mut bytes = seed.to_vec();
        bytes.extend(hashlib_sha512(seed).digest());
        bytes.reverse();
        let mut key: Vec<u32> =
            bytes.chunks(4).map(|four| four.iter().rev().fold(0, |word, byte| word << 8 | *byte as u32)).collect();
        while key.len() > 1 && key[key.len() - 1] == 0 {
            key.pop();
        }
        self.seed_words(&key);
    }

    /// `seed` without an argument.
    pub fn seed_from_system(&self) {
        let mut bytes = [0; 2496];
        // Without randomness the seed is fixed, which no program can tell from another seed.
        let _ = platform().random_bytes(&mut bytes);
        let key: Vec<u32> =
            bytes.chunks(4).map(|four| four.iter().fold(0, |word, byte| word << 8 | *byte as u32)).collect();
        self.seed_words(&key);
    }
}

impl Twister {
    /// The next round of the state.
    pub fn turn(&self) {
        if self.place.get() == 625 {
            self.seed_from_system();
        }
        for place in 0..624 {
            let pair = self.words[place].get() & 0x8000_0000 | self.words[(place + 1) % 624].get() & 0x7fff_ffff;
            let twist = if pair & 1 == 1 { 0x9908_b0df } else { 0 };
            self.words[place].set(self.words[(place + 397) % 624].get() ^ pair >> 1 ^ twist);
        }
        self.place.set(0);
    }

    /// 32 bits.
    pub fn bits32(&self) -> u32 {
        if self.place.get() >= 624 {
            self.turn();
        }
        let place = self.place.get();
        self.place.set(place + 1);
        let mut word = self.words[place].get();
        word ^= word >> 11;
        word ^= word << 7 & 0x9d2c_5680;
        word ^= word << 15 & 0xefc6_0000;
        word ^ word >> 18
    }

    /// `getrandbits` of 1 to 64 bits.
    pub fn bits64(&self, bits: u32) -> u64 {
        if bits <= 32 {
            return (self.bits32() >> (32 - bits)) as u64;
        }
        let low = self.bits32() as u64;
        low | ((self.bits32() >> (64 - bits)) as u64) << 32
    }

    /// A number below `limit`, which is not 0.
    pub fn below(&self, limit: u64) -> u64 {
        let bits = 64 - limit.leading_zeros();
        loop {
            let number = self.bits64(bits);
            if number < limit {
                return number;
            }
        }
    }

    /// `random()`: 53 bits of [0, 1).
    pub fn random(&self) -> f64 {
        let high = (self.bits32() >> 5) as f64;
        let low = (self.bits32() >> 6) as f64;
        (high * 67_108_864.0 + low) * (1.0 / 9_007_199_254_740_992.0)
    }
}

impl Twister {
    /// `randrange(stop)`.
    pub fn randrange_to(&self, stop: i64) -> Result<i64, Exc> {
        if stop <= 0 {
            return Err(Exc::new(&VALUE_ERROR, "empty range for randrange()"));
        }
        Ok(self.below(stop as u64) as i64)
    }

    /// `randrange(start, stop, step)`.
    pub fn randrange(&self, start: i64, stop: i64, step: i64) -> Result<i64, Exc> {
        let width = stop as i128 - start as i128;
        if step == 1 {
            if width <= 0 {
                let text = format!("empty range for randrange() ({start}, {stop}, {width})");
                return Err(Exc::new(&VALUE_ERROR, text));
            }
            return Ok((start as i128 + self.below(width as u64) as i128) as i64);
        }
        if step == 0 {
            return Err(Exc::new(&VALUE_ERROR, "zero step for randrange()"));
        }
        let step = step as i128;
        let above = width + step - step.signum();
        let count = above / step - i128::from(above % step != 0 && (above < 0) != (step < 0));
        if count <= 0 {
            return Err(Exc::new(&VALUE_ERROR, "empty range for randrange()"));
        }
        Ok((start as i128 + step * self.below(count as u64) as i128) as i64)
    }

    /// `randint(a, b)`, both ends possible.
    pub fn randint(&self, a: i64, b: i64) -> Result<i64, Exc> {
        let width = b as i128 + 1 - a as i128;
        if width <= 0 {
            let text = format!("empty range for randrange() ({}, {}, {})", a, b as i128 + 1, width);
            return Err(Exc::new(&VALUE_ERROR, text));
        }
        if width > u64::MAX as i128 {
            // All of i64: 65 bits are drawn, and every number but the largest is taken.
            loop {
                let low = self.bits32() as u128;
                let middle = self.bits32() as u128;
                let high = (self.bits32() >> 31) as u128;
                let number = low | middle << 32 | high << 64;
                if number < 1 << 64 {
                    return Ok((a as i128 + number as i128) as i64);
                }
            }
        }
        Ok((a as i128 + self.below(width as u64) as i128) as i64)
    }

    /// The index that `choice` takes of a sequence.
    pub fn choice_index(&self, len: i64) -> Result<i64, Exc> {
        if len == 0 {
            return Err(Exc::new(&INDEX_ERROR, "Cannot choose from an empty sequence"));
        }
        Ok(self.below(len as u64) as i64)
    }
}

impl Twister {
    /// `uniform`.
    pub fn uniform(&self, a: f64, b: f64) -> f64 {
        a + (b - a) * self.random()
    }

    /// `triangular`.
    pub fn triangular(&self, low: f64, high: f64, mode: Option<f64>) -> f64 {
        let u = self.random();
        let c = match mode {
            None => 0.5,
            Some(_) if high - low == 0.0 => return low,
            Some(mode) => (mode - low) / (high - low),
        };
        if u > c {
            return high + (low - high) * ((1.0 - u) * (1.0 - c)).c_sqrt();
        }
        low + (high - low) * (u * c).c_sqrt()
    }

    /// `normalvariate`.
    pub fn normalvariate(&self, mu: f64, sigma: f64) -> f64 {
        // 4 * exp(-0.5) / sqrt(2.0)
        let factor = 4.0 * (-0.5f64).c_exp() / 2f64.c_sqrt();
        loop {
            let first = self.random();
            let second = 1.0 - self.random();
            let z = factor * (first - 0.5) / second;
            if z * z / 4.0 <= -second.c_ln() {
                return mu + z * sigma;
            }
        }
    }

    /// `gauss`.
    pub fn gauss(&self, mu: f64, sigma: f64) -> f64 {
        if let Some(z) = self.spare.take() {
            return mu + z * sigma;
        }
        let angle = self.random() * core::f64::consts::TAU;
        let radius = (-2.0 * (1.0 - self.random()).c_ln()).c_sqrt();
        self.spare.set(Some(angle.c_sin() * radius));
        mu + angle.c_cos() * radius * sigma
    }

    /// `lognormvariate`.
    pub fn lognormvariate(&self, mu: f64, sigma: f64) -> Result<f64, Exc> {
        math_exp(self.normalvariate(mu, sigma))
    }

    /// `expovariate`. Errors: ZeroDivisionError for 0.
    pub fn expovariate(&self, lambd: f64) -> Result<f64, Exc> {
        let above = -(1.0 - self.random()).c_ln();
        if lambd == 0.0 {
            return Err(Exc::new(&ZERO_DIVISION_ERROR, "float division by zero"));
        }
        Ok(above / lambd)
    }

    /// `vonmisesvariate`.
    pub fn vonmisesvariate(&self, mu: f64, kappa: f64) -> f64 {
        let turn = core::f64::consts::TAU;
        if kappa <= 1e-6 {
            return turn * self.random();
        }
        let s = 0.5 / kappa;
        let r = s + (1.0 + s * s).c_sqrt();
        let z = loop {
            let z = (core::f64::consts::PI * self.random()).c_cos();
            let d = z / (r + z);
            let u = self.random();
            if u < 1.0 - d * d || u <= (1.0 - d) * d.c_exp() {
                break z;
            }
        };
        let q = 1.0 / r;
        let angle = ((q + z) / (1.0 + q * z)).c_acos();
        let sum = if self.random() > 0.5 { mu + angle } else { mu - angle };
        // Python's remainder has the sign of the divisor.
        let rest = sum % turn;
        if rest < 0.0 {
            rest + turn
        } else {
            rest
        }
    }
}

impl Twister {
    /// `gammavariate`. Errors: ValueError unless both are positive.
    pub fn gammavariate(&self, alpha: f64, beta: f64) -> Result<f64, Exc> {
        if alpha <= 0.0 || beta <= 0.0 {
            return Err(Exc::new(&VALUE_ERROR, "gammavariate: alpha and beta must be > 0.0"));
        }
        if alpha > 1.0 {
            return self.gamma_large(alpha, beta);
        }
        if alpha == 1.0 {
            return Ok(-(1.0 - self.random()).c_ln() * beta);
        }
        let e = core::f64::consts::E;
        loop {
            let b = (e + alpha) / e;
            let p = b * self.random();
            let x = if p <= 1.0 { p.c_powf(1.0 / alpha) } else { -((b - p) / alpha).c_ln() };
            let u = self.random();
            let accepted = if p > 1.0 { u <= x.c_powf(alpha - 1.0) } else { u <= (-x).c_exp() };
            if accepted {
                return Ok(x * beta);
            }
        }
    }

    /// The gamma distribution for alpha above 1.
    pub fn gamma_large(&self, alpha: f64, beta: f64) -> Result<f64, Exc> {
        let root = (2.0 * alpha - 1.0).c_sqrt();
        let b = alpha - 4f64.c_ln();
        let c = alpha + root;
        loop {
            let u1 = self.random();
            if !(1e-7 < u1 && u1 < 0.9999999) {
                continue;
            }
            let u2 = 1.0 - self.random();
            let v = (u1 / (1.0 - u1)).c_ln() / root;
            let x = alpha * v.c_exp();
            let z = u1 * u1 * u2;
            let r = b + c * v - x;
            if r + (1.0 + 4.5f64.c_ln()) - 4.5 * z >= 0.0 || r >= math_log(z)? {
                return Ok(x * beta);
            }
        }
    }

    /// `betavariate`.
    pub fn betavariate(&self, alpha: f64, beta: f64) -> Result<f64, Exc> {
        let y = self.gammavariate(alpha, 1.0)?;
        if y == 0.0 {
            return Ok(0.0);
        }
        Ok(y / (y + self.gammavariate(beta, 1.0)?))
    }

    /// `paretovariate`. Errors: ZeroDivisionError for 0.
    pub fn paretovariate(&self, alpha: f64) -> Result<f64, Exc> {
        let u = 1.0 - self.random();
        if alpha == 0.0 {
            return Err(Exc::new(&ZERO_DIVISION_ERROR, "float division by zero"));
        }
        Ok(u.c_powf(-1.0 / alpha))
    }

    /// `weibullvariate`. Errors: ZeroDivisionError for beta 0.
    pub fn weibullvariate(&self, alpha: f64, beta: f64) -> Result<f64, Exc> {
        let u = 1.0 - self.random();
        if beta == 0.0 {
            return Err(Exc::new(&ZERO_DIVISION_ERROR, "float division by zero"));
        }
        Ok(alpha * (-u.c_ln()).c_powf(1.0 / beta))
    }
}

/// `random.random`.
pub fn random_random() -> f64 {
    random_generator().random()
}

/// `random.randint`.
pub fn random_randint(a: i64, b: i64) -> Result<i64, Exc> {
    random_generator().randint(a, b)
}

/// `random.randrange` of two or three arguments.
pub fn random_randrange(start: i64, stop: i64, step: i64) -> Result<i64, Exc> {
    random_generator().randrange(start, stop, step)
}

/// `random.randrange` of one argument.
pub fn random_randrange_to(stop: i64) -> Result<i64, Exc> {
    random_generator().randrange_to(stop)
}

/// `random.triangular`.
pub fn random_triangular(low: f64, high: f64, mode: Option<f64>) -> f64 {
    random_generator().triangular(low, high, mode)
}

/// `random.expovariate`.
pub fn random_expovariate(lambd: f64) -> Result<f64, Exc> {
    random_generator().expovariate(lambd)
}

/// `random.paretovariate`.
pub fn random_paretovariate(alpha: f64) -> Result<f64, Exc> {
    random_generator().paretovariate(alpha)
}

/// `random.uniform`.
pub fn random_uniform(a: f64, b: f64) -> f64 {
    random_generator().uniform(a, b)
}

/// `random.gauss`.
pub fn random_gauss(mu: f64, sigma: f64) -> f64 {
    random_generator().gauss(mu, sigma)
}

/// `random.normalvariate`.
pub fn random_normalvariate(mu: f64, sigma: f64) -> f64 {
    random_generator().normalvariate(mu, sigma)
}

/// `random.vonmisesvariate`.
pub fn random_vonmisesvariate(mu: f64, kappa: f64) -> f64 {
    random_generator().vonmisesvariate(mu, kappa)
}

/// `random.lognormvariate`.
pub fn random_lognormvariate(mu: f64, sigma: f64) -> Result<f64, Exc> {
    random_generator().lognormvariate(mu, sigma)
}

/// `random.gammavariate`.
pub fn random_gammavariate(alpha: f64, beta: f64) -> Result<f64, Exc> {
    random_generator().gammavariate(alpha, beta)
}

/// `random.betavariate`.
pub fn random_betavariate(alpha: f64, beta: f64) -> Result<f64, Exc> {
    random_generator().betavariate(alpha, beta)
}

/// `random.weibullvariate`.
pub fn random_weibullvariate(alpha: f64, beta: f64) -> Result<f64, Exc> {
    random_generator().weibullvariate(alpha, beta)
}
