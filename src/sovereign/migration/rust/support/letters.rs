//! What the characters of a text are, and their other cases: `isalpha`, `isdigit`, `isdecimal`, `isnumeric`, `isalnum`,
//! `isspace`, `isupper`, `islower`, `istitle`, `isascii`, `isprintable`, `isidentifier`, `upper`, `lower`, `capitalize`, `title`,
//! `swapcase`, `casefold`; on one character `is_letter`, `is_space`, `decimal_digit`, `title_case`.
//!
//! The tables of letters are Rust's, which follow Unicode; what Python sees otherwise stands here.

use crate::{is_printable, Str};
use alloc::string::String;

/// Whether a code stands at an odd place among edges: each even one opens a range, each odd one closes it.
pub fn within_edges(code: u32, edges: &[u32]) -> bool {
    edges.partition_point(|edge| *edge <= code) % 2 == 1
}

/// `str.isalpha` of one character: a letter, no mark or number that spells like one.
#[inline]
pub fn is_letter(character: char) -> bool {
    if character.is_ascii() {
        return character.is_ascii_alphabetic();
    }
    character.is_alphabetic() && !character.is_numeric() && !within_edges(u32::from(character), &ALPHABETIC_MARKS)
}

/// `str.isspace` of one character.
#[inline]
pub fn is_space(character: char) -> bool {
    character.is_whitespace() || ('\x1c'..='\x1f').contains(&character)
}

/// The value of a decimal digit of any script.
#[inline]
pub fn decimal_digit(character: char) -> Option<u32> {
    if character.is_ascii() {
        return character.to_digit(10);
    }
    let code = u32::from(character);
    let after = DECIMAL_ZEROS.partition_point(|zero| *zero <= code);
    let zero = *DECIMAL_ZEROS.get(after.checked_sub(1)?)?;
    (code - zero < 10).then(|| code - zero)
}

/// `str.isdigit` of one character.
#[inline]
pub fn is_digit(character: char) -> bool {
    decimal_digit(character).is_some() || within_edges(u32::from(character), &OTHER_DIGITS)
}

/// `str.isnumeric` of one character.
#[inline]
pub fn is_number(character: char) -> bool {
    character.is_numeric() || within_edges(u32::from(character), &NUMBER_LETTERS)
}

/// Whether a character has cases and is in its title case alone.
pub fn is_title_letter(character: char) -> bool {
    matches!(u32::from(character), 0x1c5 | 0x1c8 | 0x1cb | 0x1f2 | 0x1f88..=0x1f8f | 0x1f98..=0x1f9f
        | 0x1fa8..=0x1faf | 0x1fbc | 0x1fcc | 0x1ffc)
}

/// Whether a character has cases.
pub fn is_cased(character: char) -> bool {
    character.is_lowercase() || character.is_uppercase() || is_title_letter(character)
}

/// Whether `lower` surely leaves a character as it is; more may.
#[inline]
pub fn is_lower_already(character: char) -> bool {
    if character.is_ascii() {
        !character.is_ascii_uppercase()
    } else {
        ('\u{df}'..='\u{ff}').contains(&character)
    }
}

impl Str {
    /// Whether it has characters and all are so.
    fn all_are(&self, is_so: impl Fn(char) -> bool) -> bool {
        !self.is_empty() && self.chars().all(is_so)
    }

    /// `self.isalpha()`.
    pub fn isalpha(&self) -> bool {
        self.all_are(is_letter)
    }

    /// `self.isdigit()`.
    pub fn isdigit(&self) -> bool {
        self.all_are(is_digit)
    }

    /// `self.isdecimal()`.
    pub fn isdecimal(&self) -> bool {
        self.all_are(|character| decimal_digit(character).is_some())
    }

    /// `self.isnumeric()`.
    pub fn isnumeric(&self) -> bool {
        self.all_are(is_number)
    }

    /// `self.isalnum()`.
    pub fn isalnum(&self) -> bool {
        self.all_are(|character| is_letter(character) || is_digit(character) || is_number(character))
    }

    /// `self.isspace()`.
    pub fn isspace(&self) -> bool {
        self.all_are(is_space)
    }

    /// `self.isascii()`.
    pub fn isascii(&self) -> bool {
        self.is_ascii_only()
    }

