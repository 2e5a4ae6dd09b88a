//! `subprocess.run` and its relatives. Needs an operating system.
//!
//! `subprocess_run(arguments: &List<Str>, &RunOptions) -> Result<CompletedProcess, Exc>`; `RunOptions::new()` has public fields
//! `capture_output check shell: bool input cwd: Option<Str> quiet_output quiet_errors: bool` (DEVNULL). With `shell` the first
//! argument is the command line. `CompletedProcess` has `args: List<Str> returncode: i64 stdout stderr: Option<Str>` and
//! `check_returncode()`. `subprocess_check_output(arguments, &RunOptions) -> Result<Str, Exc>`, `subprocess_call -> Result<i64, Exc>`.
//! Texts are UTF-8. Refused: bytes, `Popen`, pipes between programs, timeouts, environments.

use crate::{flush_output, os_error, repr, Exc, Fault, Kind, List, Object, Str, EXCEPTION};
use alloc::format;
use alloc::string::String;
use alloc::vec::Vec;
use std::io::Write;
use std::process::{Command, Stdio};

/// `subprocess.SubprocessError`.
pub static SUBPROCESS_ERROR: Kind = Kind::within("subprocess", "SubprocessError", &EXCEPTION);
/// `subprocess.CalledProcessError`.
pub static CALLED_PROCESS_ERROR: Kind = Kind::within("subprocess", "CalledProcessError", &SUBPROCESS_ERROR);
/// `subprocess.TimeoutExpired`.
pub static TIMEOUT_EXPIRED: Kind = Kind::within("subprocess", "TimeoutExpired", &SUBPROCESS_ERROR);

/// How a program is run.
#[derive(Clone)]
pub struct RunOptions {
    /// Whether what it prints is kept.
    pub capture_output: bool,
    /// Whether a code other than 0 is an error.
    pub check: bool,
    /// Whether the shell reads the command line.
    pub shell: bool,
    /// What it reads.
    pub input: Option<Str>,
    /// Where it runs.
    pub cwd: Option<Str>,
    /// Whether its output goes nowhere.
    pub quiet_output: bool,
    /// Whether its errors go nowhere.
    pub quiet_errors: bool,
}

impl RunOptions {
    /// Python's defaults.
    pub fn new() -> RunOptions {
        RunOptions {
            capture_output: false,
            check: false,
            shell: false,
            input: None,
            cwd: None,
            quiet_output: false,
            quiet_errors: false,
        }
    }
}

impl Default for RunOptions {
    fn default() -> Self {
        RunOptions::new()
    }
}

/// `subprocess.CompletedProcess`.
#[derive(Clone)]
pub struct CompletedProcess {
    /// The arguments.
    pub args: List<Str>,
    /// The exit code; below 0 for a signal.
    pub returncode: i64,
    /// What it printed, if that was kept.
    pub stdout: Option<Str>,
    /// What it complained of, if that was kept.
    pub stderr: Option<Str>,
    /// Whether the shell ran it.
    pub shell: bool,
}

impl CompletedProcess {
    /// The command as messages show it.
    pub fn command(&self) -> String {
        match self.args.item(0) {
            Ok(line) if self.shell => format!("{}", repr(&line)),
            _ => format!("{}", repr(&self.args)),
        }
    }

    /// `self.check_returncode()`.
    pub fn check_returncode(&self) -> Result<(), Exc> {
        if self.returncode == 0 {
            return Ok(());
        }
        let shown = if self.shell { self.args.item(0)?.as_str().into() } else { self.command() };
        let text = if self.returncode < 0 {
            format!("Command '{shown}' died with <Signals.{}: {}>.", signal_name(-self.returncode), -self.returncode)
        } else {
            format!("Command '{shown}' returned non-zero exit status {}.", self.returncode)
        };
        Err(Exc::new(&CALLED_PROCESS_ERROR, text))
    }
}

/// The name of a signal.
pub fn signal_name(number: i64) -> &'static str {
    match number {
        1 => "SIGHUP",
        2 => "SIGINT",
        3 => "SIGQUIT",
        4 => "SIGILL",
        6 => "SIGABRT",
        8 => "SIGFPE",
        9 => "SIGKILL",
        11 => "SIGSEGV",
        13 => "SIGPIPE",
        14 => "SIGALRM",
        _ => "SIGTERM",
    }
}

