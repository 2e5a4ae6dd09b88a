//! What descriptors are, remembered as long as it is certain.
//!
//! Enters: the calls of all tasks, as they begin and end. Leaves: the name of a descriptor, asked of the kernel or kept from
//! before. A name is what the kernel says at this moment, as with `strace -y`: a file that is renamed while it is open has
//! its new name from there on. So a name is kept only where nothing can change it unseen:
//!
//! - every task that shares the table of descriptors is traced from its first call on, and each of its calls stops;
//! - since the name was read, all of their calls were of those that leave open descriptors alone, and none of another kind is
//!   under way;
//! - it is one that never changes, as that of a pipe, or its path is watched (`watch.rs`).

use std::{
    collections::{HashMap, HashSet},
    sync::Arc,
};

use crate::{
    call::{Abi, Call},
    chosen::Chosen,
    decode,
    engine::{
        ptrace::{self, Tid},
        target,
        watch::Watch,
    },
};

/// Calls after which every descriptor that was open still is, and is what it was. Whatever is not here may close or replace
/// one; a call that only opens one takes a free number. In order.
#[rustfmt::skip]
const KEEPING: &[&str] = &[
    "accept", "accept4", "access", "arch_prctl", "bind", "brk", "chdir", "chmod", "chown", "clock_gettime", "clock_nanosleep",
    "clone", "clone3", "connect", "copy_file_range", "creat", "dup", "epoll_create", "epoll_create1", "epoll_ctl",
    "epoll_pwait", "epoll_pwait2", "epoll_wait", "eventfd", "eventfd2", "exit", "faccessat", "faccessat2", "fadvise64",
    "fallocate", "fchdir", "fchmod", "fchmodat", "fchown", "fchownat", "fcntl", "fdatasync", "fgetxattr", "flock", "fork",
    "fstat", "fstatfs", "fsync", "ftruncate", "futex", "futimesat", "getcwd", "getdents", "getdents64", "getegid", "geteuid",
    "getgid", "getgroups", "getitimer", "getpeername", "getpgid", "getpgrp", "getpid", "getppid", "getpriority", "getrandom",
    "getresgid", "getresuid", "getrlimit", "getrusage", "getsid", "getsockname", "getsockopt", "gettid", "gettimeofday",
    "getuid", "getxattr", "inotify_add_watch", "inotify_init", "inotify_init1", "inotify_rm_watch", "kill", "link", "linkat",
    "listen", "listxattr", "lseek", "lstat", "madvise", "membarrier", "memfd_create", "mincore", "mkdir", "mkdirat", "mknod",
    "mknodat", "mlock", "mmap", "mprotect", "mremap", "msync", "munmap", "nanosleep", "newfstatat", "open", "openat", "openat2",
    "pause", "pidfd_getfd", "pidfd_open", "pidfd_send_signal", "pipe", "pipe2", "poll", "ppoll", "prctl", "pread64", "preadv",
    "preadv2", "prlimit64", "process_vm_readv", "pselect6", "pwrite64", "pwritev", "pwritev2", "read", "readahead", "readlink",
    "readlinkat", "readv", "recvfrom", "recvmmsg", "recvmsg", "rename", "renameat", "renameat2", "rmdir", "rseq",
    "rt_sigaction", "rt_sigpending", "rt_sigprocmask", "rt_sigqueueinfo", "rt_sigreturn", "rt_sigsuspend", "rt_sigtimedwait",
    "sched_getaffinity", "sched_getparam", "sched_getscheduler", "sched_setaffinity", "sched_yield", "select", "sendfile",
    "sendmmsg", "sendmsg", "sendto", "set_robust_list", "set_tid_address", "setitimer", "setpgid", "setpriority", "setrlimit",
    "setsid", "setsockopt", "shutdown", "sigaltstack", "signalfd", "signalfd4", "socket", "socketpair", "splice", "stat",
    "statfs", "statx", "symlink", "symlinkat", "sync", "sync_file_range", "sysinfo", "tee", "tgkill", "time", "timer_create",
    "timer_delete", "timer_gettime", "timer_settime", "timerfd_create", "timerfd_gettime", "timerfd_settime", "times", "tkill",
    "truncate", "umask", "uname", "unlink", "unlinkat", "utime", "utimensat", "utimes", "vfork", "vmsplice", "wait4", "waitid",
    "write", "writev",
];
/// Calls after which others may change descriptors at any time: the kernel for a ring, a supervisor for a filter.
const SPOILING: &[&str] = &["io_uring_enter", "io_uring_register", "io_uring_setup", "seccomp"];
/// Flags of a new task with the same table that nobody traces.
const UNSEEN: u64 = (libc::CLONE_FILES | libc::CLONE_UNTRACED) as u64;
/// So often must a path be asked for before it is worth to be watched; doubled each time the watch was in vain.
const WORTH: u32 = 16;
/// The same for the first path of a trace: to end a watch costs as much as to read some thousand names.
const WORTH_FIRST: u32 = 1024;
/// In the place of how often: it was tried, and cannot be watched.
const NEVER: u32 = u32::MAX;
/// Requests of terminals and of files in general, from `TCGETS` on: none of them closes anything.
const PLAIN_REQUESTS: std::ops::Range<u32> = 0x5401..0x5470;

