//! `urllib.parse`: quoting, and addresses taken apart and put together.
//!
//! `url_quote(text: &str, safe: &str) -> Str`, `url_quote_plus`, `url_unquote(&str) -> Str`, `url_unquote_plus`,
//! `url_urlencode(&[(Str, Str)]) -> Str`, `url_parse_qsl(&str, keep_blank: bool) -> List<(Str, Str)>`, `url_parse_qs -> Dict<Str,
//! List<Str>>`, `url_join(base: &str, url: &str) -> Result<Str, Exc>`; `ParsedUrl::parse(url: &str, scheme: &str) ->
//! Result<ParsedUrl, Exc>` with `scheme() netloc() path() params() query() fragment() geturl() -> Str`, `hostname() username()
//! password() -> Option<Str>`, `port() -> Result<Option<i64>, Exc>`. Refused: bytes, hosts in brackets, hosts beyond ASCII.

use crate::{repr_of, Dict, Exc, List, Object, Str, VALUE_ERROR};
use alloc::format;
use alloc::string::String;
use alloc::vec;
use alloc::vec::Vec;

/// Schemes whose last part of the path may have parameters.
pub const URL_WITH_PARAMS: [&str; 16] = [
    "", "ftp", "hdl", "prospero", "http", "imap", "https", "shttp", "rtsp", "rtsps", "rtspu", "sip", "sips", "mms",
    "sftp", "tel",
];
/// Schemes that may be relative.
pub const URL_RELATIVE: [&str; 20] = [
    "", "ftp", "http", "gopher", "nntp", "imap", "wais", "file", "https", "shttp", "mms", "prospero", "rtsp", "rtsps",
    "rtspu", "sftp", "svn", "svn+ssh", "ws", "wss",
];
/// Schemes with a host.
pub const URL_WITH_HOST: [&str; 26] = [
    "", "ftp", "http", "gopher", "nntp", "telnet", "imap", "wais", "file", "mms", "https", "shttp", "snews",
    "prospero", "rtsp", "rtsps", "rtspu", "rsync", "svn", "svn+ssh", "sftp", "nfs", "git", "git+ssh", "ws", "wss",
];

/// `quote(text, safe)`.
pub fn url_quote(text: &str, safe: &str) -> Str {
    let mut out = String::new();
    for byte in text.bytes() {
        let character = char::from(byte);
        let plain = byte.is_ascii_alphanumeric() || "_.-~".contains(character);
        if plain || (byte.is_ascii() && safe.contains(character)) {
            out.push(character);
        } else {
            out.push_str(&format!("%{byte:02X}"));
        }
    }
    Str::from(out)
}

/// `quote_plus(text, safe)`.
pub fn url_quote_plus(text: &str, safe: &str) -> Str {
    let spaced = format!("{safe} ");
    Str::from(url_quote(text, &spaced).as_str().replace(' ', "+"))
}

/// `unquote(text)`: what is no UTF-8 becomes U+FFFD.
pub fn url_unquote(text: &str) -> Str {
    let mut out = String::new();
    let mut run: Vec<u8> = Vec::new();
    let bytes = text.as_bytes();
    let digit = |place: usize| bytes.get(place).and_then(|byte| char::from(*byte).to_digit(16));
    let mut place = 0;
    while place < bytes.len() {
        match (bytes[place], digit(place + 1), digit(place + 2)) {
            (b'%', Some(high), Some(low)) => {
                run.push((high * 16 + low) as u8);
                place += 3;
            }
            (byte, ..) if byte.is_ascii() => {
                run.push(byte);
                place += 1;
            }
            _ => {
                // Text beyond ASCII ends a run of bytes.
                out.push_str(&String::from_utf8_lossy(&run));
                run.clear();
                let character = text[place..].chars().next().unwrap_or_default();
                out.push(character);
                place += character.len_utf8();
            }
        }
    }
    out.push_str(&String::from_utf8_lossy(&run));
    Str::from(out)
}

/// `unquote_plus(text)`.
pub fn url_unquote_plus(text: &str) -> Str {
    url_unquote(&text.replace('+', " "))
}

/// `urlencode(pairs)`.
pub fn url_urlencode(pairs: &[(Str, Str)]) -> Str {
    let texts: Vec<String> = pairs
        .iter()
        .map(|(name, value)| format!("{}={}", url_quote_plus(name, ""), url_quote_plus(value, "")))
        .collect();
    Str::from(texts.join("&"))
}

