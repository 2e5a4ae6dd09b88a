//! Symbols of a program or a library, and where it was loaded.

use std::{
    fs::{self, File},
    os::unix::fs::FileExt,
};

use crate::engine::ptrace::Tid;

/// The addresses of symbols before loading, and what they are counted from.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Image {
    /// The address of each symbol that was asked for, where the file has it.
    pub symbols: Vec<Option<u64>>,
    /// The address of the first byte of the file.
    pub base: u64,
}

/// Tables larger than these are not those of a real file.
const MOST_SECTIONS: u64 = 4096;
const MOST_BYTES: u64 = 64 << 20;
const SYMBOLS: [u32; 2] = [11, 2];

/// Look symbols up in a file of 64 bits; none where it is no such file.
pub fn read(path: &str, names: &[&str]) -> Option<Image> {
    let file = File::open(path).ok()?;
    let head = bytes(&file, 0, 64)?;
    if head[..5] != *b"\x7fELF\x02" {
        return None;
    }
    let base = base(&file, &head)?;
    let sections = sections(&file, &head)?;
    let mut symbols = vec![None; names.len()];
    for wanted in SYMBOLS {
        for section in sections.iter().filter(|section| section.kind == wanted) {
            search(&file, section, &sections, names, &mut symbols)?;
        }
        if symbols.iter().all(Option::is_some) {
            break;
        }
    }
    Some(Image { symbols, base })
}

struct Section {
    kind: u32,
    offset: u64,
    size: u64,
    link: u32,
}

/// The address of the file's first byte: that of the first segment to be loaded.
fn base(file: &File, head: &[u8]) -> Option<u64> {
    let (at, size, count) = (word(head, 32), short(head, 54), short(head, 56));
    let table = bytes(file, at, size.checked_mul(count)?)?;
    let loaded = table.chunks_exact(size as usize).filter(|entry| half(entry, 0) == 1);
    loaded.map(|entry| word(entry, 16).wrapping_sub(word(entry, 8))).min()
}

fn sections(file: &File, head: &[u8]) -> Option<Vec<Section>> {
    let (at, size, count) = (word(head, 40), short(head, 58), short(head, 60));
    if count > MOST_SECTIONS || size < 64 {
        return None;
    }
    let table = bytes(file, at, size * count)?;
    let section = |entry: &[u8]| Section {
        kind: half(entry, 4),
        offset: word(entry, 24),
        size: word(entry, 32),
        link: half(entry, 40),
    };
    Some(table.chunks_exact(size as usize).map(section).collect())
}

fn search(
    file: &File,
    section: &Section,
    sections: &[Section],
    names: &[&str],
    found: &mut [Option<u64>],
) -> Option<()> {
    let texts = sections.get(section.link as usize)?;
    let (table, texts) = (bytes(file, section.offset, section.size)?, bytes(file, texts.offset, texts.size)?);
    for symbol in table.chunks_exact(24) {
        let Some(text) = texts.get(half(symbol, 0) as usize..) else { continue };
        for (name, place) in names.iter().zip(found.iter_mut()) {
            if text.strip_prefix(name.as_bytes()).is_some_and(|rest| rest.first() == Some(&0)) && short(symbol, 6) != 0
            {
                *place = Some(word(symbol, 8));
            }
        }
    }
    Some(())
}

fn bytes(file: &File, offset: u64, size: u64) -> Option<Vec<u8>> {
    if size > MOST_BYTES {
        return None;
    }
    let mut found = vec![0; size as usize];
    file.read_exact_at(&mut found, offset).ok()?;
    Some(found)
}

fn word(bytes: &[u8], at: usize) -> u64 {
    bytes.get(at..at + 8).map_or(0, |found| u64::from_le_bytes(found.try_into().unwrap_or_default()))
}

fn half(bytes: &[u8], at: usize) -> u32 {
    word_of(bytes, at, 4) as u32
}

fn short(bytes: &[u8], at: usize) -> u64 {
    word_of(bytes, at, 2)
}

fn word_of(bytes: &[u8], at: usize, size: usize) -> u64 {
    bytes.get(at..at + size).map_or(0, |found| found.iter().rev().fold(0, |sum, byte| sum << 8 | u64::from(*byte)))
}

/// A file in the memory of a process.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Mapping {
    /// Where its first byte would lie.
    pub start: u64,
    /// Its path, as the process sees it.
    pub path: String,
}

/// The files in the memory of a process whose name holds a word, each once.
pub fn mappings(pid: Tid, word: &str) -> Vec<Mapping> {
    let Ok(text) = fs::read(format!("/proc/{pid}/maps")) else { return Vec::new() };
    let text = String::from_utf8_lossy(&text);
    let mut found: Vec<Mapping> = Vec::new();
    for line in text.lines() {
        // Nothing before the path holds a slash.
        let Some(path) = line.find('/').map(|at| &line[at..]) else { continue };
        let mut fields = line.split(' ');
        let (Some(range), Some(offset)) = (fields.next(), fields.nth(1)) else { continue };
        let name = path.rsplit('/').next().unwrap_or_default();
        if !name.contains(word) || found.iter().any(|mapping| mapping.path == path) {
            continue;
        }
        let start = range.split('-').next().and_then(|start| u64::from_str_radix(start, 16).ok());
        if let (Some(start), Ok(offset)) = (start, u64::from_str_radix(offset, 16)) {
            found.push(Mapping { start: start.wrapping_sub(offset), path: path.to_owned() });
        }
    }
    found
}
