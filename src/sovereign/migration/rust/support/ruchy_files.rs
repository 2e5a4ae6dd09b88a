//! Files, paths, the environment, the clock and standard input of a Ruchy program.

use crate::{
    fault, flush_output, frame_of_csv, json_line, platform, read_json_value, shown_text, Array, Datum, Dyn, Str,
};
use alloc::format;
use alloc::string::{String, ToString};
use alloc::vec::Vec;
use std::io::Write as _;

/// The error of the operating system as the language says it.
#[cold]
pub fn system_text(error: &std::io::Error, path: &str) -> String {
    let whole = error.to_string();
    let said = whole.split(" (os error").next().unwrap_or(&whole).to_lowercase();
    format!("{said}: `{path}`")
}

/// The value, or an error of the program.
#[track_caller]
pub fn guarded<T>(outcome: Result<T, String>) -> T {
    match outcome {
        Ok(found) => found,
        Err(text) => fault("io", text),
    }
}

/// The text of a file, or what is wrong.
pub fn file_text(path: &str) -> Result<Str, String> {
    let bytes = std::fs::read(path).map_err(|error| system_text(&error, path))?;
    match String::from_utf8(bytes) {
        Ok(text) => Ok(Str::from(text)),
        Err(_) => Err("the file is not UTF-8 text".into()),
    }
}

/// Write a text to a file, or say what is wrong.
pub fn put_text(path: &str, content: &Str, adds: bool) -> Result<(), String> {
    let mut options = std::fs::OpenOptions::new();
    options.create(true).append(adds).write(true).truncate(!adds);
    let mut file = options.open(path).map_err(|error| system_text(&error, path))?;
    file.write_all(content.as_str().as_bytes()).map_err(|error| system_text(&error, path))
}

/// `DataFrame::from_csv(path)`.
#[track_caller]
pub fn frame_of_csv_file(path: &Dyn) -> Dyn {
    frame_of_csv(&Dyn::Text(read_whole(shown_text(path).as_str())))
}

/// `read_file(path)`.
#[track_caller]
pub fn read_whole(path: &str) -> Str {
    guarded(file_text(path))
}

/// `fs::read_to_string(path)`.
pub fn read_attempt(path: &str) -> Result<Str, Str> {
    file_text(path).map_err(Str::from)
}

/// `write_file(path, content)`.
#[track_caller]
pub fn write_whole<T: Datum>(path: &str, content: &T) {
    guarded(put_text(path, &shown_text(content), false));
}

/// `fs::write(path, content)`.
pub fn write_attempt<T: Datum>(path: &str, content: &T) -> Result<(), Str> {
    put_text(path, &shown_text(content), false).map_err(Str::from)
}

/// `append_file(path, content)`.
#[track_caller]
pub fn append_whole<T: Datum>(path: &str, content: &T) {
    guarded(put_text(path, &shown_text(content), true));
}

/// `file_exists(path)`.
pub fn is_path_there(path: &str) -> bool {
    std::path::Path::new(path).exists()
}

/// `fs_is_file(path)`.
pub fn path_is_file(path: &str) -> bool {
    std::path::Path::new(path).is_file()
}

/// `fs_is_dir(path)`.
pub fn path_is_folder(path: &str) -> bool {
    std::path::Path::new(path).is_dir()
}

/// `delete_file(path)`.
#[track_caller]
pub fn remove_file_at(path: &str) {
    guarded(std::fs::remove_file(path).map_err(|error| system_text(&error, path)));
}

/// `fs_create_dir(path)`.
#[track_caller]
pub fn create_folder(path: &str) {
    guarded(std::fs::create_dir_all(path).map_err(|error| system_text(&error, path)));
}

/// `fs_remove_dir(path)`.
#[track_caller]
pub fn remove_folder_at(path: &str) {
    guarded(std::fs::remove_dir(path).map_err(|error| system_text(&error, path)));
}