/// `parse_qsl(query, keep_blank_values)`.
pub fn url_parse_qsl(query: &str, keep_blank: bool) -> List<(Str, Str)> {
    let pair = |part: &str| {
        let (name, value) = match part.split_once('=') {
            Some(pair) => pair,
            None if keep_blank && !part.is_empty() => (part, ""),
            None => return None,
        };
        (keep_blank || !value.is_empty()).then(|| (url_unquote_plus(name), url_unquote_plus(value)))
    };
    query.split('&').filter_map(pair).collect()
}

/// `parse_qs(query, keep_blank_values)`.
pub fn url_parse_qs(query: &str, keep_blank: bool) -> Dict<Str, List<Str>> {
    let found: Dict<Str, List<Str>> = Dict::new();
    for (name, value) in url_parse_qsl(query, keep_blank).iter() {
        match found.get(&name) {
            Some(values) => values.append(value),
            None => found.set_item(name, List::from(vec![value])),
        }
    }
    found
}

/// `urllib.parse.ParseResult`.
#[derive(Clone, PartialEq)]
pub struct ParsedUrl {
    /// Scheme, host, path, parameters, query and fragment.
    pub parts: [Str; 6],
}

impl ParsedUrl {
    /// `urlparse(url, scheme)`. Errors: ValueError for brackets that do not match, and for what is refused.
    pub fn parse(url: &str, scheme: &str) -> Result<ParsedUrl, Exc> {
        let is_control = |c: char| c <= ' ';
        let cleaned: String = url.trim_start_matches(is_control).chars().filter(|c| !"\t\r\n".contains(*c)).collect();
        let mut rest = cleaned.as_str();
        let mut scheme = String::from(scheme);
        if let Some(end) = rest.find(':') {
            let name = &rest[..end];
            let allowed = |c: char| c.is_ascii_alphanumeric() || "+-.".contains(c);
            if name.starts_with(|c: char| c.is_ascii_alphabetic()) && name.chars().all(allowed) {
                scheme = name.to_ascii_lowercase();
                rest = &rest[end + 1..];
            }
        }
        let mut netloc = "";
        if let Some(behind) = rest.strip_prefix("//") {
            let end = behind.find(['/', '?', '#']).unwrap_or(behind.len());
            (netloc, rest) = behind.split_at(end);
            if netloc.contains('[') != netloc.contains(']') {
                return Err(Exc::new(&VALUE_ERROR, "Invalid IPv6 URL"));
            }
            if netloc.contains('[') || !netloc.is_ascii() {
                return Err(Exc::new(&VALUE_ERROR, "such a host in an address is not supported here"));
            }
        }
        let (rest, fragment) = rest.split_once('#').unwrap_or((rest, ""));
        let (mut path, query) = rest.split_once('?').unwrap_or((rest, ""));
        let mut params = "";
        if URL_WITH_PARAMS.contains(&scheme.as_str()) {
            let last = path.rfind('/').unwrap_or(0);
            if let Some(place) = path[last..].find(';') {
                (path, params) = (&path[..last + place], &path[last + place + 1..]);
            }
        }
        Ok(ParsedUrl { parts: [&scheme, netloc, path, params, query, fragment].map(Str::from) })
    }

    /// `self.geturl()`.
    pub fn geturl(&self) -> Str {
        let [scheme, netloc, path, params, query, fragment] = self.parts.each_ref().map(|part| part.as_str());
        let mut url = String::from(path);
        if !params.is_empty() {
            url = format!("{url};{params}");
        }
        let has_host = !scheme.is_empty() && URL_WITH_HOST.contains(&scheme) && !url.starts_with("//");
        if !netloc.is_empty() || has_host {
            let slash = if url.is_empty() || url.starts_with('/') { "" } else { "/" };
            url = format!("//{netloc}{slash}{url}");
        }
        if !scheme.is_empty() {
            url = format!("{scheme}:{url}");
        }
        for (sign, part) in [('?', query), ('#', fragment)] {
            if !part.is_empty() {
                url.push(sign);
                url.push_str(part);
            }
        }
        Str::from(url)
    }
}

impl ParsedUrl {
    /// `self.scheme`.
    pub fn scheme(&self) -> Str {
        self.parts[0].clone()
    }

    /// `self.netloc`.
    pub fn netloc(&self) -> Str {
        self.parts[1].clone()
    }

    /// `self.path`.
    pub fn path(&self) -> Str {
        self.parts[2].clone()
    }

    /// `self.params`.
    pub fn params(&self) -> Str {
        self.parts[3].clone()
    }

    /// `self.query`.
    pub fn query(&self) -> Str {
        self.parts[4].clone()
    }

    /// `self.fragment`.
    pub fn fragment(&self) -> Str {
        self.parts[5].clone()
    }
}