impl Object for CompletedProcess {
    fn write_repr(&self, out: &mut String) {
        out.push_str(&format!("CompletedProcess(args={}, returncode={}", self.command(), self.returncode));
        for (name, text) in [("stdout", &self.stdout), ("stderr", &self.stderr)] {
            if let Some(text) = text {
                out.push_str(&format!(", {name}={}", repr(text)));
            }
        }
        out.push(')');
    }
    fn equals(&self, other: &Self) -> bool {
        self.args.is(&other.args)
    }
    fn hash(&self) -> u64 {
        self.args.id() as u64
    }
    fn type_name(&self) -> &'static str {
        "CompletedProcess"
    }
}

/// The error of a program that could not be begun or waited for.
pub fn subprocess_fault(error: &std::io::Error, path: &str) -> Exc {
    let fault: Fault = crate::io_fault(error);
    os_error(&fault, path)
}

/// Bytes as text, all ends of lines made plain.
pub fn subprocess_text(bytes: Vec<u8>) -> Str {
    Str::from(String::from_utf8_lossy(&bytes).replace("\r\n", "\n").replace('\r', "\n"))
}

/// `subprocess.run(arguments, text=True, ...)`.
pub fn subprocess_run(arguments: &List<Str>, options: &RunOptions) -> Result<CompletedProcess, Exc> {
    flush_output();
    let program = if options.shell { Str::literal("/bin/sh") } else { arguments.item(0)? };
    let mut command = Command::new(program.as_str());
    let words: Vec<Str> = arguments.to_vec();
    if options.shell {
        command.arg("-c");
        command.args(words.iter().map(Str::as_str));
    } else {
        command.args(words.iter().skip(1).map(Str::as_str));
    }
    if let Some(cwd) = &options.cwd {
        command.current_dir(cwd.as_str());
    }
    let kept = |quiet: bool| match (options.capture_output, quiet) {
        (true, _) => Stdio::piped(),
        (false, true) => Stdio::null(),
        (false, false) => Stdio::inherit(),
    };
    command.stdout(kept(options.quiet_output)).stderr(kept(options.quiet_errors));
    command.stdin(if options.input.is_some() { Stdio::piped() } else { Stdio::inherit() });
    let mut child = command.spawn().map_err(|error| subprocess_fault(&error, &program))?;
    // What it reads is written beside, so that neither waits for the other.
    let writer = child.stdin.take().zip(options.input.clone()).map(|(mut stdin, input)| {
        let bytes = input.as_str().as_bytes().to_vec();
        std::thread::spawn(move || stdin.write_all(&bytes))
    });
    let output = child.wait_with_output().map_err(|error| subprocess_fault(&error, ""))?;
    if let Some(writer) = writer {
        // A program may end before it has read all.
        let _ = writer.join();
    }
    let text = |bytes: Vec<u8>| options.capture_output.then(|| subprocess_text(bytes));
    let done = CompletedProcess {
        args: arguments.clone(),
        returncode: subprocess_code(&output.status),
        stdout: text(output.stdout),
        stderr: text(output.stderr),
        shell: options.shell,
    };
    if options.check {
        done.check_returncode()?;
    }
    Ok(done)
}

/// The exit code; below 0 for a signal.
pub fn subprocess_code(status: &std::process::ExitStatus) -> i64 {
    #[cfg(unix)]
    if let Some(signal) = std::os::unix::process::ExitStatusExt::signal(status) {
        return -i64::from(signal);
    }
    status.code().map_or(-1, i64::from)
}

/// `subprocess.check_output(arguments, text=True, ...)`.
pub fn subprocess_check_output(arguments: &List<Str>, options: &RunOptions) -> Result<Str, Exc> {
    let options = RunOptions { capture_output: true, check: true, ..options.clone() };
    Ok(subprocess_run(arguments, &options)?.stdout.unwrap_or_default())
}

/// `subprocess.call(arguments, ...)`.
pub fn subprocess_call(arguments: &List<Str>, options: &RunOptions) -> Result<i64, Exc> {
    Ok(subprocess_run(arguments, options)?.returncode)
}
