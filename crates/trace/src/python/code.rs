//! Code objects: the file, the function, and the line of each instruction.

use std::sync::Arc;

use crate::{
    engine::ptrace::{self, Tid},
    event::Frame,
    python::layout::{self, Layout},
};

/// Longer texts and tables are not those of a program that anybody wrote.
const MOST_TEXT: u64 = 1 << 16;
const MOST_TABLE: u64 = 1 << 24;
/// The head of a code object, with every field that is read.
pub(super) const HEAD: usize = 144;
/// `PyBytesObject.ob_sval`, and `PyVarObject.ob_size`, which is where a text has its length.
const BYTES: u64 = 32;
const SIZE: u64 = 16;
/// Where a text says how it is stored.
const STORED: u64 = 32;

/// What a code object says, kept as long as its head does not change.
#[derive(Debug)]
pub(super) struct Code {
    head: [u8; HEAD],
    file: Arc<str>,
    function: Arc<str>,
    first: u32,
    lines: Vec<u8>,
}

impl Code {
    /// Read the code object whose head lies there.
    pub(super) fn read(pid: Tid, head: [u8; HEAD], layout: &Layout) -> Option<Self> {
        let lines = bytes(pid, word(&head, layout::LINES))?;
        let file = text(pid, word(&head, layout::FILE), layout)?;
        let function = text(pid, word(&head, layout::QUALIFIED), layout)?;
        let first = word(&head, layout.first_line) as u32;
        Some(Self { head, file: file.into(), function: function.into(), first, lines })
    }

    /// Whether it is still the one with this head; the count of references may differ.
    pub(super) fn is(&self, head: &[u8; HEAD]) -> bool {
        self.head[8..] == head[8..]
    }

    /// The place of the instruction that lies so many bytes from the first one.
    pub(super) fn frame(&self, offset: u64) -> Frame {
        let line = line(&self.lines, self.first, offset).unwrap_or(self.first);
        Frame { file: Arc::clone(&self.file), line, function: Arc::clone(&self.function) }
    }
}

/// The line of an instruction, by a table of locations as PEP 626 and `Objects/locations.md` of CPython describe it.
fn line(table: &[u8], first: u32, offset: u64) -> Option<u32> {
    let mut table = table.iter().copied();
    let (mut line, mut end) = (i64::from(first), 0);
    while let Some(head) = table.next() {
        end += u64::from(head & 7) * 2 + 2;
        let form = head >> 3 & 15;
        let step = match form {
            15 => 0,
            13 | 14 => signed(&mut table)?,
            10..=12 => i64::from(form) - 10,
            _ => 0,
        };
        // What follows tells columns, and of a long form also the last line.
        match form {
            15 | 13 => {}
            14 => (0..3).try_for_each(|_| unsigned(&mut table).map(drop))?,
            10..=12 => (0..2).try_for_each(|_| table.next().map(drop))?,
            _ => table.next().map(drop)?,
        }
        line += step;
        if offset < end {
            return if form == 15 { None } else { u32::try_from(line).ok() };
        }
    }
    None
}

/// A number in pieces of six bits, the lowest first.
fn unsigned(table: &mut impl Iterator<Item = u8>) -> Option<u64> {
    let (mut number, mut shift) = (0, 0);
    loop {
        let piece = table.next()?;
        number |= u64::from(piece & 63).checked_shl(shift)?;
        shift += 6;
        if piece & 64 == 0 {
            return Some(number);
        }
    }
}

fn signed(table: &mut impl Iterator<Item = u8>) -> Option<i64> {
    let number = unsigned(table)?;
    let size = (number >> 1) as i64;
    Some(if number & 1 == 1 { -size } else { size })
}

/// The eight bytes of a structure at this place.
pub(super) fn word(bytes: &[u8], at: u64) -> u64 {
    let at = at as usize;
    bytes.get(at..at + 8).map_or(0, |found| u64::from_le_bytes(found.try_into().unwrap_or_default()))
}

fn bytes(pid: Tid, address: u64) -> Option<Vec<u8>> {
    let mut size = [0; 8];
    read(pid, address.wrapping_add(SIZE), &mut size)?;
    let size = u64::from_le_bytes(size);
    if size > MOST_TABLE {
        return None;
    }
    let mut found = vec![0; size as usize];
    read(pid, address.wrapping_add(BYTES), &mut found)?;
    Some(found)
}

/// A text, whatever the size of its characters.
fn text(pid: Tid, address: u64, layout: &Layout) -> Option<String> {
    let mut head = [0; 40];
    read(pid, address, &mut head)?;
    let (length, stored) = (word(&head, SIZE), word(&head, STORED) as u32);
    // `PyASCIIObject.state`: two bits that tell whether it is shared, three of the kind, one of compact, one of ASCII.
    let stored = stored >> 2;
    let (kind, is_compact, is_ascii) = (u64::from(stored & 7), stored >> 3 & 1 == 1, stored >> 4 & 1 == 1);
    if length > MOST_TEXT || !is_compact || !matches!(kind, 1 | 2 | 4) {
        return None;
    }
    // A text with other than ASCII characters keeps its UTF-8 form beside them, by two more words.
    let start = address + layout.text + if is_ascii { 0 } else { layout.text - 24 };
    let mut found = vec![0; (length * kind) as usize];
    read(pid, start, &mut found)?;
    let wide = |each: &[u8]| each.iter().rev().fold(0, |sum, byte| sum << 8 | u32::from(*byte));
    Some(found.chunks_exact(kind as usize).map(|each| char::from_u32(wide(each)).unwrap_or('\u{FFFD}')).collect())
}

pub(super) fn read(pid: Tid, address: u64, into: &mut [u8]) -> Option<()> {
    (ptrace::read_memory(pid, address, into) == into.len()).then_some(())
}

#[cfg(test)]
mod tests {
    use super::line;

    #[test]
    fn every_form_of_location_is_read() {
        // One unit each: short form, one-line form with 1 and 2, no columns with -1, none, long form with +3.
        let table = [0x80, 0x11, 0xD8, 4, 9, 0xE0, 4, 9, 0xE8, 0x03, 0xF8, 0xF0, 0x06, 0x00, 0x05, 0x09];
        let at = |offset| line(&table, 10, offset);
        assert_eq!([at(0), at(2), at(4), at(6)], [Some(10), Some(11), Some(13), Some(12)]);
        assert_eq!([at(8), at(10), at(12)], [None, Some(15), None]);
    }
}