/// `fs_read_dir(path)`.
#[track_caller]
pub fn folder_names(path: &str) -> Array<Str> {
    let entries = guarded(std::fs::read_dir(path).map_err(|error| system_text(&error, path)));
    let mut names: Vec<String> =
        entries.flatten().map(|entry| entry.file_name().to_string_lossy().into_owned()).collect();
    names.sort();
    names.into_iter().map(Str::from).collect()
}

/// `fs_copy(source, target)`.
#[track_caller]
pub fn copy_file_to(source: &str, target: &str) {
    guarded(std::fs::copy(source, target).map_err(|error| system_text(&error, source)));
}

/// `fs_rename(source, target)`.
#[track_caller]
pub fn rename_file_to(source: &str, target: &str) {
    guarded(std::fs::rename(source, target).map_err(|error| system_text(&error, source)));
}

/// `path_join(first, second)`.
pub fn path_joined(first: &str, second: &str) -> Str {
    if second.starts_with('/') {
        return Str::from(second);
    }
    if first.is_empty() || first.ends_with('/') {
        return Str::from(format!("{first}{second}"));
    }
    Str::from(format!("{first}/{second}"))
}

/// A text, unless it is empty.
pub fn some_text(text: &str) -> Option<Str> {
    (!text.is_empty()).then(|| Str::from(text))
}

/// `path_parent(path)`.
pub fn path_above(path: &str) -> Option<Str> {
    let head = &path[..path.rfind('/').map_or(0, |at| at + 1)];
    let trimmed = head.trim_end_matches('/');
    some_text(if trimmed.is_empty() { head } else { trimmed })
}

/// `path_file_name(path)`.
pub fn path_last(path: &str) -> Option<Str> {
    some_text(&path[path.rfind('/').map_or(0, |at| at + 1)..])
}

/// `path_extension(path)`.
pub fn path_ending(path: &str) -> Option<Str> {
    let name = &path[path.rfind('/').map_or(0, |at| at + 1)..];
    let inner = name.trim_start_matches('.');
    let skipped = name.len() - inner.len();
    let at = inner.rfind('.')? + skipped;
    Some(Str::from(&name[at + 1..]))
}

/// `path_is_absolute(path)`.
pub fn path_is_rooted(path: &str) -> bool {
    path.starts_with('/')
}

/// `env_current_dir()`.
#[track_caller]
pub fn folder_now() -> Str {
    match std::env::current_dir() {
        Ok(path) => Str::from(path.to_string_lossy().into_owned()),
        Err(error) => fault("io", system_text(&error, ".")),
    }
}

/// `env_var(name)`.
pub fn environment_word(name: &str) -> Option<Str> {
    std::env::var(name).ok().map(Str::from)
}

/// `env::var(name)`.
pub fn environment_result(name: &str) -> Result<Str, Str> {
    environment_word(name).ok_or_else(|| Str::literal("environment variable not found"))
}

/// `env_args()`.
pub fn program_words() -> Array<Str> {
    std::env::args().skip(1).map(Str::from).collect()
}

/// `timestamp()`.
pub fn time_seconds() -> i64 {
    platform().now() / 1_000_000_000
}

/// `now_millis()`.
pub fn time_milliseconds() -> i64 {
    platform().now() / 1_000_000
}

/// `input(prompt)`.
pub fn prompted_line(prompt: &str) -> Str {
    if !prompt.is_empty() {
        crate::write_raw(format_args!("{prompt}"));
    }
    flush_output();
    let mut line = String::new();
    let _ = std::io::stdin().read_line(&mut line);
    Str::from(line.trim_end_matches(['\r', '\n']))
}

/// `json_read(path)`.
#[track_caller]
pub fn read_json_file(path: &Dyn) -> Dyn {
    read_json_value(&Dyn::Text(read_whole(&shown_text(path))))
}

/// `json_write(path, value)`.
#[track_caller]
pub fn write_json_file(path: &Dyn, value: &Dyn) {
    write_whole(&shown_text(path), &json_line(value));
}
