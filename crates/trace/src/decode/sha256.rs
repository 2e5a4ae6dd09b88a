//! SHA-256, as FIPS 180-4 says.

/// A hash while bytes are added to it.
pub(super) struct Sha256 {
    state: [u32; 8],
    block: [u8; 64],
    filled: usize,
    length: u64,
}

/// The first 32 bits of what follows the point in the cube roots of the first 64 primes.
const ROUNDS: [u32; 64] = round_constants();
const FIRST: [u32; 8] = first_state();

impl Sha256 {
    pub fn new() -> Sha256 {
        Sha256 { state: FIRST, block: [0; 64], filled: 0, length: 0 }
    }

    /// The hash of bytes that are all there.
    pub fn of(bytes: &[u8]) -> [u8; 32] {
        let mut hash = Sha256::new();
        hash.update(bytes);
        hash.finish()
    }

    pub fn update(&mut self, mut bytes: &[u8]) {
        self.length = self.length.wrapping_add(bytes.len() as u64 * 8);
        while !bytes.is_empty() {
            let size = bytes.len().min(64 - self.filled);
            self.block[self.filled..self.filled + size].copy_from_slice(&bytes[..size]);
            self.filled += size;
            bytes = &bytes[size..];
            if self.filled == 64 {
                self.mix();
            }
        }
    }

    pub fn finish(mut self) -> [u8; 32] {
        let length = self.length;
        self.update(&[0x80]);
        while self.filled != 56 {
            self.update(&[0]);
        }
        self.update(&length.to_be_bytes());
        let mut hash = [0; 32];
        for (place, word) in hash.chunks_exact_mut(4).zip(self.state) {
            place.copy_from_slice(&word.to_be_bytes());
        }
        hash
    }

    fn mix(&mut self) {
        let mut words = [0_u32; 64];
        for (word, bytes) in words.iter_mut().zip(self.block.chunks_exact(4)) {
            *word = bytes.iter().fold(0, |word, byte| word << 8 | u32::from(*byte));
        }
        for at in 16..64 {
            let (early, late) = (words[at - 15], words[at - 2]);
            let low = early.rotate_right(7) ^ early.rotate_right(18) ^ early >> 3;
            let high = late.rotate_right(17) ^ late.rotate_right(19) ^ late >> 10;
            words[at] = words[at - 16].wrapping_add(low).wrapping_add(words[at - 7]).wrapping_add(high);
        }
        let [mut a, mut b, mut c, mut d, mut e, mut f, mut g, mut h] = self.state;
        for (round, word) in ROUNDS.iter().zip(words) {
            let high = e.rotate_right(6) ^ e.rotate_right(11) ^ e.rotate_right(25);
            let chosen = e & f ^ !e & g;
            let one = h.wrapping_add(high).wrapping_add(chosen).wrapping_add(*round).wrapping_add(word);
            let low = a.rotate_right(2) ^ a.rotate_right(13) ^ a.rotate_right(22);
            let most = a & b ^ a & c ^ b & c;
            (h, g, f, e) = (g, f, e, d.wrapping_add(one));
            (d, c, b, a) = (c, b, a, one.wrapping_add(low.wrapping_add(most)));
        }
        for (place, word) in self.state.iter_mut().zip([a, b, c, d, e, f, g, h]) {
            *place = place.wrapping_add(word);
        }
        self.filled = 0;
    }
}

const fn is_prime(number: u128) -> bool {
    let mut divisor = 2;
    while divisor * divisor <= number {
        if number % divisor == 0 {
            return false;
        }
        divisor += 1;
    }
    true
}

/// The 32 bits behind the point of a root: the largest x with x^power <= prime * 2^(32 * power), modulo 2^32.
const fn root(prime: u128, power: u32) -> u32 {
    let goal = prime << (32 * power);
    let mut root = 0_u128;
    let mut bit = 1_u128 << 37;
    while bit > 0 {
        let tried = root | bit;
        let raised = if power == 2 { tried * tried } else { tried * tried * tried };
        if raised <= goal {
            root = tried;
        }
        bit >>= 1;
    }
    root as u32
}

const fn round_constants() -> [u32; 64] {
    let mut found = [0; 64];
    let (mut at, mut number) = (0, 2);
    while at < 64 {
        if is_prime(number) {
            found[at] = root(number, 3);
            at += 1;
        }
        number += 1;
    }
    found
}

const fn first_state() -> [u32; 8] {
    let mut found = [0; 8];
    let (mut at, mut number) = (0, 2);
    while at < 8 {
        if is_prime(number) {
            found[at] = root(number, 2);
            at += 1;
        }
        number += 1;
    }
    found
}

#[cfg(test)]
mod tests {
    use super::Sha256;

    fn hex(bytes: &[u8]) -> String {
        Sha256::of(bytes).iter().map(|byte| format!("{byte:02x}")).collect()
    }

    #[test]
    fn the_hashes_are_those_of_the_standard() {
        assert_eq!(hex(b""), "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
        assert_eq!(hex(b"abc"), "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
        let two = hex(b"abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq");
        assert_eq!(two, "248d6a61d20638b8e5c026930c3e6039a33ce45964ff2167f6ecedd419db06c1");
        assert_eq!(hex(&[b'a'; 1_000_000]), "cdc76e5c9914fb9281a1c7e284d73e67f1809a48a497200e046d39ccc7112cd0");
    }
}
