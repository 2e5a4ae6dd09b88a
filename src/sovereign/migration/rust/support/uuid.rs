//! `uuid` and `secrets`.
//!
//! `uuid_parse(&str) -> Result<Uuid, Exc>` (`UUID(hex)`), `uuid_uuid3(&Uuid, &str) -> Uuid`, `uuid_uuid4() -> Result<Uuid, Exc>`,
//! `uuid_uuid5(&Uuid, &str)`, `UUID_NAMESPACE_DNS UUID_NAMESPACE_URL UUID_NAMESPACE_OID UUID_NAMESPACE_X500`; `Uuid::{hex() -> Str,
//! int() -> Int, bytes() -> Bytes, version() -> Option<i64>}`. `secrets_token_bytes(i64) -> Result<Bytes, Exc>`, `secrets_token_hex`,
//! `secrets_token_urlsafe -> Result<Str, Exc>`, `secrets_randbelow(i64) -> Result<i64, Exc>`, `secrets_choice(&P)`.
//! Refused: `uuid1`, `fields` and times of UUIDs.

use crate::{
    base64_urlsafe_b64encode, hash_hex, hashlib_md5, hashlib_sha1, os_urandom, repr, Bytes, Exc, Int, Object, Ordered,
    Population, Str, INDEX_ERROR, VALUE_ERROR,
};
use alloc::format;
use alloc::string::String;
use alloc::vec::Vec;
use core::cmp::Ordering;

/// `uuid.UUID`.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Uuid(pub u128);

/// `uuid.NAMESPACE_DNS`.
pub const UUID_NAMESPACE_DNS: Uuid = Uuid(0x6ba7_b810_9dad_11d1_80b4_00c0_4fd4_30c8);
/// `uuid.NAMESPACE_URL`.
pub const UUID_NAMESPACE_URL: Uuid = Uuid(0x6ba7_b811_9dad_11d1_80b4_00c0_4fd4_30c8);
/// `uuid.NAMESPACE_OID`.
pub const UUID_NAMESPACE_OID: Uuid = Uuid(0x6ba7_b812_9dad_11d1_80b4_00c0_4fd4_30c8);
/// `uuid.NAMESPACE_X500`.
pub const UUID_NAMESPACE_X500: Uuid = Uuid(0x6ba7_b814_9dad_11d1_80b4_00c0_4fd4_30c8);

/// `UUID(text)`.
pub fn uuid_parse(text: &str) -> Result<Uuid, Exc> {
    let plain = text.replace("urn:", "").replace("uuid:", "");
    let digits: String = plain.trim_matches(['{', '}']).chars().filter(|character| *character != '-').collect();
    if digits.chars().count() != 32 {
        return Err(Exc::new(&VALUE_ERROR, "badly formed hexadecimal UUID string"));
    }
    u128::from_str_radix(&digits, 16).map(Uuid).map_err(|_| {
        let text = format!("invalid literal for int() with base 16: {}", repr(&Str::from(digits)));
        Exc::new(&VALUE_ERROR, text)
    })
}

/// A UUID of a version out of bytes.
pub fn uuid_of(bytes: &[u8], version: u128) -> Uuid {
    let number = bytes.iter().take(16).fold(0u128, |number, byte| number << 8 | u128::from(*byte));
    let variant = number & !(0xc000 << 48) | 0x8000 << 48;
    Uuid(variant & !(0xf000 << 64) | version << 76)
}

/// `uuid.uuid3`.
pub fn uuid_uuid3(namespace: &Uuid, name: &str) -> Uuid {
    let data: Vec<u8> = [&namespace.0.to_be_bytes(), name.as_bytes()].concat();
    uuid_of(&hashlib_md5(&data).digest(), 3)
}

/// `uuid.uuid5`.
pub fn uuid_uuid5(namespace: &Uuid, name: &str) -> Uuid {
    let data: Vec<u8> = [&namespace.0.to_be_bytes(), name.as_bytes()].concat();
    uuid_of(&hashlib_sha1(&data).digest(), 5)
}

/// `uuid.uuid4`.
pub fn uuid_uuid4() -> Result<Uuid, Exc> {
    Ok(uuid_of(&os_urandom(16)?, 4))
}

impl Uuid {
    /// `self.hex`.
    pub fn hex(&self) -> Str {
        Str::from(format!("{:032x}", self.0))
    }

    /// `self.int`.
    pub fn int(&self) -> Int {
        Int::from_bytes(&self.0.to_be_bytes(), false, false)
    }

    /// `self.bytes`.
    pub fn bytes(&self) -> Bytes {
        Bytes::from(&self.0.to_be_bytes()[..])
    }

    /// `self.urn`.
    pub fn urn(&self) -> Str {
        Str::from(format!("urn:uuid:{}", crate::show(self)))
    }

    /// `self.variant`.
    pub fn variant(&self) -> Str {
        Str::literal(match self.0 >> 61 & 7 {
            0..=3 => "reserved for NCS compatibility",
            4 | 5 => "specified in RFC 4122",
            6 => "reserved for Microsoft compatibility",
            _ => "reserved for future definition",
        })
    }

    /// `self.version`.
    pub fn version(&self) -> Option<i64> {
        (self.0 >> 62 & 3 == 2).then_some((self.0 >> 76 & 15) as i64)
    }
}

impl Object for Uuid {
    fn write_repr(&self, out: &mut String) {
        out.push_str("UUID('");
        self.write_str(out);
        out.push_str("')");
    }
    fn write_str(&self, out: &mut String) {
        let hex = self.hex();
        let text = hex.as_str();
        let parts = [&text[..8], &text[8..12], &text[12..16], &text[16..20], &text[20..]];
        out.push_str(&parts.join("-"));
    }
    fn equals(&self, other: &Self) -> bool {
        self == other
    }
    fn hash(&self) -> u64 {
        self.int().hash()
    }
    fn type_name(&self) -> &'static str {
        "UUID"
    }
}

impl Ordered for Uuid {
    fn compare(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

/// `secrets.token_bytes`; 32 where a program gives no number.
pub fn secrets_token_bytes(count: i64) -> Result<Bytes, Exc> {
    os_urandom(count)
}

/// `secrets.token_hex`.
pub fn secrets_token_hex(count: i64) -> Result<Str, Exc> {
    Ok(Str::from(hash_hex(&os_urandom(count)?)))
}

/// `secrets.token_urlsafe`.
pub fn secrets_token_urlsafe(count: i64) -> Result<Str, Exc> {
    let digits = base64_urlsafe_b64encode(&os_urandom(count)?);
    Ok(digits.iter().map(|digit| char::from(digit as u8)).filter(|digit| *digit != '=').collect())
}

/// `secrets.randbelow`.
pub fn secrets_randbelow(limit: i64) -> Result<i64, Exc> {
    if limit <= 0 {
        return Err(Exc::new(&VALUE_ERROR, "Upper bound must be positive."));
    }
    let bits = 64 - (limit as u64).leading_zeros();
    loop {
        let bytes = os_urandom(8)?;
        let number = bytes.to_vec().iter().fold(0u64, |number, byte| number << 8 | u64::from(*byte)) >> (64 - bits);
        if number < limit as u64 {
            return Ok(number as i64);
        }
    }
}

/// `secrets.choice`.
pub fn secrets_choice<P: Population>(population: &P) -> Result<P::Item, Exc> {
    if population.population() == 0 {
        return Err(Exc::new(&INDEX_ERROR, "Cannot choose from an empty sequence"));
    }
    Ok(population.member(secrets_randbelow(population.population())?))
}
