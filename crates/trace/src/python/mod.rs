//! Where in a Python program a call was made.
//!
//! Enters: a stopped task. Leaves: the file, line and function of the innermost frame of its Python thread, read from the
//! memory of CPython 3.11 and newer, as `py-spy` does: the runtime knows its interpreters, an interpreter its threads, a thread
//! its frame, a frame its code and its place in it. `layout.rs` says where the fields lie, `elf.rs` finds the runtime,
//! `code.rs` reads code objects. Whatever looks wrong on the way gives no frame, never a wrong one on purpose.

mod code;
mod elf;
mod layout;

use std::{collections::HashMap, rc::Rc};

use crate::{
    engine::ptrace::Tid,
    event::{Frame, Who},
    python::{
        code::{Code, HEAD, read, word},
        elf::{Image, Mapping},
        layout::Layout,
    },
};

/// The longest lists that are believed.
const MOST_INTERPRETERS: usize = 64;
const MOST_THREADS: usize = 10_000;
const MOST_FRAMES: usize = 64;
/// A process is looked at so often in a row before it is believed to be no Python, and then from time to time.
const EAGER: u32 = 64;
const PATIENT: u32 = 4096;
/// What a runtime from 3.13 on begins with.
const COOKIE: &[u8; 8] = b"xdebugpy";
/// Names of the symbols: where the runtime is, and the version as a number.
const NAMES: [&str; 2] = ["_PyRuntime", "Py_Version"];
const THREAD_BYTES: usize = 168;
const FRAME_BYTES: usize = 80;

/// What is known of the Python in each process.
#[derive(Debug, Default)]
pub struct Frames {
    processes: HashMap<Tid, Process>,
    files: HashMap<String, Option<Rc<Image>>>,
}

#[derive(Debug)]
enum Process {
    /// Not found, after so many looks.
    Unknown(u32),
    Found(Box<Python>),
}

/// A Python in a process.
#[derive(Clone, Debug)]
struct Python {
    runtime: u64,
    layout: Layout,
    threads: HashMap<Tid, u64>,
    codes: HashMap<u64, Rc<Code>>,
}

impl Frames {
    /// The innermost Python frame of a stopped task.
    pub fn of(&mut self, who: Who) -> Option<Frame> {
        if !matches!(self.processes.get(&who.pid), Some(Process::Found(_))) {
            self.look(who.pid);
        }
        match self.processes.get_mut(&who.pid) {
            Some(Process::Found(python)) => python.frame(who),
            _ => None,
        }
    }

    /// The process runs another program now, or is no more.
    pub fn forget(&mut self, pid: Tid) {
        self.processes.remove(&pid);
    }

    /// A process was made as a copy of another.
    pub fn inherit(&mut self, parent: Tid, child: Tid) {
        if let Some(Process::Found(python)) = self.processes.get(&parent) {
            let copy = Python { threads: HashMap::new(), ..(**python).clone() };
            self.processes.insert(child, Process::Found(Box::new(copy)));
        }
    }

    fn look(&mut self, pid: Tid) {
        let Process::Unknown(looks) = self.processes.entry(pid).or_insert(Process::Unknown(0)) else { return };
        *looks = looks.saturating_add(1);
        let looks = *looks;
        if looks > PATIENT || (looks > EAGER && looks % EAGER != 0) {
            return;
        }
        for mapping in elf::mappings(pid, "python") {
            if let Some(python) = self.python(pid, &mapping) {
                self.processes.insert(pid, Process::Found(Box::new(python)));
                return;
            }
        }
    }

    /// The Python of this file, once it has begun.
    fn python(&mut self, pid: Tid, mapping: &Mapping) -> Option<Python> {
        // As the process sees it, which may live in another tree of files.
        let path = ["/proc", &pid.to_string(), "root", mapping.path.trim_start_matches('/')].join("/");
        let image = self.files.entry(mapping.path.clone()).or_insert_with(|| elf::read(&path, &NAMES).map(Rc::new));
        let image = image.as_deref()?;
        let place = |symbol: Option<u64>| Some(symbol?.wrapping_sub(image.base).wrapping_add(mapping.start));
        let (runtime, version) = (place(image.symbols[0])?, place(image.symbols[1])?);
        let mut bytes = [0; 8];
        read(pid, version, &mut bytes)?;
        let version = u64::from_le_bytes(bytes);
        let mut layout = if version >> 24 == 3 { layout::of((version >> 16) as u8)? } else { return None };
        let mut head = [0; 80];
        read(pid, runtime, &mut head)?;
        if layout.tells_itself {
            // Without the cookie this is not loaded yet, and a build without the lock has other structures.
            if head[..8] != *COOKIE || word(&head, 16) != 0 {
                return None;
            }
            layout.interpreters = word(&head, 40);
            (layout.next_interpreter, layout.threads) = (word(&head, 64), word(&head, 72));
        }
        Some(Python { runtime, layout, threads: HashMap::new(), codes: HashMap::new() })
    }
}

impl Python {
    fn frame(&mut self, who: Who) -> Option<Frame> {
        let thread = self.thread(who)?;
        let layout = self.layout;
        let mut current = word(&thread, layout.current);
        if let Some(place) = layout.through {
            current = pointer(who.pid, current.wrapping_add(place))?;
        }
        for _ in 0..MOST_FRAMES {
            if current == 0 {
                return None;
            }
            let mut frame = [0; FRAME_BYTES];
            read(who.pid, current, &mut frame)?;
            if frame[layout.owner as usize] < layout.foreign {
                // The lowest bits tell how the reference is counted, from 3.14 on.
                let code = word(&frame, layout.code) & !3;
                let offset = word(&frame, layout.instruction).wrapping_sub(code.wrapping_add(layout.instructions));
                return Some(self.code(who.pid, code)?.frame(offset));
            }
            current = word(&frame, layout.previous);
        }
        None
    }

    /// The state of the task's thread.
    fn thread(&mut self, who: Who) -> Option<[u8; THREAD_BYTES]> {
        let mut state = [0; THREAD_BYTES];
        if let Some(known) = self.threads.get(&who.tid) {
            read(who.pid, *known, &mut state)?;
            if word(&state, self.layout.native) == who.tid as u64 {
                return Some(state);
            }
            self.threads.remove(&who.tid);
        }
        let mut interpreter = pointer(who.pid, self.runtime + self.layout.interpreters)?;
        for _ in 0..MOST_INTERPRETERS {
            if interpreter == 0 {
                break;
            }
            let mut thread = pointer(who.pid, interpreter + self.layout.threads)?;
            for _ in 0..MOST_THREADS {
                if thread == 0 {
                    break;
                }
                read(who.pid, thread, &mut state)?;
                if word(&state, self.layout.native) == who.tid as u64 {
                    self.threads.insert(who.tid, thread);
                    return Some(state);
                }
                thread = word(&state, self.layout.next_thread);
            }
            interpreter = pointer(who.pid, interpreter + self.layout.next_interpreter)?;
        }
        None
    }

    fn code(&mut self, pid: Tid, address: u64) -> Option<Rc<Code>> {
        let mut head = [0; HEAD];
        read(pid, address, &mut head)?;
        if let Some(code) = self.codes.get(&address).filter(|code| code.is(&head)) {
            return Some(Rc::clone(code));
        }
        let code = Rc::new(Code::read(pid, head, &self.layout)?);
        self.codes.insert(address, Rc::clone(&code));
        Some(code)
    }
}

fn pointer(pid: Tid, address: u64) -> Option<u64> {
    let mut bytes = [0; 8];
    read(pid, address, &mut bytes)?;
    Some(u64::from_le_bytes(bytes))
}
