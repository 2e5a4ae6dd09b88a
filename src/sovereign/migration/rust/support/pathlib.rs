//! `pathlib.Path` and `PurePosixPath`: `PosixPath`.
//!
//! `PosixPath::new(&str)`, `PosixPath::of(&[&str])`, `PosixPath::cwd()`, `PosixPath::home()`; `join(&str) -> PosixPath` (`/`),
//! `join_path(&PosixPath)`, `name() stem() suffix() -> Str`, `suffixes() -> List<Str>`, `parent() -> PosixPath`, `parents() ->
//! List<PosixPath>`, `parts() -> Seq<Str>`, `with_name(&str) with_stem with_suffix -> Result<PosixPath, Exc>`, `is_absolute()`,
//! `relative_to(&PosixPath) -> Result`, `is_relative_to`, `as_posix() -> Str`, `matches(&str) -> Result<bool, Exc>` (`match`);
//! with the disk: `exists() is_file() is_dir() -> bool`, `read_text() -> Result<Str, Exc>`, `write_text(&str) -> Result<i64, Exc>`,
//! `read_bytes() write_bytes(&[u8])`, `mkdir(parents, exist_ok: bool)`, `unlink(missing_ok)`, `rmdir()`, `rename(&PosixPath)`,
//! `touch(exist_ok)`, `iterdir() -> Result<Iter<PosixPath>, Exc>`, `glob(&str) -> Result<Iter<PosixPath>, Exc>`, `rglob(&str)`,
//! `absolute() -> Result<PosixPath, Exc>`. `open` is `open_file(&path.as_posix(), mode)`.
//! Refused: `resolve` of links, `stat`, `owner`, `symlink_to`, Windows paths.

use crate::{
    fnmatch_fnmatchcase, open_file, os_getcwd, os_listdir, os_makedirs, os_mkdir, os_path_exists, os_path_expanduser,
    os_path_isdir, os_path_isfile, os_remove, os_rename, os_result, os_rmdir, platform, repr, Bytes, Exc, Iter, List,
    Object, Ordered, Seq, Str, FILE_NOT_FOUND_ERROR, NOT_IMPLEMENTED_ERROR, VALUE_ERROR,
};
use alloc::format;
use alloc::rc::Rc;
use alloc::string::{String, ToString};
use alloc::vec;
use alloc::vec::Vec;
use core::cmp::Ordering;

/// What a path holds.
pub struct PathBody {
    /// `/`, `//` or nothing.
    pub root: &'static str,
    /// The names.
    pub names: Vec<String>,
}

/// A path; a clone is the same path.
#[derive(Clone)]
pub struct PosixPath(Rc<PathBody>);

impl PosixPath {
    /// `Path(text)`.
    pub fn new(text: &str) -> PosixPath {
        PosixPath::of(&[text])
    }

    /// `Path(*texts)`.
    pub fn of(texts: &[&str]) -> PosixPath {
        let mut root = "";
        let mut names: Vec<String> = Vec::new();
        for text in texts {
            let slashes = text.len() - text.trim_start_matches('/').len();
            if slashes > 0 {
                root = if slashes == 2 { "//" } else { "/" };
                names.clear();
            }
            names.extend(text.split('/').filter(|name| !name.is_empty() && *name != ".").map(String::from));
        }
        PosixPath::made(root, names)
    }

    /// A path out of its parts.
    pub fn made(root: &'static str, names: Vec<String>) -> PosixPath {
        PosixPath(Rc::new(PathBody { root, names }))
    }

    /// `Path.cwd()`.
    pub fn cwd() -> Result<PosixPath, Exc> {
        Ok(PosixPath::new(&os_getcwd()?))
    }

    /// `Path.home()`.
    pub fn home() -> PosixPath {
        PosixPath::new(&os_path_expanduser("~"))
    }

    /// `self / text`.
    pub fn join(&self, text: &str) -> PosixPath {
        self.join_path(&PosixPath::new(text))
    }

    /// `self / other`.
    pub fn join_path(&self, other: &PosixPath) -> PosixPath {
        if !other.0.root.is_empty() {
            return other.clone();
        }
        PosixPath::made(self.0.root, [self.0.names.clone(), other.0.names.clone()].concat())
    }

