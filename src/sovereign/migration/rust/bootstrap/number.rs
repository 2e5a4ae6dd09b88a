//! Numbers to digits and back, without the formatting machinery.

const LONGEST: usize = 20;

/// The digits of a number.
pub struct Digits {
    bytes: [u8; LONGEST],
    start: usize,
}

impl Digits {
    /// Decimal digits.
    pub fn decimal(value: u64) -> Digits {
        Digits::of(value, |value| (value / 10, (value % 10) as u8))
    }

    /// Hexadecimal digits.
    pub fn hexadecimal(value: u64) -> Digits {
        Digits::of(value, |value| (value >> 4, (value & 15) as u8))
    }

    fn of(mut value: u64, split: impl Fn(u64) -> (u64, u8)) -> Digits {
        let mut digits = Digits { bytes: [b'0'; LONGEST], start: LONGEST };
        for place in digits.bytes.iter_mut().rev() {
            let (rest, digit) = split(value);
            *place = digit + if digit < 10 { b'0' } else { b'a' - 10 };
            digits.start -= 1;
            value = rest;
            if value == 0 {
                break;
            }
        }
        digits
    }

    /// The digits as bytes.
    pub fn bytes(&self) -> &[u8] {
        self.bytes.get(self.start..).unwrap_or_default()
    }

    /// The digits as text.
    pub fn text(&self) -> &str {
        crate::slices::text(self.bytes())
    }
}

/// The number that stands in these bytes and nothing else.
pub fn parse_decimal(bytes: &[u8]) -> Option<u64> {
    if bytes.is_empty() {
        return None;
    }
    bytes.iter().try_fold(0u64, |value, &byte| {
        let digit = byte.wrapping_sub(b'0');
        if digit > 9 {
            return None;
        }
        value.checked_mul(10)?.checked_add(u64::from(digit))
    })
}

/// The last digits of a number, as many as there are places.
pub fn padded(value: u64, into: &mut [u8]) {
    let mut rest = value;
    for place in into.iter_mut().rev() {
        *place = b'0' + (rest % 10) as u8;
        rest /= 10;
    }
}