// Of x86-64, whatever this is compiled for: names are kept for no other.
const IOCTL: u32 = 16;
const CLONE: u32 = 56;
const FORK: u32 = 57;
const VFORK: u32 = 58;
const CLONE3: u32 = 435;

type Name = Arc<[u8]>;

/// The names of descriptors of all tasks of a trace.
#[derive(Default)]
pub(crate) struct Known {
    /// What calls do; nothing where names are not to be kept.
    kinds: Option<Kinds>,
    /// Which table a task has. Tasks that may share one have the same; some have the same and share none.
    tables: HashMap<Tid, u32>,
    by_table: HashMap<u32, Table>,
    last: u32,
    watch: Option<Watch>,
    worth: u32,
}

struct Kinds {
    keeping: Chosen,
    spoiling: Chosen,
}

#[derive(Default)]
struct Table {
    tasks: usize,
    /// Tasks in a call that makes another, and whether that one will have the same table.
    bearing: HashMap<Tid, bool>,
    /// Tasks in a call that may close or replace a descriptor.
    changing: HashSet<Tid>,
    is_spoilt: bool,
    names: HashMap<(Tid, u32), Asked>,
}

enum Kept {
    Name(Name),
    Times(u32),
}

enum Asked {
    /// It cannot change as long as the descriptor is open.
    Fixed(Name),
    /// Its path is watched.
    Watched(Name),
    /// It was asked for so often.
    Times(u32),
}

impl Known {
    /// Remember names; to be called where all tasks are seen from their first call on, with all their calls.
    pub(crate) fn turn_on(&mut self) {
        let of = |names: &[&str]| {
            let numbers = (0..=decode::last(Abi::X86_64)).filter_map(|number| {
                let name = decode::name(Abi::X86_64, number)?;
                names.binary_search(&name).is_ok().then_some((Abi::X86_64, number))
            });
            numbers.collect::<Chosen>()
        };
        self.kinds = Some(Kinds { keeping: of(KEEPING), spoiling: of(SPOILING) });
        self.worth = WORTH;
    }

    /// From here on a table may change unseen.
    pub(crate) fn turn_off(&mut self) {
        *self = Self::default();
    }

    /// A new task; where nobody made it or it becomes another program, its table is its own.
    pub(crate) fn add(&mut self, tid: Tid, parent: Option<Tid>) {
        if self.kinds.is_none() {
            return;
        }
        self.remove(tid);
        let shared = parent.and_then(|parent| {
            let number = *self.tables.get(&parent)?;
            let bearing = self.by_table.get(&number)?.bearing.get(&parent).copied();
            bearing.unwrap_or(true).then_some(number)
        });
        let number = shared.unwrap_or_else(|| {
            self.last += 1;
            self.last
        });
        self.tables.insert(tid, number);
        self.by_table.entry(number).or_default().tasks += 1;
    }

    /// A task that is no more, or that shares its table with nobody from here on.
    pub(crate) fn remove(&mut self, tid: Tid) {
        let Some(number) = self.tables.remove(&tid) else { return };
        let Some(table) = self.by_table.get_mut(&number) else { return };
        table.changing.remove(&tid);
        table.bearing.remove(&tid);
        table.names.clear();
        table.tasks -= 1;
        if table.tasks == 0 {
            self.by_table.remove(&number);
        }
    }

    /// A call begins; what its arguments are was asked before.
    pub(crate) fn entered(&mut self, tid: Tid, call: &Call) {
        let Some(kinds) = &self.kinds else { return };
        let Some(table) = self.tables.get(&tid).and_then(|number| self.by_table.get_mut(number)) else { return };
        if let Some(flags) = birth_flags(tid, call) {
            // A task that nobody traces would have the same table.
            table.is_spoilt |= flags & UNSEEN == UNSEEN;
            table.bearing.insert(tid, flags & libc::CLONE_FILES as u64 != 0);
        }
        if kinds.keeping.holds(call) && is_plain(call) {
            return;
        }
        table.is_spoilt |= kinds.spoiling.holds(call);
        table.changing.insert(tid);
        table.names.clear();
    }