impl ParsedUrl {
    /// The user's part of the host, and the rest.
    pub fn host_halves(&self) -> (Option<&str>, &str) {
        let netloc = self.parts[1].as_str();
        netloc.rsplit_once('@').map_or((None, netloc), |(user, host)| (Some(user), host))
    }

    /// `self.hostname`.
    pub fn hostname(&self) -> Option<Str> {
        let host = self.host_halves().1;
        let name = host.split_once(':').map_or(host, |(name, _)| name);
        let (name, zone) = name.split_once('%').map_or((name, None), |(name, zone)| (name, Some(zone)));
        let lower = name.to_lowercase();
        let shown = zone.map_or(lower.clone(), |zone| format!("{lower}%{zone}"));
        (!shown.is_empty()).then(|| Str::from(shown))
    }

    /// `self.port`. Errors: ValueError.
    pub fn port(&self) -> Result<Option<i64>, Exc> {
        let Some((_, port)) = self.host_halves().1.split_once(':') else { return Ok(None) };
        if port.is_empty() {
            return Ok(None);
        }
        if !port.bytes().all(|byte| byte.is_ascii_digit()) {
            let text = format!("Port could not be cast to integer value as {}", repr_of(&Str::from(port)));
            return Err(Exc::new(&VALUE_ERROR, text));
        }
        match port.parse::<i64>() {
            Ok(number) if number <= 65535 => Ok(Some(number)),
            _ => Err(Exc::new(&VALUE_ERROR, "Port out of range 0-65535")),
        }
    }

    /// `self.username`.
    pub fn username(&self) -> Option<Str> {
        self.host_halves().0.map(|user| Str::from(user.split_once(':').map_or(user, |(name, _)| name)))
    }

    /// `self.password`.
    pub fn password(&self) -> Option<Str> {
        self.host_halves().0.and_then(|user| user.split_once(':')).map(|(_, password)| Str::from(password))
    }
}

impl Object for ParsedUrl {
    fn write_repr(&self, out: &mut String) {
        let names = ["scheme", "netloc", "path", "params", "query", "fragment"];
        let shown: Vec<String> =
            names.iter().zip(&self.parts).map(|(name, part)| format!("{name}={}", repr_of(part))).collect();
        out.push_str(&format!("ParseResult({})", shown.join(", ")));
    }
    fn equals(&self, other: &Self) -> bool {
        self == other
    }
    fn hash(&self) -> u64 {
        self.geturl().hash()
    }
    fn type_name(&self) -> &'static str {
        "ParseResult"
    }
}

/// `urljoin(base, url)`.
pub fn url_join(base: &str, url: &str) -> Result<Str, Exc> {
    if base.is_empty() || url.is_empty() {
        return Ok(Str::from(if base.is_empty() { url } else { base }));
    }
    let above = ParsedUrl::parse(base, "")?;
    let mut found = ParsedUrl::parse(url, &above.parts[0])?;
    let scheme = found.parts[0].clone();
    if scheme != above.parts[0] || !URL_RELATIVE.contains(&scheme.as_str()) {
        return Ok(Str::from(url));
    }
    if URL_WITH_HOST.contains(&scheme.as_str()) {
        if !found.parts[1].is_empty() {
            return Ok(found.geturl());
        }
        found.parts[1] = above.parts[1].clone();
    }
    if found.parts[2].is_empty() && found.parts[3].is_empty() {
        found.parts[2] = above.parts[2].clone();
        found.parts[3] = above.parts[3].clone();
        if found.parts[4].is_empty() {
            found.parts[4] = above.parts[4].clone();
        }
        return Ok(found.geturl());
    }
    found.parts[2] = url_resolved(&above.parts[2], &found.parts[2]);
    Ok(found.geturl())
}

/// A path that is relative to another.
pub fn url_resolved(base: &str, path: &str) -> Str {
    let mut segments: Vec<&str> = if path.starts_with('/') { Vec::new() } else { base.split('/').collect() };
    if segments.last().is_some_and(|last| !last.is_empty()) {
        segments.pop();
    }
    segments.extend(path.split('/'));
    let last = segments.len() - 1;
    if !path.starts_with('/') {
        let kept = segments.iter().enumerate().filter(|(place, s)| *place == 0 || *place == last || !s.is_empty());
        segments = kept.map(|(_, segment)| *segment).collect();
    }
    let mut resolved: Vec<&str> = Vec::new();
    for segment in &segments {
        match *segment {
            ".." => {
                resolved.pop();
            }
            "." => {}
            other => resolved.push(other),
        }
    }
    if matches!(segments.last(), Some(&"." | &"..")) {
        resolved.push("");
    }
    let joined = resolved.join("/");
    Str::from(if joined.is_empty() { String::from("/") } else { joined })
}
