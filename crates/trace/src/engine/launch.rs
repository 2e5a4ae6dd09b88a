//! A program started so that it is traced from its first call on.
//!
//! The child waits at a pipe until the tracer has it, then becomes the program; what it does before that is hidden.

use std::{
    env,
    ffi::{CString, OsStr, OsString},
    fs::File,
    io::{self, Read},
    os::{
        fd::{AsRawFd, FromRawFd, OwnedFd, RawFd},
        unix::ffi::{OsStrExt, OsStringExt},
    },
    path::{Path, PathBuf},
    ptr,
};

use crate::{
    call::{Abi, Call},
    engine::ptrace::Tid,
    error::Error,
};

/// A program and what it gets.
#[derive(Clone, Debug)]
pub struct Command {
    words: Vec<CString>,
    program: CString,
    environment: Option<Vec<CString>>,
    folder: Option<CString>,
    streams: [Option<RawFd>; 3],
}

impl Command {
    /// A program found as a shell finds it, and its words, of which the first is its name.
    ///
    /// # Errors
    ///
    /// `Error::Program` where there is none, or a word holds a zero byte.
    pub fn new(words: &[Vec<u8>]) -> Result<Self, Error> {
        let name = words.first().map(Vec::as_slice).unwrap_or_default();
        let told = |cause| Error::Program { name: String::from_utf8_lossy(name).into_owned(), cause };
        let program = find(name).map_err(told)?;
        let words = words.iter().map(|word| CString::new(word.as_slice())).collect::<Result<Vec<_>, _>>();
        let words = words.map_err(|error| told(error.into()))?;
        let program = CString::new(program.into_os_string().into_vec()).map_err(|error| told(error.into()))?;
        Ok(Self { words, program, environment: None, folder: None, streams: [None; 3] })
    }

    /// Give it these variables, each as `NAME=value`, in the place of ours.
    #[must_use]
    pub fn environment(mut self, variables: Vec<CString>) -> Self {
        self.environment = Some(variables);
        self
    }

    /// Start it in this folder.
    #[must_use]
    pub fn folder(mut self, folder: CString) -> Self {
        self.folder = Some(folder);
        self
    }

    /// Give it these descriptors as standard input, output and error, where they are not to be ours.
    #[must_use]
    pub fn streams(mut self, streams: [Option<RawFd>; 3]) -> Self {
        self.streams = streams;
        self
    }

    /// Its words.
    #[must_use]
    pub fn words(&self) -> Vec<Vec<u8>> {
        self.words.iter().map(|word| word.as_bytes().to_vec()).collect()
    }

    /// The folder it is started in.
    #[must_use]
    pub fn place(&self) -> Vec<u8> {
        let own = || env::current_dir().unwrap_or_default().into_os_string().into_vec();
        self.folder.as_ref().map_or_else(own, |folder| folder.as_bytes().to_vec())
    }

    pub(crate) fn name(&self) -> String {
        self.words.first().map(|word| word.to_string_lossy().into_owned()).unwrap_or_default()
    }
}

/// The file that a shell would run for this name.
fn find(name: &[u8]) -> io::Result<PathBuf> {
    if name.is_empty() {
        return Err(io::ErrorKind::NotFound.into());
    }
    let name = OsStr::from_bytes(name);
    if name.as_bytes().contains(&b'/') {
        return runnable(Path::new(name));
    }
    let mut failure = io::Error::from_raw_os_error(libc::ENOENT);
    let folders = env::var_os("PATH").unwrap_or_else(|| OsString::from("/usr/local/bin:/usr/bin:/bin"));
    for folder in env::split_paths(&folders) {
        match runnable(&folder.join(name)) {
            Ok(found) => return Ok(found),
            Err(error) if error.raw_os_error() == Some(libc::EACCES) => failure = error,
            Err(_) => {}
        }
    }
    Err(failure)
}

fn runnable(path: &Path) -> io::Result<PathBuf> {
    let found = path.metadata()?;
    let text = CString::new(path.as_os_str().as_bytes())?;
    // SAFETY: `text` ends with a zero byte and is only read.
    let may_run = unsafe { libc::access(text.as_ptr(), libc::X_OK) } == 0;
    if found.is_file() && may_run { Ok(path.to_owned()) } else { Err(io::Error::from_raw_os_error(libc::EACCES)) }
}

/// A child that waits to become the program.
pub(crate) struct Child {
    pub(crate) tid: Tid,
    go: OwnedFd,
    errors: OwnedFd,
}

impl Child {
    /// Let it go on; gives where it says why it could not become the program.
    pub(crate) fn release(self) -> Failure {
        drop(self.go);
        Failure(self.errors)
    }

    /// Give it up before it becomes anything.
    pub(crate) fn abandon(self) {
        // SAFETY: plain calls with the number of a child of ours that nobody has waited for.
        unsafe {
            libc::kill(self.tid, libc::SIGKILL);
            libc::waitpid(self.tid, ptr::null_mut(), 0);
        }
    }
}

/// Where a child says why it could not become its program.
pub(crate) struct Failure(OwnedFd);