    /// A call ended; what it gave is asked after.
    pub(crate) fn left(&mut self, tid: Tid) {
        let Some(table) = self.tables.get(&tid).and_then(|number| self.by_table.get_mut(number)) else { return };
        table.bearing.remove(&tid);
        if table.changing.remove(&tid) {
            table.names.clear();
        }
    }

    /// What a descriptor of a task that stands still is.
    pub(crate) fn name(&mut self, tid: Tid, number: u32) -> Option<Name> {
        match self.kept(tid, number) {
            Some(Kept::Name(name)) => Some(name),
            Some(Kept::Times(times)) => {
                let name = read(tid, number)?;
                self.learn(tid, number, times, &name);
                Some(name)
            }
            None => read(tid, number),
        }
    }

    /// What is known of a descriptor; none where nothing is to be kept.
    fn kept(&mut self, tid: Tid, number: u32) -> Option<Kept> {
        let table = self.by_table.get(self.tables.get(&tid)?)?;
        if table.is_spoilt || !table.changing.is_empty() {
            return None;
        }
        match table.names.get(&(tid, number)) {
            Some(Asked::Fixed(name)) => Some(Kept::Name(name.clone())),
            Some(Asked::Watched(name)) => {
                let name = name.clone();
                if self.has_changed() { Some(Kept::Times(0)) } else { Some(Kept::Name(name)) }
            }
            Some(Asked::Times(times)) => Some(Kept::Times(*times)),
            None => Some(Kept::Times(0)),
        }
    }

    /// A name was read once more.
    fn learn(&mut self, tid: Tid, number: u32, times: u32, name: &Name) {
        let worth = if self.watch.is_some() { self.worth } else { WORTH_FIRST };
        let asked = if is_fixed(name) {
            Asked::Fixed(name.clone())
        } else if times < worth || times == NEVER {
            Asked::Times(times.saturating_add(1))
        } else if self.follows(tid, number, name) {
            Asked::Watched(name.clone())
        } else {
            Asked::Times(NEVER)
        };
        let Some(table) = self.tables.get(&tid).and_then(|number| self.by_table.get_mut(number)) else { return };
        table.names.insert((tid, number), asked);
    }

    fn follows(&mut self, tid: Tid, number: u32, name: &Name) -> bool {
        if self.watch.is_none() {
            self.watch = Watch::start();
        }
        // What was told before now does not matter to this path, but it may to those that are kept.
        self.has_changed();
        self.watch.as_mut().is_some_and(|watch| watch.follow(tid, number, name))
    }

    fn has_changed(&mut self) -> bool {
        let has_changed = self.watch.as_mut().is_some_and(Watch::has_changed);
        if has_changed {
            self.changed();
        }
        has_changed
    }

    /// Somewhere a file was renamed or deleted: all paths are to be read again.
    fn changed(&mut self) {
        self.worth = self.worth.saturating_mul(2);
        if let Some(watch) = &mut self.watch {
            watch.forget();
        }
        for table in self.by_table.values_mut() {
            table.names.retain(|_, asked| matches!(asked, Asked::Fixed(_)));
        }
    }
}

/// Whether a name stays as long as the descriptor is open: the kernel makes it from a number that it never changes.
fn is_fixed(name: &[u8]) -> bool {
    [&b"pipe:["[..], b"socket:[", b"anon_inode:"].iter().any(|kind| name.starts_with(kind))
}

/// Whether a call whose meaning hangs on its arguments is one of those that leave descriptors alone.
fn is_plain(call: &Call) -> bool {
    call.number != IOCTL || PLAIN_REQUESTS.contains(&(call.args[1] as u32))
}

/// What a new task will share with the one that makes it; none where the call makes no task. Unknown flags are all of them.
fn birth_flags(tid: Tid, call: &Call) -> Option<u64> {
    if call.abi != Abi::X86_64 {
        return None;
    }
    match call.number {
        FORK | VFORK => Some(0),
        CLONE => Some(call.args[0]),
        CLONE3 => {
            let mut flags = [0; 8];
            let is_read = ptrace::read_memory(tid, call.args[0], &mut flags) == flags.len();
            Some(if is_read { u64::from_le_bytes(flags) } else { u64::MAX })
        }
        _ => None,
    }
}

fn read(tid: Tid, number: u32) -> Option<Name> {
    target::link(&target::link_of(tid, number))
}

#[cfg(test)]
mod tests {
    use std::{
        fs::{self, File},
        os::fd::AsRawFd,
    };

    use super::*;

