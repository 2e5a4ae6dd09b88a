//! The exponential of what is not above zero, written so that compilers make wide instructions of it.

/// Adding and taking away this number rounds to a whole one, which then stands in the lowest bits.
const ROUNDING: f64 = 6_755_399_441_055_744.0;

/// Below this the exponential is no normal number any more.
const LEAST: f64 = -708.0;

/// `e` to the power `x <= 0`, within 2 units in the last place; below -708 as at -708, which is nothing beside 1.
#[inline(always)]
pub(crate) fn exp(x: f64) -> f64 {
    // NaN stays NaN: `max` would drop it.
    let x = if x < LEAST { LEAST } else { x };
    let shifted = x * std::f64::consts::LOG2_E + ROUNDING;
    let whole = shifted - ROUNDING;
    // The logarithm of 2 in two pieces, the first with so few digits that its product is exact.
    let rest = (x - whole * 0.693_147_180_369_123_8) - whole * 1.908_214_929_270_587_7e-10;
    let scale = f64::from_bits(shifted.to_bits().wrapping_add(1023) << 52);
    // The series of the exponential; within half the logarithm of 2 its fourteenth term is below all digits.
    let mut sum = 1.0 / 6_227_020_800.0;
    for factorial in
        [479_001_600.0, 39_916_800.0, 3_628_800.0, 362_880.0, 40_320.0, 5040.0, 720.0, 120.0, 24.0, 6.0, 2.0]
    {
        sum = sum * rest + 1.0 / factorial;
    }
    ((sum * rest + 1.0) * rest + 1.0) * scale
}

#[cfg(test)]
mod tests {
    use super::exp;

    #[test]
    fn exponentials_are_those_of_the_standard_library() {
        for step in 0..70_000 {
            let x = -f64::from(step) / 99.7;
            assert!((exp(x) - x.exp()).abs() <= 4.5e-16 * x.exp(), "{x}");
        }
        assert!((exp(0.0) - 1.0).abs() < f64::EPSILON && exp(f64::NEG_INFINITY) < 1e-300 && exp(f64::NAN).is_nan());
    }
}