impl Failure {
    /// What it said, once it has ended.
    pub(crate) fn read(self) -> Option<io::Error> {
        let mut number = [0; 4];
        File::from(self.0).read_exact(&mut number).ok()?;
        Some(io::Error::from_raw_os_error(i32::from_ne_bytes(number)))
    }
}

/// Fork a child that waits; `mask` is the signal mask that its program shall have.
pub(crate) fn launch(command: &Command, filter: &[libc::sock_filter], mask: &libc::sigset_t) -> io::Result<Child> {
    let ((wait, go), (errors, told)) = (pipe()?, pipe()?);
    let words = pointers(&command.words);
    let environment = command.environment.as_deref().map(pointers);
    // SAFETY: the child only calls what may be called after a fork beside other threads, on memory made before it.
    match unsafe { libc::fork() } {
        0 => {
            // SAFETY: as above; it never returns.
            unsafe {
                // Its copy of the end that would let it go on; the tracer's is the last one then.
                libc::close(go.as_raw_fd());
                become_program(
                    command,
                    [wait.as_raw_fd(), told.as_raw_fd()],
                    &words,
                    environment.as_deref(),
                    filter,
                    mask,
                )
            }
        }
        tid if tid < 0 => Err(io::Error::last_os_error()),
        tid => Ok(Child { tid, go, errors }),
    }
}

fn pipe() -> io::Result<(OwnedFd, OwnedFd)> {
    let mut ends = [0; 2];
    // SAFETY: the place holds two descriptors.
    if unsafe { libc::pipe2(ends.as_mut_ptr(), libc::O_CLOEXEC) } < 0 {
        return Err(io::Error::last_os_error());
    }
    // SAFETY: they are open, and nobody else has them.
    Ok(unsafe { (OwnedFd::from_raw_fd(ends[0]), OwnedFd::from_raw_fd(ends[1])) })
}

fn pointers(texts: &[CString]) -> Vec<*const libc::c_char> {
    texts.iter().map(|text| text.as_ptr()).chain([ptr::null()]).collect()
}

/// Wait to be traced, then run the program.
///
/// # Safety
///
/// To be called in a child right after a fork. The words and variables end with a null pointer.
unsafe fn become_program(
    command: &Command,
    [wait, told]: [RawFd; 2],
    words: &[*const libc::c_char],
    environment: Option<&[*const libc::c_char]>,
    filter: &[libc::sock_filter],
    mask: &libc::sigset_t,
) -> ! {
    // SAFETY: these are plain calls to the system on memory that was made before the fork.
    unsafe {
        let mut byte = 0_u8;
        while libc::read(wait, (&raw mut byte).cast(), 1) < 0 {}
        if prepare(command, filter, mask) {
            match environment {
                Some(environment) => {
                    libc::execve(command.program.as_ptr(), words.as_ptr(), environment.as_ptr());
                }
                None => {
                    libc::execv(command.program.as_ptr(), words.as_ptr());
                }
            }
        }
        let number = *libc::__errno_location();
        libc::write(told, (&raw const number).cast(), size_of_val(&number));
        libc::_exit(127)
    }
}

/// Give the child its folder, its streams, its signals and the filter; whether all of it could be done.
///
/// # Safety
///
/// As for `become_program`.
unsafe fn prepare(command: &Command, filter: &[libc::sock_filter], mask: &libc::sigset_t) -> bool {
    // SAFETY: as for `become_program`.
    unsafe {
        if let Some(folder) = &command.folder {
            if libc::chdir(folder.as_ptr()) < 0 {
                return false;
            }
        }
        for (number, stream) in (0..).zip(command.streams) {
            // A descriptor that has the right number already is only to be kept open.
            let answer = match stream {
                Some(stream) if stream == number => libc::fcntl(stream, libc::F_SETFD, 0),
                Some(stream) => libc::dup2(stream, number),
                None => 0,
            };
            if answer < 0 {
                return false;
            }
        }
        // Rust and Python ignore these, and a program inherits what is ignored.
        libc::signal(libc::SIGPIPE, libc::SIG_DFL);
        libc::signal(libc::SIGXFSZ, libc::SIG_DFL);
        libc::sigprocmask(libc::SIG_SETMASK, mask, ptr::null_mut());
        filter.is_empty() || install(filter)
    }
}

/// Install a filter of calls.
///
/// # Safety
///
/// As for `become_program`.
unsafe fn install(filter: &[libc::sock_filter]) -> bool {
    let program = libc::sock_fprog { len: filter.len() as u16, filter: filter.as_ptr().cast_mut() };
    let set = || {
        // SAFETY: the program is described by its true length and only read.
        let answer = unsafe { libc::syscall(libc::SYS_seccomp, libc::SECCOMP_SET_MODE_FILTER, 0, &raw const program) };
        answer == 0
    };
    // Whoever may not filter without it gives up more rights, which a traced program has not anyway.
    // SAFETY: a plain call with numbers.
    set() || (unsafe { libc::prctl(libc::PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) } == 0 && set())
}

/// Whether a call is the one by which a child becomes its program.
pub(crate) fn is_execve(call: &Call) -> bool {
    call.abi == Abi::X86_64 && i64::from(call.number) == libc::SYS_execve
}