    /// `self.isprintable()`.
    pub fn isprintable(&self) -> bool {
        self.chars().all(is_printable)
    }

    /// `self.isidentifier()`; beyond ASCII, letters, marks and digits pass as Rust knows them.
    pub fn isidentifier(&self) -> bool {
        let begins = |character: char| character == '_' || is_letter(character);
        let goes_on =
            |character: char| character == '_' || character.is_alphabetic() || decimal_digit(character).is_some();
        self.chars().next().is_some_and(begins) && self.chars().all(goes_on)
    }
}

impl Str {
    /// `self.isupper()`.
    pub fn isupper(&self) -> bool {
        let breaks = |character: char| character.is_lowercase() || is_title_letter(character);
        self.chars().any(char::is_uppercase) && !self.chars().any(breaks)
    }

    /// `self.islower()`.
    pub fn islower(&self) -> bool {
        let breaks = |character: char| character.is_uppercase() || is_title_letter(character);
        self.chars().any(char::is_lowercase) && !self.chars().any(breaks)
    }

    /// `self.istitle()`.
    pub fn istitle(&self) -> bool {
        let mut is_inside = false;
        let mut has_cased = false;
        for character in self.chars() {
            let is_upper = character.is_uppercase() || is_title_letter(character);
            let is_lower = character.is_lowercase();
            if is_upper && is_inside || is_lower && !is_inside {
                return false;
            }
            is_inside = is_upper || is_lower;
            has_cased |= is_inside;
        }
        has_cased
    }
}

impl Str {
    /// `self.upper()`.
    pub fn upper(&self) -> Str {
        if self.is_ascii_only() {
            return Str::taken(self.to_ascii_uppercase(), true);
        }
        Str::from(self.to_uppercase())
    }

    /// `self.lower()`.
    pub fn lower(&self) -> Str {
        if self.is_ascii_only() {
            if !self.bytes().any(|byte| byte.is_ascii_uppercase()) {
                return self.clone();
            }
            return Str::taken(self.to_ascii_lowercase(), true);
        }
        if self.chars().all(is_lower_already) {
            return self.clone();
        }
        Str::from(self.to_lowercase())
    }

    /// `self.swapcase()`.
    pub fn swapcase(&self) -> Str {
        let lowered = LowerCase::of(self);
        let mut out = String::with_capacity(self.as_str().len());
        for (byte, character) in self.char_indices() {
            if character.is_uppercase() {
                lowered.push(byte, character, &mut out);
            } else if character.is_lowercase() {
                out.extend(character.to_uppercase());
            } else {
                out.push(character);
            }
        }
        Str::from(out)
    }

    /// `self.capitalize()`.
    pub fn capitalize(&self) -> Str {
        let lowered = LowerCase::of(self);
        let mut out = String::with_capacity(self.as_str().len());
        for (byte, character) in self.char_indices() {
            if byte == 0 {
                title_case(character, &mut out);
            } else {
                lowered.push(byte, character, &mut out);
            }
        }
        Str::from(out)
    }

    /// `self.title()`.
    pub fn title(&self) -> Str {
        let lowered = LowerCase::of(self);
        let mut out = String::with_capacity(self.as_str().len());
        let mut is_inside = false;
        for (byte, character) in self.char_indices() {
            if is_inside {
                lowered.push(byte, character, &mut out);
            } else {
                title_case(character, &mut out);
            }
            is_inside = is_cased(character);
        }
        Str::from(out)
    }

    /// `self.casefold()`.
    pub fn casefold(&self) -> Str {
        if self.is_ascii_only() {
            return self.lower();
        }
        let mut out = String::with_capacity(self.as_str().len());
        for character in self.chars() {
            match u32::from(character) {
                0x131 | 0x13a0..=0x13f5 => out.push(character),
                0x1e9e => out.push_str("ss"),
                0x13f8..=0x13fd | 0xab70..=0xabbf => out.extend(character.to_uppercase()),
                _ => out.extend(character.to_uppercase().flat_map(char::to_lowercase)),
            }
        }
        Str::from(out)
    }
}

/// Lowers characters of a text, of which a capital sigma depends on its neighbours.
pub struct LowerCase<'a>(&'a str);

