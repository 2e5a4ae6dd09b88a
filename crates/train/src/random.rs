//! Random numbers that depend on a seed and on nothing else.

/// A sequence of random numbers: SplitMix64 (Steele, Lea and Flood 2014), whose state is a counter.
///
/// Every task takes a sequence of its own by [`Random::of`], so that its numbers do not depend on what other tasks draw.
#[derive(Debug, Clone)]
pub(crate) struct Random {
    state: u64,
}

/// The golden ratio in 64 bits: the step of the counter.
const STEP: u64 = 0x9e37_79b9_7f4a_7c15;

impl Random {
    /// The sequence with this number among those of a seed.
    pub(crate) fn of(seed: u64, number: u64) -> Self {
        Self { state: mix(seed ^ mix(number.wrapping_add(STEP))) }
    }

    /// 64 random bits.
    #[inline]
    pub(crate) fn bits(&mut self) -> u64 {
        self.state = self.state.wrapping_add(STEP);
        mix(self.state)
    }

    /// A whole number below `bound`, which is not 0; each is as likely to within 2⁻⁶⁴ · bound.
    #[inline]
    pub(crate) fn below(&mut self, bound: usize) -> usize {
        ((u128::from(self.bits()) * bound as u128) >> 64) as usize
    }

    /// A number in [0, 1), a multiple of 2⁻⁵³.
    #[inline]
    pub(crate) fn unit(&mut self) -> f64 {
        (self.bits() >> 11) as f64 * (1.0 / (1_u64 << 53) as f64)
    }
}

/// Every bit of the answer depends on every bit of the number.
#[inline]
pub(crate) fn mix(mut bits: u64) -> u64 {
    bits = (bits ^ (bits >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    bits = (bits ^ (bits >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    bits ^ (bits >> 31)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_below_a_bound_are_spread_evenly() {
        let (mut random, mut found) = (Random::of(7, 0), [0_u32; 10]);
        for _ in 0..100_000 {
            found[random.below(10)] += 1;
        }
        // Six standard deviations of a share of one tenth.
        assert!(found.iter().all(|&count| count.abs_diff(10_000) < 570), "{found:?}");
    }

    #[test]
    fn sequences_of_one_seed_differ_and_repeat() {
        let draw = |seed, number| (0..4).map(|_| Random::of(seed, number).bits()).next();
        assert_eq!(draw(1, 1), draw(1, 1));
        assert!(draw(1, 1) != draw(1, 2) && draw(1, 1) != draw(2, 1));
        let mut random = Random::of(3, 3);
        let mean = (0..10_000).map(|_| random.unit()).sum::<f64>() / 10_000.0;
        assert!((mean - 0.5).abs() < 0.02, "{mean}");
    }
}