    /// `self.as_posix()` and `str(self)`.
    pub fn as_posix(&self) -> Str {
        let text = format!("{}{}", self.0.root, self.0.names.join("/"));
        Str::from(if text.is_empty() { ".".to_string() } else { text })
    }
}

impl PosixPath {
    /// `self.name`.
    pub fn name(&self) -> Str {
        self.0.names.last().map_or(Str::new(), Str::from)
    }

    /// The stem and the suffix.
    pub fn halves(&self) -> (Str, Str) {
        let name = self.name();
        let text = name.as_str();
        match text.rfind('.') {
            Some(dot) if dot > 0 && dot + 1 < text.len() => (Str::from(&text[..dot]), Str::from(&text[dot..])),
            _ => (name, Str::new()),
        }
    }

    /// `self.stem`.
    pub fn stem(&self) -> Str {
        self.halves().0
    }

    /// `self.suffix`.
    pub fn suffix(&self) -> Str {
        self.halves().1
    }

    /// `self.suffixes`.
    pub fn suffixes(&self) -> List<Str> {
        let name = self.name();
        if name.ends_with('.') {
            return List::new();
        }
        let plain = name.as_str().trim_start_matches('.');
        plain.split('.').skip(1).map(|suffix| Str::from(format!(".{suffix}"))).collect()
    }

    /// `self.parts`.
    pub fn parts(&self) -> Seq<Str> {
        let root = Some(self.0.root).filter(|root| !root.is_empty()).map(Str::from);
        root.into_iter().chain(self.0.names.iter().map(Str::from)).collect::<Vec<Str>>().into()
    }

    /// `self.parent`.
    pub fn parent(&self) -> PosixPath {
        let names = &self.0.names;
        PosixPath::made(self.0.root, names[..names.len().saturating_sub(1)].to_vec())
    }

    /// `list(self.parents)`.
    pub fn parents(&self) -> List<PosixPath> {
        let names = &self.0.names;
        (0..names.len()).rev().map(|end| PosixPath::made(self.0.root, names[..end].to_vec())).collect()
    }

    /// `self.is_absolute()`.
    pub fn is_absolute(&self) -> bool {
        !self.0.root.is_empty()
    }
}

impl PosixPath {
    /// `self.with_name(name)`.
    pub fn with_name(&self, name: &str) -> Result<PosixPath, Exc> {
        if self.0.names.is_empty() {
            return Err(Exc::new(&VALUE_ERROR, format!("{} has an empty name", repr(self))));
        }
        if name.is_empty() || name.contains('/') || name == "." {
            return Err(Exc::new(&VALUE_ERROR, format!("Invalid name {}", repr(&Str::from(name)))));
        }
        let mut names = self.0.names.clone();
        names.pop();
        names.push(name.to_string());
        Ok(PosixPath::made(self.0.root, names))
    }

    /// `self.with_stem(stem)`.
    pub fn with_stem(&self, stem: &str) -> Result<PosixPath, Exc> {
        self.with_name(&format!("{stem}{}", self.suffix()))
    }

    /// `self.with_suffix(suffix)`.
    pub fn with_suffix(&self, suffix: &str) -> Result<PosixPath, Exc> {
        if suffix.contains('/') || !suffix.is_empty() && !suffix.starts_with('.') || suffix == "." {
            return Err(Exc::new(&VALUE_ERROR, format!("Invalid suffix {}", repr(&Str::from(suffix)))));
        }
        if self.0.names.is_empty() {
            return Err(Exc::new(&VALUE_ERROR, format!("{} has an empty name", repr(self))));
        }
        let mut names = self.0.names.clone();
        names.pop();
        names.push(format!("{}{suffix}", self.stem()));
        Ok(PosixPath::made(self.0.root, names))
    }

    /// `self.is_relative_to(other)`.
    pub fn is_relative_to(&self, other: &PosixPath) -> bool {
        self.0.root == other.0.root && self.0.names.starts_with(&other.0.names)
    }

