//! `os` and `shutil`: folders, files and the environment.
//!
//! `os_listdir(&str) -> Result<List<Str>, Exc>`, `os_mkdir(&str)`, `os_makedirs(&str, exist_ok: bool)`, `os_remove(&str)` (also
//! `os.unlink`), `os_rmdir(&str)`, `os_rename(&str, &str)` (also `os.replace`), `os_getcwd() -> Result<Str, Exc>`, `os_getenv(&str) ->
//! Option<Str>` (also `os.environ.get`), `os_environ_item(&str) -> Result<Str, Exc>`, `os_walk(&str) -> Iter<(Str, List<Str>, List<
//! Str>)>` (top down), `os_urandom(i64) -> Result<Bytes, Exc>`, `shutil_rmtree(&str)`, `shutil_copyfile(&str, &str) -> Result<Str,
//! Exc>` (also `copy`, which takes a folder as its target), `shutil_move(&str, &str)`. `OS_SEP`, `OS_LINESEP`.
//! Refused: changing the environment or the folder, permissions, links, `scandir`, `stat`, walking bottom up.

use crate::{
    argument, os_error, os_path_basename, os_path_isdir, os_path_join, os_path_split, platform, repr, Bytes, Exc,
    Fault, Iter, List, Object, Str, FILE_EXISTS_ERROR, VALUE_ERROR,
};
use alloc::format;
use alloc::string::String;
use alloc::vec;
use alloc::vec::Vec;

/// `os.sep`.
pub const OS_SEP: Str = Str::literal("/");
/// `os.linesep`.
pub const OS_LINESEP: Str = Str::literal("\n");

/// A result with the path in its error.
pub fn os_result<T>(result: Result<T, Fault>, path: &str) -> Result<T, Exc> {
    result.map_err(|fault| os_error(&fault, path))
}

/// `os.listdir`.
pub fn os_listdir(path: &str) -> Result<List<Str>, Exc> {
    let names = os_result(platform().list_folder(path), path)?;
    Ok(names.iter().map(Str::from).collect())
}

/// `os.mkdir`.
pub fn os_mkdir(path: &str) -> Result<(), Exc> {
    os_result(platform().make_folder(path), path)
}

/// `os.makedirs`.
pub fn os_makedirs(path: &str, exist_ok: bool) -> Result<(), Exc> {
    let (mut head, mut tail) = os_path_split(path);
    if tail.is_empty() {
        (head, tail) = os_path_split(&head);
    }
    if !head.is_empty() && !tail.is_empty() && !crate::os_path_exists(&head) {
        match os_makedirs(&head, exist_ok) {
            Err(exc) if !exc.is(&FILE_EXISTS_ERROR) => return Err(exc),
            _ => {}
        }
        if tail == "." {
            return Ok(());
        }
    }
    match os_mkdir(path) {
        Err(_) if exist_ok && os_path_isdir(path) => Ok(()),
        other => other,
    }
}

/// `os.remove`.
pub fn os_remove(path: &str) -> Result<(), Exc> {
    os_result(platform().remove_file(path), path)
}

/// `os.rmdir`.
pub fn os_rmdir(path: &str) -> Result<(), Exc> {
    os_result(platform().remove_folder(path), path)
}

/// The two paths that the error of a renaming shows.
#[derive(Clone)]
pub struct OsTwoPaths {
    /// What was to be renamed.
    pub from: Str,
    /// Its new name.
    pub to: Str,
}

impl Object for OsTwoPaths {
    fn write_repr(&self, out: &mut String) {
        out.push_str(&format!("{} -> {}", repr(&self.from), repr(&self.to)));
    }
    fn write_str(&self, out: &mut String) {
        out.push_str(&self.from);
    }
    fn equals(&self, other: &Self) -> bool {
        self.from == other.from && self.to == other.to
    }
    fn hash(&self) -> u64 {
        self.from.hash()
    }
    fn type_name(&self) -> &'static str {
        "str"
    }
}

/// `os.rename`.
pub fn os_rename(from: &str, to: &str) -> Result<(), Exc> {
    platform().rename(from, to).map_err(|fault| {
        let exc = os_error(&fault, from);
        let mut arguments = exc.arguments();
        arguments.truncate(2);
        arguments.push(argument(OsTwoPaths { from: Str::from(from), to: Str::from(to) }));
        Exc::of(exc.kind(), arguments)
    })
}

/// `os.getcwd`.
pub fn os_getcwd() -> Result<Str, Exc> {
    os_result(platform().current_folder(), "").map(Str::from)
}

/// `os.getenv(name)` and `os.environ.get(name)`.
pub fn os_getenv(name: &str) -> Option<Str> {
    platform().variable(name).map(Str::from)
}

/// `os.environ[name]`.
pub fn os_environ_item(name: &str) -> Result<Str, Exc> {
    os_getenv(name).ok_or_else(|| Exc::missing_key(&Str::from(name)))
}

/// `os.urandom`.
pub fn os_urandom(count: i64) -> Result<Bytes, Exc> {
    if count < 0 {
        return Err(Exc::new(&VALUE_ERROR, "negative argument not allowed"));
    }
    let mut bytes = vec![0; count as usize];
    os_result(platform().random_bytes(&mut bytes), "")?;
    Ok(Bytes::from(bytes))
}

/// One folder of a walk: its path, its folders, its files.
pub type OsWalked = (Str, List<Str>, List<Str>);

/// `os.walk`, top down; a program may take folders out of the list it gets. Folders that cannot be read are passed over.
pub fn os_walk(top: &str) -> Iter<OsWalked> {
    let mut waiting: Vec<Str> = vec![Str::from(top)];
    let mut last: Option<(Str, List<Str>)> = None;
    Iter::new(move || {
        if let Some((folder, names)) = last.take() {
            let below: Vec<Str> = names.iter().map(|name| os_path_join(&[&folder, &name])).collect();
            waiting.extend(below.into_iter().rev());
        }
        while let Some(folder) = waiting.pop() {
            let Ok(names) = platform().list_folder(&folder) else { continue };
            let (folders, files): (Vec<String>, Vec<String>) =
                names.into_iter().partition(|name| os_path_isdir(&os_path_join(&[&folder, name])));
            let (folders, files): (List<Str>, List<Str>) =
                (folders.iter().map(Str::from).collect(), files.iter().map(Str::from).collect());
            last = Some((folder.clone(), folders.clone()));
            return Ok(Some((folder, folders, files)));
        }
        Ok(None)
    })
}

/// `shutil.rmtree`.
pub fn shutil_rmtree(path: &str) -> Result<(), Exc> {
    for name in os_listdir(path)?.iter() {
        let inner = os_path_join(&[path, &name]);
        if os_path_isdir(&inner) {
            shutil_rmtree(&inner)?;
        } else {
            os_remove(&inner)?;
        }
    }
    os_rmdir(path)
}

/// `shutil.copyfile`, and `shutil.copy` with a folder as the target.
pub fn shutil_copyfile(from: &str, to: &str) -> Result<Str, Exc> {
    let target = if os_path_isdir(to) { os_path_join(&[to, &os_path_basename(from)]) } else { Str::from(to) };
    let bytes = os_result(platform().read_file(from), from)?;
    os_result(platform().write_file(&target, &bytes, false, false), &target)?;
    Ok(target)
}

/// `shutil.move`.
pub fn shutil_move(from: &str, to: &str) -> Result<Str, Exc> {
    let target = if os_path_isdir(to) { os_path_join(&[to, &os_path_basename(from)]) } else { Str::from(to) };
    os_rename(from, &target)?;
    Ok(target)
}