impl<'a> LowerCase<'a> {
    /// For characters of that text.
    pub fn of(text: &'a str) -> Self {
        LowerCase(text)
    }

    /// Append the lower case of the character at that byte.
    pub fn push(&self, byte: usize, character: char, out: &mut String) {
        if character == 'Σ' {
            out.push(if self.ends_word(byte) { 'ς' } else { 'σ' });
        } else {
            out.extend(character.to_lowercase());
        }
    }

    /// Whether the sigma at that byte ends a word.
    fn ends_word(&self, byte: usize) -> bool {
        let before = self.0[..byte].chars().rev().find(|character| !is_case_ignorable(*character));
        let after = self.0[byte + 'Σ'.len_utf8()..].chars().find(|character| !is_case_ignorable(*character));
        before.is_some_and(is_cased) && !after.is_some_and(is_cased)
    }
}

/// Whether a character is skipped when the end of a word is sought, as apostrophes and marks are.
pub fn is_case_ignorable(character: char) -> bool {
    // Rust says it in one way alone: a sigma behind a letter and this character is a final one.
    let mut text = String::from("aΣ");
    text.insert(1, character);
    let lowered = text.to_lowercase();
    !is_cased(character) && lowered.ends_with('ς')
}

/// Append a character as it begins a title.
pub fn title_case(character: char, out: &mut String) {
    let code = u32::from(character);
    match code {
        0x1c4..=0x1c6 => out.push('ǅ'),
        0x1c7..=0x1c9 => out.push('ǈ'),
        0x1ca..=0x1cc => out.push('ǋ'),
        0x1f1..=0x1f3 => out.push('ǲ'),
        0x10d0..=0x10ff => out.push(character),
        0x1f80..=0x1faf => out.extend(char::from_u32(code | 8)),
        0x1fb3 | 0x1fbc => out.push('ᾼ'),
        0x1fc3 | 0x1fcc => out.push('ῌ'),
        0x1ff3 | 0x1ffc => out.push('ῼ'),
        0x149 => out.push_str("ʼN"),
        0x1fb2 | 0x1fb4 | 0x1fb7 | 0x1fc2 | 0x1fc4 | 0x1fc7 | 0x1ff2 | 0x1ff4 | 0x1ff7 => {
            out.extend(character.to_uppercase());
            // The iota stays below the letter.
            out.pop();
            out.push('\u{345}');
        }
        _ => {
            let mut upper = character.to_uppercase();
            out.extend(upper.next());
            out.extend(upper.flat_map(char::to_lowercase));
        }
    }
}

/// The zeros of the scripts that have decimal digits; each one's other nine stand behind it.
pub static DECIMAL_ZEROS: [u32; 66] = [
    0x30, 0x660, 0x6f0, 0x7c0, 0x966, 0x9e6, 0xa66, 0xae6, 0xb66, 0xbe6, 0xc66, 0xce6, 0xd66, 0xde6, 0xe50, 0xed0,
    0xf20, 0x1040, 0x1090, 0x17e0, 0x1810, 0x1946, 0x19d0, 0x1a80, 0x1a90, 0x1b50, 0x1bb0, 0x1c40, 0x1c50, 0xa620,
    0xa8d0, 0xa900, 0xa9d0, 0xa9f0, 0xaa50, 0xabf0, 0xff10, 0x104a0, 0x10d30, 0x11066, 0x110f0, 0x11136, 0x111d0,
    0x112f0, 0x11450, 0x114d0, 0x11650, 0x116c0, 0x11730, 0x118e0, 0x11950, 0x11c50, 0x11d50, 0x11da0, 0x16a60,
    0x16ac0, 0x16b50, 0x1d7ce, 0x1d7d8, 0x1d7e2, 0x1d7ec, 0x1d7f6, 0x1e140, 0x1e2f0, 0x1e950, 0x1fbf0,
];

