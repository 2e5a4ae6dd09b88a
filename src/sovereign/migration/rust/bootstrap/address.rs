//! The address of the runtime API: `host:port` with a numeric host.

use crate::number::parse_decimal;
use crate::slices::split_last;

/// An address of IPv4, in the byte order of the network.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Address {
    /// The host.
    pub host: [u8; 4],
    /// The port.
    pub port: u16,
}

impl Address {
    /// Read `127.0.0.1:9001` or `localhost:9001`; the error says what is wrong.
    pub fn parse(text: &[u8]) -> Result<Address, &'static str> {
        if text.is_empty() {
            return Err("is empty");
        }
        let (host, port) = split_last(text, b':').ok_or("has no port")?;
        let port = match parse_decimal(port) {
            Some(number @ 1..=65535) => number as u16,
            _ => return Err("has no port from 1 to 65535"),
        };
        let host = if host == b"localhost" { Some([127, 0, 0, 1]) } else { parse_host(host) };
        let host = host.ok_or("has a host that is no address of IPv4; names are not resolved")?;
        Ok(Address { host, port })
    }
}

fn parse_host(text: &[u8]) -> Option<[u8; 4]> {
    let mut host = [0; 4];
    let mut places = host.iter_mut();
    for number in text.split(|&byte| byte == b'.') {
        let place = places.next()?;
        *place = match parse_decimal(number) {
            Some(value @ 0..=255) if number.len() <= 3 => value as u8,
            _ => return None,
        };
    }
    places.next().is_none().then_some(host)
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
