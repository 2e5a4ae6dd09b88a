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
        let mut numbers = [0; 5];
        let port = text.strip_prefix(b"localhost:");
        let (first, text) = match port {
            Some(port) => (4, port),
            None => (0, text),
        };
        let mut places = numbers.iter_mut().enumerate().skip(first);
        let (mut at, mut place) = places.next()?;
        let mut digits = 0;
        for &byte in text {
            let is_end = byte == if at == 3 { b':' } else { b'.' };
            if is_end && digits > 0 {
                (at, place) = places.next()?;
                digits = 0;
            } else {
                let digit = byte.wrapping_sub(b'0');
                *place = 10 * *place + u32::from(digit);
                digits += 1;
                if digit > 9 || *place > if at == 4 { 0xffff } else { 0xff } {
                    return None;
                }
            }
        }
        let [a, b, c, d, port] = numbers;
        let host = if first == 4 { [127, 0, 0, 1] } else { [a as u8, b as u8, c as u8, d as u8] };
        (at == 4 && port > 0).then_some(Address { host, port: port as u16 })
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