/// Digits that are not decimal, as superscripts.
pub static OTHER_DIGITS: [u32; 40] = [
    0xb2, 0xb4, 0xb9, 0xba, 0x1369, 0x1372, 0x19da, 0x19db, 0x2070, 0x2071, 0x2074, 0x207a, 0x2080, 0x208a, 0x2460,
    0x2469, 0x2474, 0x247d, 0x2488, 0x2491, 0x24ea, 0x24eb, 0x24f5, 0x24fe, 0x24ff, 0x2500, 0x2776, 0x277f, 0x2780,
    0x2789, 0x278a, 0x2793, 0x10a40, 0x10a44, 0x10e60, 0x10e69, 0x11052, 0x1105b, 0x1f100, 0x1f10b,
];

/// Letters that are numbers too, as Chinese numerals.
pub static NUMBER_LETTERS: [u32; 144] = [
    0x3405, 0x3406, 0x3483, 0x3484, 0x382a, 0x382b, 0x3b4d, 0x3b4e, 0x4e00, 0x4e01, 0x4e03, 0x4e04, 0x4e07, 0x4e08,
    0x4e09, 0x4e0a, 0x4e5d, 0x4e5e, 0x4e8c, 0x4e8d, 0x4e94, 0x4e95, 0x4e96, 0x4e97, 0x4ebf, 0x4ec1, 0x4edf, 0x4ee0,
    0x4ee8, 0x4ee9, 0x4f0d, 0x4f0e, 0x4f70, 0x4f71, 0x5104, 0x5105, 0x5146, 0x5147, 0x5169, 0x516a, 0x516b, 0x516c,
    0x516d, 0x516e, 0x5341, 0x5342, 0x5343, 0x5346, 0x534c, 0x534d, 0x53c1, 0x53c5, 0x56db, 0x56dc, 0x58f1, 0x58f2,
    0x58f9, 0x58fa, 0x5e7a, 0x5e7b, 0x5efe, 0x5f00, 0x5f0c, 0x5f0f, 0x5f10, 0x5f11, 0x62fe, 0x62ff, 0x634c, 0x634d,
    0x67d2, 0x67d3, 0x6f06, 0x6f07, 0x7396, 0x7397, 0x767e, 0x767f, 0x8086, 0x8087, 0x842c, 0x842d, 0x8cae, 0x8caf,
    0x8cb3, 0x8cb4, 0x8d30, 0x8d31, 0x9621, 0x9622, 0x9646, 0x9647, 0x964c, 0x964d, 0x9678, 0x9679, 0x96f6, 0x96f7,
    0xf96b, 0xf96c, 0xf973, 0xf974, 0xf978, 0xf979, 0xf9b2, 0xf9b3, 0xf9d1, 0xf9d2, 0xf9d3, 0xf9d4, 0xf9fd, 0xf9fe,
    0x20001, 0x20002, 0x20064, 0x20065, 0x200e2, 0x200e3, 0x20121, 0x20122, 0x2092a, 0x2092b, 0x20983, 0x20984,
    0x2098c, 0x2098d, 0x2099c, 0x2099d, 0x20aea, 0x20aeb, 0x20afd, 0x20afe, 0x20b19, 0x20b1a, 0x22390, 0x22391,
    0x22998, 0x22999, 0x23b1b, 0x23b1c, 0x2626d, 0x2626e, 0x2f890, 0x2f891,
];

