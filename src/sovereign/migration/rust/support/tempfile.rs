//! `tempfile`. Needs an operating system.
//!
//! `tempfile_folder() -> Str`, `tempfile_name(prefix: &str, suffix: &str) -> Result<Str, Exc>` (a path that is free),
//! `tempfile_mkdtemp(prefix, suffix) -> Result<Str, Exc>`; `TemporaryDirectory::new(prefix, suffix) -> Result`, `name() -> Str`,
//! `cleanup() -> Result<(), Exc>`.

use crate::{os_getenv, os_mkdir, os_path_exists, os_path_isdir, os_path_join, os_urandom, shutil_rmtree, Exc, Str};
use alloc::format;
use alloc::string::String;

/// `tempfile.gettempdir()`.
pub fn tempfile_folder() -> Str {
    let named = ["TMPDIR", "TEMP", "TMP"].iter().filter_map(|name| os_getenv(name));
    let usual = ["/tmp", "/var/tmp", "/usr/tmp"].iter().map(|path| Str::from(*path));
    named.chain(usual).find(|path| os_path_isdir(path)).unwrap_or(Str::literal("."))
}

/// A path in the folder of temporary files that is free.
pub fn tempfile_name(prefix: &str, suffix: &str) -> Result<Str, Exc> {
    let letters = b"abcdefghijklmnopqrstuvwxyz0123456789_";
    loop {
        let word: String = os_urandom(8)?.iter().map(|byte| char::from(letters[byte as usize % 37])).collect();
        let path = os_path_join(&[&tempfile_folder(), &format!("{prefix}{word}{suffix}")]);
        if !os_path_exists(&path) {
            return Ok(path);
        }
    }
}

/// `tempfile.mkdtemp(suffix, prefix)`.
pub fn tempfile_mkdtemp(prefix: &str, suffix: &str) -> Result<Str, Exc> {
    let path = tempfile_name(prefix, suffix)?;
    os_mkdir(&path)?;
    Ok(path)
}

/// `tempfile.TemporaryDirectory`; a clone is the same folder.
#[derive(Clone)]
pub struct TemporaryDirectory(pub Str);

impl TemporaryDirectory {
    /// A new folder.
    pub fn new(prefix: &str, suffix: &str) -> Result<TemporaryDirectory, Exc> {
        tempfile_mkdtemp(prefix, suffix).map(TemporaryDirectory)
    }

    /// `self.name`.
    pub fn name(&self) -> Str {
        self.0.clone()
    }

    /// Remove it with all that is in it; one that is gone already is no error.
    pub fn cleanup(&self) -> Result<(), Exc> {
        if os_path_exists(&self.0) {
            shutil_rmtree(&self.0)?;
        }
        Ok(())
    }
}
