//! Whether paths are still those of the files that they were read from.
//!
//! Enters: the path that a descriptor of a task has. Leaves: a promise that the kernel will say when it may be another one.
//! A path changes where a folder on it, or the file itself, is renamed, replaced or deleted, by whomever: `inotify` tells
//! that of every folder on the path before the change is over. Where mounts move, `mountinfo` tells it. Both are asked by one
//! `poll`, which costs a tenth of reading the path again.

use std::{
    collections::HashSet,
    ffi::{CString, OsStr},
    fs::File,
    io, mem,
    os::{
        fd::{AsRawFd, FromRawFd, OwnedFd},
        unix::ffi::OsStrExt,
    },
    path::{Path, PathBuf},
};

use crate::engine::{ptrace::Tid, target};

/// More folders than this are not watched; the user's other programs want to watch some too.
const MOST_FOLDERS: usize = 256;
const CHANGES: u32 =
    libc::IN_MOVED_FROM | libc::IN_MOVED_TO | libc::IN_DELETE | libc::IN_DELETE_SELF | libc::IN_MOVE_SELF;
/// File systems of this machine alone, which tell of every change: ext2 to ext4, XFS, Btrfs, F2FS, tmpfs, overlayfs, squashfs.
const TELLING: [u32; 7] = [0xef53, 0x5846_5342, 0x9123_683e, 0xf2f5_2010, 0x0102_1994, 0x794c_7630, 0x7371_7368];

/// Folders that are watched.
pub(crate) struct Watch {
    changes: OwnedFd,
    mounts: File,
    folders: HashSet<PathBuf>,
}

impl Watch {
    /// Begin to watch nothing yet; none where the system does not allow it.
    pub(crate) fn start() -> Option<Self> {
        let mounts = File::open("/proc/self/mountinfo").ok()?;
        // SAFETY: a plain call with numbers.
        let number = unsafe { libc::inotify_init1(libc::IN_CLOEXEC | libc::IN_NONBLOCK) };
        if number < 0 {
            return None;
        }
        // SAFETY: the descriptor is open, and nobody else has it.
        let changes = unsafe { OwnedFd::from_raw_fd(number) };
        Some(Self { changes, mounts, folders: HashSet::new() })
    }

    /// Whether a change has been told since this was asked last.
    pub(crate) fn has_changed(&mut self) -> bool {
        let mut asked = [
            libc::pollfd { fd: self.changes.as_raw_fd(), events: libc::POLLIN, revents: 0 },
            libc::pollfd { fd: self.mounts.as_raw_fd(), events: libc::POLLPRI, revents: 0 },
        ];
        // SAFETY: the place holds as many entries as are told.
        let answer = unsafe { libc::poll(asked.as_mut_ptr(), asked.len() as libc::nfds_t, 0) };
        if answer == 0 {
            return false;
        }
        let mut told = [0_u8; 4096];
        // SAFETY: the place is as long as is told; the descriptor does not block.
        while unsafe { libc::read(self.changes.as_raw_fd(), told.as_mut_ptr().cast(), told.len()) } > 0 {}
        true
    }

    /// Watch all folders of the path that a descriptor has; whether a change of it will be told from here on.
    pub(crate) fn follow(&mut self, tid: Tid, number: u32, path: &[u8]) -> bool {
        let text = Path::new(OsStr::from_bytes(path));
        let link = target::link_of(tid, number);
        path.starts_with(b"/")
            && text.ancestors().skip(1).all(|folder| self.folder(folder).is_ok())
            && place_of(Path::new(&link)).is_some_and(|own| place_of(text) == Some(own))
            && target::link(&link).as_deref() == Some(path)
    }

    fn folder(&mut self, folder: &Path) -> io::Result<()> {
        if self.folders.contains(folder) {
            return Ok(());
        }
        let path = CString::new(folder.as_os_str().as_bytes())?;
        if self.folders.len() >= MOST_FOLDERS || !tells(&path) {
            return Err(io::ErrorKind::Unsupported.into());
        }
        let mask = CHANGES | libc::IN_ONLYDIR | libc::IN_DONT_FOLLOW;
        // SAFETY: the path ends with a zero byte and is only read.
        if unsafe { libc::inotify_add_watch(self.changes.as_raw_fd(), path.as_ptr(), mask) } < 0 {
            return Err(io::Error::last_os_error());
        }
        self.folders.insert(folder.to_owned());
        Ok(())
    }

    /// Take every path for a new one: after a change the same words may mean other folders.
    pub(crate) fn forget(&mut self) {
        self.folders.clear();
    }
}

fn tells(path: &CString) -> bool {
    // SAFETY: a description of zeros is valid, and the kernel writes into our own place.
    let kind = unsafe {
        let mut found: libc::statfs = mem::zeroed();
        if libc::statfs(path.as_ptr(), &raw mut found) < 0 {
            return false;
        }
        found.f_type
    };
    TELLING.contains(&(kind as u32))
}

/// The mount and the file that a path leads to.
fn place_of(path: &Path) -> Option<(u64, u64, u32, u32)> {
    let text = CString::new(path.as_os_str().as_bytes()).ok()?;
    let (flags, mask) = (libc::AT_NO_AUTOMOUNT, libc::STATX_INO | libc::STATX_MNT_ID);
    // SAFETY: a description of zeros is valid, the path ends with a zero byte, and the kernel writes into our own place.
    let found = unsafe {
        let mut found: libc::statx = mem::zeroed();
        if libc::statx(libc::AT_FDCWD, text.as_ptr(), flags, mask, &raw mut found) < 0 {
            return None;
        }
        found
    };
    let is_told = found.stx_mask & mask == mask;
    is_told.then_some((found.stx_mnt_id, found.stx_ino, found.stx_dev_major, found.stx_dev_minor))
}