    /// `self.relative_to(other)`.
    pub fn relative_to(&self, other: &PosixPath) -> Result<PosixPath, Exc> {
        if !self.is_relative_to(other) {
            let (own, given) = (self.as_posix(), Str::from(format!("{}{}", other.0.root, other.0.names.join("/"))));
            let text = format!(
                "{} is not in the subpath of {} OR one path is relative and the other is absolute.",
                repr(&own),
                repr(&given)
            );
            return Err(Exc::new(&VALUE_ERROR, text));
        }
        Ok(PosixPath::made("", self.0.names[other.0.names.len()..].to_vec()))
    }

    /// `self.match(pattern)`.
    pub fn matches(&self, pattern: &str) -> Result<bool, Exc> {
        let wanted = PosixPath::new(pattern);
        if wanted.0.names.is_empty() && wanted.0.root.is_empty() {
            return Err(Exc::new(&VALUE_ERROR, "empty pattern"));
        }
        let (names, patterns) = (&self.0.names, &wanted.0.names);
        if patterns.len() > names.len()
            || wanted.is_absolute() && (self.0.root != wanted.0.root || patterns.len() != names.len())
        {
            return Ok(false);
        }
        let last = &names[names.len() - patterns.len()..];
        Ok(last.iter().zip(patterns).all(|(name, pattern)| fnmatch_fnmatchcase(name, pattern)))
    }
}

impl PosixPath {
    /// `self.exists()`.
    pub fn exists(&self) -> bool {
        os_path_exists(&self.as_posix())
    }

    /// `self.is_file()`.
    pub fn is_file(&self) -> bool {
        os_path_isfile(&self.as_posix())
    }

    /// `self.is_dir()`.
    pub fn is_dir(&self) -> bool {
        os_path_isdir(&self.as_posix())
    }

    /// `self.read_bytes()`.
    pub fn read_bytes(&self) -> Result<Bytes, Exc> {
        let path = self.as_posix();
        os_result(platform().read_file(&path), &path).map(Bytes::from)
    }

    /// `self.read_text()`, all ends of lines made plain.
    pub fn read_text(&self) -> Result<Str, Exc> {
        open_file(&self.as_posix(), "r")?.read()
    }

    /// `self.write_bytes(data)`.
    pub fn write_bytes(&self, data: &[u8]) -> Result<i64, Exc> {
        let path = self.as_posix();
        os_result(platform().write_file(&path, data, false, false), &path)?;
        Ok(data.len() as i64)
    }

    /// `self.write_text(text)`.
    pub fn write_text(&self, text: &str) -> Result<i64, Exc> {
        let file = open_file(&self.as_posix(), "w")?;
        let count = file.write(&Str::from(text))?;
        file.close()?;
        Ok(count)
    }

    /// `self.mkdir(parents=parents, exist_ok=exist_ok)`.
    pub fn mkdir(&self, parents: bool, exist_ok: bool) -> Result<(), Exc> {
        let path = self.as_posix();
        let made = match os_mkdir(&path) {
            Err(exc) if exc.is(&FILE_NOT_FOUND_ERROR) && parents && !self.0.names.is_empty() => {
                os_makedirs(&self.parent().as_posix(), true).and_then(|()| os_mkdir(&path))
            }
            other => other,
        };
        match made {
            Err(exc) if exist_ok && exc.is(&crate::OS_ERROR) && self.is_dir() => Ok(()),
            other => other,
        }
    }

    /// `self.unlink(missing_ok=missing_ok)`.
    pub fn unlink(&self, missing_ok: bool) -> Result<(), Exc> {
        match os_remove(&self.as_posix()) {
            Err(exc) if missing_ok && exc.is(&FILE_NOT_FOUND_ERROR) => Ok(()),
            other => other,
        }
    }

    /// `self.rmdir()`.
    pub fn rmdir(&self) -> Result<(), Exc> {
        os_rmdir(&self.as_posix())
    }

    /// `self.rename(target)`.
    pub fn rename(&self, target: &PosixPath) -> Result<PosixPath, Exc> {
        os_rename(&self.as_posix(), &target.as_posix())?;
        Ok(target.clone())
    }

    /// `self.touch(exist_ok=exist_ok)`; a file that exists stays as it is.
    pub fn touch(&self, exist_ok: bool) -> Result<(), Exc> {
        if exist_ok && self.exists() {
            return Ok(());
        }
        let path = self.as_posix();
        os_result(platform().write_file(&path, b"", true, !exist_ok), &path)
    }

