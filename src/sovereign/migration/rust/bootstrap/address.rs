//! The address of the runtime API: `host:port` with a numeric host.

/// An address of IPv4, in the byte order of the network.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Address {
    /// The host.
    pub host: [u8; 4],
    /// The port.
    pub port: u16,
}

impl Address {
    /// Read `127.0.0.1:9001` or `localhost:9001`; names are not resolved.
    pub fn parse(text: &[u8]) -> Option<Address> {
        let mut numbers = [127, 0, 0, 1, 0];
        let (mut at, text) = match text.strip_prefix(b"localhost:") {
            Some(port) => (4, port),
            None => (0, text),
        };
        let mut value = 0;
        let mut digits = 0;
        for &byte in text.iter().chain(b":") {
            let digit = byte.wrapping_sub(b'0');
            if digit < 10 && digits < 5 {
                value = 10 * value + u32::from(digit);
                digits += 1;
                continue;
            }
            let (end, limit) = if at < 3 { (b'.', 255) } else { (b':', if at == 3 { 255 } else { 65535 }) };
            if byte != end || digits == 0 || value > limit {
                return None;
            }
            *numbers.get_mut(at)? = value;
            (at, value, digits) = (at + 1, 0, 0);
        }
        let [a, b, c, d, port] = numbers;
        (at == 5 && port > 0).then_some(Address { host: [a as u8, b as u8, c as u8, d as u8], port: port as u16 })
    }
}

/// The value of a hexadecimal digit.
pub fn digit(byte: u8) -> Option<u8> {
    match byte {
        b'0'..=b'9' => Some(byte - b'0'),
        b'a'..=b'f' => Some(byte - b'a' + 10),
        b'A'..=b'F' => Some(byte - b'A' + 10),
        _ => None,
    }
}
