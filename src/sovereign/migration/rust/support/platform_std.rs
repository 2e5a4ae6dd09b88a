//! The world of a program with an operating system: `StdPlatform`, `platform`, `run_main`.

use crate::{exit_code, flush_output, watch_stack, Exc, Fault, PathKind, Platform, Pool, Stream, POOL};
use alloc::string::{String, ToString};
use alloc::vec::Vec;
use std::io::{BufRead, Read};

/// The operating system, through the standard library.
pub struct StdPlatform;

/// The world of this program.
pub fn platform() -> &'static dyn Platform {
    &StdPlatform
}

/// Bytes of the stack that programs run on: 1000 frames of Python, and far more where the limit was raised.
pub const STACK_SIZE: usize = 1 << 30;

/// Run a program on a thread with a big stack; ends the process with its exit code.
pub fn run_main(program: fn() -> Result<(), Exc>) {
    // Naming the allocator is what brings it into a program.
    let _: &Pool = &POOL;
    let thread = std::thread::Builder::new().stack_size(STACK_SIZE).spawn(move || {
        watch_stack();
        let code = exit_code(program());
        StdPlatform.exit(code)
    });
    match thread {
        Ok(thread) => {
            // Only an internal fault comes back: what was printed before it is kept.
            let _ = thread.join();
            flush_output();
            std::process::exit(101)
        }
        Err(_) => std::process::exit(exit_code(program())),
    }
}

/// The fault behind an error of the standard library, with the C library's text.
pub fn io_fault(error: &std::io::Error) -> Fault {
    let Some(number) = error.raw_os_error() else {
        return Fault { number: 5, text: error.to_string() };
    };
    let mut text = error.to_string();
    if let Some(end) = text.rfind(" (os error") {
        text.truncate(end);
    }
    Fault { number: i64::from(number), text }
}

/// The moment that `monotonic` counts from.
pub static MONOTONIC_START: std::sync::OnceLock<std::time::Instant> = std::sync::OnceLock::new();

impl Platform for StdPlatform {
    fn write(&self, stream: Stream, bytes: &[u8]) -> Result<(), Fault> {
        // `Write` is named whole: other files mean that of texts by it.
        let written = match stream {
            Stream::Output => {
                let mut output = std::io::stdout().lock();
                std::io::Write::write_all(&mut output, bytes).and_then(|()| std::io::Write::flush(&mut output))
            }
            Stream::Errors => std::io::Write::write_all(&mut std::io::stderr().lock(), bytes),
        };
        written.map_err(|error| io_fault(&error))
    }

    fn read_line(&self) -> Result<Vec<u8>, Fault> {
        let mut line = Vec::new();
        std::io::stdin().lock().read_until(b'\n', &mut line).map_err(|error| io_fault(&error))?;
        Ok(line)
    }

    fn read_input(&self) -> Result<Vec<u8>, Fault> {
        let mut rest = Vec::new();
        std::io::stdin().lock().read_to_end(&mut rest).map_err(|error| io_fault(&error))?;
        Ok(rest)
    }

    fn read_file(&self, path: &str) -> Result<Vec<u8>, Fault> {
        std::fs::read(path).map_err(|error| io_fault(&error))
    }

    fn write_file(&self, path: &str, bytes: &[u8], append: bool, fresh: bool) -> Result<(), Fault> {
        let mut options = std::fs::OpenOptions::new();
        options.create(true).append(append).write(true).truncate(!append).create_new(fresh);
        let opened = options.open(path);
        opened.and_then(|mut file| std::io::Write::write_all(&mut file, bytes)).map_err(|error| io_fault(&error))
    }

    fn path_kind(&self, path: &str) -> PathKind {
        match std::fs::metadata(path) {
            Ok(found) if found.is_dir() => PathKind::Folder,
            Ok(_) => PathKind::File,
            Err(_) => PathKind::Missing,
        }
    }

    fn list_folder(&self, path: &str) -> Result<Vec<String>, Fault> {
        let entries = std::fs::read_dir(path).map_err(|error| io_fault(&error))?;
        let names = entries.map(|entry| entry.map(|entry| entry.file_name().to_string_lossy().into_owned()));
        names.collect::<Result<Vec<String>, _>>().map_err(|error| io_fault(&error))
    }

    fn make_folder(&self, path: &str) -> Result<(), Fault> {
        std::fs::create_dir(path).map_err(|error| io_fault(&error))
    }

    fn remove_file(&self, path: &str) -> Result<(), Fault> {
        std::fs::remove_file(path).map_err(|error| io_fault(&error))
    }

    fn remove_folder(&self, path: &str) -> Result<(), Fault> {
        std::fs::remove_dir(path).map_err(|error| io_fault(&error))
    }

    fn rename(&self, from: &str, to: &str) -> Result<(), Fault> {
        std::fs::rename(from, to).map_err(|error| io_fault(&error))
    }

    fn current_folder(&self) -> Result<String, Fault> {
        let folder = std::env::current_dir().map_err(|error| io_fault(&error))?;
        Ok(folder.to_string_lossy().into_owned())
    }

    fn now(&self) -> i64 {
        let since = std::time::SystemTime::now().duration_since(std::time::UNIX_EPOCH);
        since.map_or(0, |duration| duration.as_nanos() as i64)
    }

    fn monotonic(&self) -> i64 {
        MONOTONIC_START.get_or_init(std::time::Instant::now).elapsed().as_nanos() as i64
    }

    fn sleep(&self, duration: i64) {
        std::thread::sleep(std::time::Duration::from_nanos(duration.max(0) as u64));
    }

    fn random_bytes(&self, bytes: &mut [u8]) -> Result<(), Fault> {
        let source = std::fs::File::open("/dev/urandom");
        source.and_then(|mut file| file.read_exact(bytes)).map_err(|error| io_fault(&error))
    }

    fn arguments(&self) -> Vec<String> {
        std::env::args_os().map(|argument| argument.to_string_lossy().into_owned()).collect()
    }

    fn variable(&self, name: &str) -> Option<String> {
        std::env::var_os(name).map(|value| value.to_string_lossy().into_owned())
    }

    fn variables(&self) -> Vec<(String, String)> {
        let text = |value: std::ffi::OsString| value.to_string_lossy().into_owned();
        std::env::vars_os().map(|(name, value)| (text(name), text(value))).collect()
    }

    fn exit(&self, code: i32) -> ! {
        std::process::exit(code)
    }
}