/// Marks and signs that Unicode counts as alphabetic, and Python not as letters.
pub static ALPHABETIC_MARKS: [u32; 314] = [
    0x345, 0x370, 0x5b0, 0x5c8, 0x610, 0x61b, 0x64b, 0x660, 0x670, 0x671, 0x6d6, 0x6e5, 0x6e7, 0x6ee, 0x711, 0x712,
    0x730, 0x740, 0x7a6, 0x7b1, 0x816, 0x818, 0x81b, 0x824, 0x825, 0x828, 0x829, 0x82d, 0x8d4, 0x904, 0x93a, 0x93c,
    0x93e, 0x950, 0x955, 0x958, 0x962, 0x964, 0x981, 0x984, 0x9be, 0x9cd, 0x9d7, 0x9d8, 0x9e2, 0x9e4, 0xa01, 0xa04,
    0xa3e, 0xa52, 0xa70, 0xa72, 0xa75, 0xa84, 0xabe, 0xacd, 0xae2, 0xae4, 0xafa, 0xb04, 0xb3e, 0xb58, 0xb62, 0xb64,
    0xb82, 0xb83, 0xbbe, 0xbcd, 0xbd7, 0xc05, 0xc3e, 0xc57, 0xc62, 0xc64, 0xc81, 0xc84, 0xcbe, 0xcd7, 0xce2, 0xce4,
    0xd00, 0xd04, 0xd3e, 0xd4d, 0xd57, 0xd58, 0xd62, 0xd64, 0xd81, 0xd84, 0xdcf, 0xdf4, 0xe31, 0xe32, 0xe34, 0xe3b,
    0xe4d, 0xe4e, 0xeb1, 0xeb2, 0xeb4, 0xebd, 0xecd, 0xece, 0xf71, 0xf84, 0xf8d, 0xfbd, 0x102b, 0x103f, 0x1056, 0x105a,
    0x105e, 0x1061, 0x1062, 0x1065, 0x1067, 0x106e, 0x1071, 0x1075, 0x1082, 0x108e, 0x108f, 0x109e, 0x1712, 0x1714,
    0x1732, 0x1734, 0x1752, 0x1754, 0x1772, 0x1774, 0x17b6, 0x17c9, 0x1885, 0x1887, 0x18a9, 0x18aa, 0x1920, 0x1939,
    0x1a17, 0x1a1c, 0x1a55, 0x1a75, 0x1abf, 0x1b05, 0x1b35, 0x1b44, 0x1b80, 0x1b83, 0x1ba1, 0x1bae, 0x1be7, 0x1bf2,
    0x1c24, 0x1c37, 0x1dd3, 0x1df5, 0x24b6, 0x24ea, 0x2de0, 0x2e00, 0xa674, 0xa67c, 0xa69e, 0xa6a0, 0xa802, 0xa803,
    0xa80b, 0xa80c, 0xa823, 0xa828, 0xa880, 0xa882, 0xa8b4, 0xa8c6, 0xa8ff, 0xa900, 0xa926, 0xa92b, 0xa947, 0xa953,
    0xa980, 0xa984, 0xa9b4, 0xa9c0, 0xa9e5, 0xa9e6, 0xaa29, 0xaa37, 0xaa43, 0xaa44, 0xaa4c, 0xaa4e, 0xaa7b, 0xaa7e,
    0xaab0, 0xaab1, 0xaab2, 0xaab5, 0xaab7, 0xaab9, 0xaabe, 0xaabf, 0xaaeb, 0xaaf0, 0xaaf5, 0xaaf6, 0xabe3, 0xabeb,
    0xfb1e, 0xfb1f, 0x10376, 0x1037b, 0x10a01, 0x10a10, 0x10d24, 0x10d28, 0x10eab, 0x10ead, 0x11000, 0x11003, 0x11038,
    0x11046, 0x11073, 0x11075, 0x11080, 0x11083, 0x110b0, 0x110c3, 0x11100, 0x11103, 0x11127, 0x11133, 0x11145,
    0x11147, 0x11180, 0x11183, 0x111b3, 0x111c0, 0x111ce, 0x111d0, 0x1122c, 0x1123f, 0x112df, 0x11304, 0x1133e,
    0x1134d, 0x11357, 0x11358, 0x11362, 0x11364, 0x11435, 0x11446, 0x114b0, 0x114c2, 0x115af, 0x115bf, 0x115dc,
    0x115de, 0x11630, 0x11641, 0x116ab, 0x116b6, 0x1171d, 0x1172b, 0x1182c, 0x11839, 0x11930, 0x1193d, 0x11940,
    0x11941, 0x11942, 0x11943, 0x119d1, 0x119e0, 0x119e4, 0x119e5, 0x11a01, 0x11a0b, 0x11a35, 0x11a3a, 0x11a3b,
    0x11a3f, 0x11a51, 0x11a5c, 0x11a8a, 0x11a98, 0x11c2f, 0x11c3f, 0x11c92, 0x11cb7, 0x11d31, 0x11d44, 0x11d47,
    0x11d48, 0x11d8a, 0x11d97, 0x11ef3, 0x11ef7, 0x16f4f, 0x16f50, 0x16f51, 0x16f93, 0x16ff0, 0x16ff2, 0x1bc9e,
    0x1bc9f, 0x1e000, 0x1e02b, 0x1e947, 0x1e948, 0x1f130, 0x1f18a,
];