    /// `self.absolute()`.
    pub fn absolute(&self) -> Result<PosixPath, Exc> {
        if self.is_absolute() {
            return Ok(self.clone());
        }
        Ok(PosixPath::cwd()?.join_path(self))
    }

    /// `self.iterdir()`.
    pub fn iterdir(&self) -> Result<Iter<PosixPath>, Exc> {
        let (folder, names) = (self.clone(), os_listdir(&self.as_posix())?);
        Ok(Iter::infallible(names.iter().map(move |name| folder.join(&name))))
    }

    /// `self.glob(pattern)`.
    pub fn glob(&self, pattern: &str) -> Result<Iter<PosixPath>, Exc> {
        if pattern.is_empty() {
            return Err(Exc::new(&VALUE_ERROR, format!("Unacceptable pattern: {}", repr(&Str::from(pattern)))));
        }
        let wanted = PosixPath::new(pattern);
        if wanted.is_absolute() {
            return Err(Exc::new(&NOT_IMPLEMENTED_ERROR, "Non-relative patterns are unsupported"));
        }
        let mut found = Vec::new();
        if !self.is_dir() {
            return Ok(Iter::infallible(found.into_iter()));
        }
        path_glob(self, &wanted.0.names, &mut found);
        Ok(Iter::infallible(found.into_iter()))
    }

    /// `self.rglob(pattern)`.
    pub fn rglob(&self, pattern: &str) -> Result<Iter<PosixPath>, Exc> {
        let wanted = PosixPath::new(pattern);
        if wanted.is_absolute() {
            return Err(Exc::new(&NOT_IMPLEMENTED_ERROR, "Non-relative patterns are unsupported"));
        }
        self.glob(&format!("**/{pattern}"))
    }
}

/// The folder and all folders below it, top down.
pub fn path_folders(folder: &PosixPath, found: &mut Vec<PosixPath>) {
    found.push(folder.clone());
    let names = os_listdir(&folder.as_posix()).unwrap_or_default();
    for name in names.iter() {
        let inner = folder.join(&name);
        if inner.is_dir() {
            path_folders(&inner, found);
        }
    }
}

/// Add what matches patterns, one for each name, below a folder.
pub fn path_glob(folder: &PosixPath, patterns: &[String], found: &mut Vec<PosixPath>) {
    let Some((first, rest)) = patterns.split_first() else {
        if folder.exists() {
            found.push(folder.clone());
        }
        return;
    };
    if first == "**" {
        let mut folders = Vec::new();
        path_folders(folder, &mut folders);
        for inner in folders {
            let mut below = Vec::new();
            path_glob(&inner, rest, &mut below);
            for path in below {
                if !found.iter().any(|known| known.equals(&path)) {
                    found.push(path);
                }
            }
        }
        return;
    }
    if !first.contains(['*', '?', '[']) {
        let inner = folder.join(first);
        if inner.exists() && (rest.is_empty() || inner.is_dir()) {
            path_glob(&inner, rest, found);
        }
        return;
    }
    let names = os_listdir(&folder.as_posix()).unwrap_or_default();
    for name in names.iter().filter(|name| fnmatch_fnmatchcase(name, first)) {
        let inner = folder.join(&name);
        if rest.is_empty() || inner.is_dir() {
            path_glob(&inner, rest, found);
        }
    }
}

impl Object for PosixPath {
    fn write_repr(&self, out: &mut String) {
        out.push_str(&format!("PosixPath({})", repr(&self.as_posix())));
    }
    fn write_str(&self, out: &mut String) {
        out.push_str(&self.as_posix());
    }
    fn equals(&self, other: &Self) -> bool {
        self.0.root == other.0.root && self.0.names == other.0.names
    }
    fn hash(&self) -> u64 {
        self.as_posix().hash()
    }
    fn type_name(&self) -> &'static str {
        "PosixPath"
    }
}

impl Ordered for PosixPath {
    fn compare(&self, other: &Self) -> Option<Ordering> {
        let key = |path: &PosixPath| -> Vec<String> {
            let root = if path.0.root.is_empty() { vec![] } else { vec![path.0.root.to_string()] };
            [root, path.0.names.clone()].concat()
        };
        Some(key(self).cmp(&key(other)))
    }
}