    #[test]
    fn calls_are_in_order_and_known() {
        for names in [KEEPING, SPOILING] {
            assert!(names.is_sorted());
            assert!(names.iter().all(|name| decode::number(Abi::X86_64, name).is_some()));
        }
    }

    #[test]
    fn numbers_are_those_of_their_names() {
        let numbers = [("ioctl", IOCTL), ("clone", CLONE), ("fork", FORK), ("vfork", VFORK), ("clone3", CLONE3)];
        assert!(numbers.iter().all(|(name, number)| decode::number(Abi::X86_64, name) == Some(*number)));
    }

    #[test]
    fn calls_that_close_or_replace_are_not_among_those_that_keep() {
        let closing =
            ["close", "close_range", "dup2", "dup3", "execve", "execveat", "unshare", "setns", "mount", "umount2"];
        assert!(closing.iter().all(|name| KEEPING.binary_search(name).is_err()));
    }

    fn own() -> (Known, Tid) {
        let (mut known, tid) = (Known::default(), std::process::id() as Tid);
        known.turn_on();
        known.add(tid, None);
        (known, tid)
    }

    fn call(name: &str, args: [u64; 6]) -> Call {
        let number = decode::number(Abi::X86_64, name).expect("a known call");
        Call { abi: Abi::X86_64, number, args, result: None }
    }

    fn is_kept(known: &mut Known, tid: Tid, file: &File) -> bool {
        matches!(known.kept(tid, file.as_raw_fd() as u32), Some(Kept::Name(_)))
    }

    fn ask(known: &mut Known, tid: Tid, file: &File, times: u32) -> Option<Name> {
        (0..times).map(|_| known.name(tid, file.as_raw_fd() as u32)).last().flatten()
    }

    #[test]
    fn a_path_that_is_asked_for_often_is_kept_until_it_changes() {
        let folder = std::env::temp_dir().join(format!("known-{}", std::process::id()));
        fs::create_dir(&folder).expect("a folder");
        let paths = ["a", "b"].map(|name| folder.join(name));
        let file = File::create(&paths[0]).expect("a file");
        let (mut known, tid) = own();
        ask(&mut known, tid, &file, WORTH_FIRST);
        assert!(!is_kept(&mut known, tid, &file));
        ask(&mut known, tid, &file, 2);
        assert!(is_kept(&mut known, tid, &file));
        fs::rename(&paths[0], &paths[1]).expect("a new name");
        assert!(!is_kept(&mut known, tid, &file));
        let now = ask(&mut known, tid, &file, 3 * WORTH);
        assert_eq!(now.as_deref(), Some(paths[1].as_os_str().as_encoded_bytes()));
        assert!(is_kept(&mut known, tid, &file));
        known.entered(tid, &call("read", [0; 6]));
        assert!(is_kept(&mut known, tid, &file));
        known.entered(tid, &call("ioctl", [0, 0x9378, 0, 0, 0, 0]));
        assert!(!is_kept(&mut known, tid, &file));
        known.left(tid);
        assert!(!is_kept(&mut known, tid, &file));
        fs::remove_dir_all(&folder).expect("the folder goes");
    }

    #[test]
    fn nothing_is_kept_where_others_may_change_it() {
        let (ours, _theirs) = std::os::unix::net::UnixStream::pair().expect("a pair of sockets");
        let file = File::from(std::os::fd::OwnedFd::from(ours));
        let (mut known, tid) = own();
        ask(&mut known, tid, &file, 1);
        assert!(is_kept(&mut known, tid, &file));
        let flags = |flags: i32| [flags as u64, 0, 0, 0, 0, 0];
        known.entered(tid, &call("clone", flags(libc::CLONE_FILES | libc::CLONE_UNTRACED)));
        known.left(tid);
        ask(&mut known, tid, &file, 2);
        assert!(!is_kept(&mut known, tid, &file));
        known.add(tid, None);
        ask(&mut known, tid, &file, 1);
        known.entered(tid, &call("clone", flags(libc::CLONE_FILES | libc::CLONE_VM)));
        known.add(-2, Some(tid));
        known.left(tid);
        ask(&mut known, tid, &file, 1);
        assert!(is_kept(&mut known, tid, &file));
        known.entered(-2, &call("close", [0; 6]));
        assert!(!is_kept(&mut known, tid, &file), "another task of the same table may just close it");
        known.remove(-2);
        ask(&mut known, tid, &file, 1);
        assert!(is_kept(&mut known, tid, &file));
        known.entered(tid, &call("io_uring_enter", [0; 6]));
        known.left(tid);
        ask(&mut known, tid, &file, 2);
        assert!(!is_kept(&mut known, tid, &file));
        known.turn_off();
        assert!(ask(&mut known, tid, &file, 1).is_some());
    }
}
