//! `hashlib` and `hmac`.

use crate::question::{Answer, Question};
use support::*;

/// What `hashlib` says.
pub fn answer(question: &Question) -> Option<Answer> {
    Some(match question.name.strip_prefix("hashlib.")? {
        "new" => hashlib_new(question.text(0), &question.bytes(1)).map(|hash| hash.hexdigest()),
        // The bytes of argument 1 in pieces of the lengths behind it.
        "pieces" => hashlib_new(question.text(0), b"").map(|hash| {
            let mut data = &question.bytes(1)[..];
            for place in 2..question.fields.len() {
                let (head, rest) = data.split_at(data.len().min(question.int(place) as usize));
                hash.update(head);
                data = rest;
            }
            let early = hash.copy().hexdigest();
            hash.update(data);
            format!("{early} {} {} {}", hash.hexdigest(), hash.digest_size(), hash.block_size())
        }),
        "blake2b" => hashlib_blake2b(&question.bytes(0), question.int(1)).map(|hash| hash.hexdigest()),
        "blake2s" => hashlib_blake2s(&question.bytes(0), question.int(1)).map(|hash| hash.hexdigest()),
        "hmac" => {
            let algorithm = hash_algorithm(question.text(0)).expect("a known function");
            Ok(hash_hex(&hmac_digest(algorithm, &question.bytes(1), &question.bytes(2))))
        }
        "pbkdf2" => {
            let (password, salt) = (question.bytes(1), question.bytes(2));
            hashlib_pbkdf2_hmac(question.text(0), &password, &salt, question.int(3), question.maybe_int(4))
                .map(|key| hash_hex(&key))
        }
        _ => return None,
    })
}
