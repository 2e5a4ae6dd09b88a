//! Records of native programs: read while they hold, refused when anything in them changed.

use std::ffi::OsString;
use std::os::unix::fs::MetadataExt;
use std::path::{Path, PathBuf};

use launcher::{cache_folder, native_of, record_path, sha256, words};

fn given(line: &str) -> Vec<OsString> {
    line.split(' ').map(OsString::from).collect()
}

fn folder(name: &str) -> PathBuf {
    let path = std::env::temp_dir().join(format!("launcher-{name}-{}", std::process::id()));
    std::fs::create_dir_all(&path).unwrap();
    path
}

fn stat(word: &str, path: &Path) -> String {
    let found = std::fs::metadata(path).unwrap();
    let time = i128::from(found.mtime()) * 1_000_000_000 + i128::from(found.mtime_nsec());
    format!("{word} {} {time} {}", found.len(), path.display())
}

#[test]
fn digests_are_those_of_the_standard() {
    let empty = "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855";
    assert_eq!(sha256::hexadecimal(&sha256::digest(b"")), empty);
    let letters = "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad";
    assert_eq!(sha256::hexadecimal(&sha256::digest(b"abc")), letters);
    let long = "cdc76e5c9914fb9281a1c7e284d73e67f1809a48a497200e046d39ccc7112cd0";
    assert_eq!(sha256::hexadecimal(&sha256::digest(&[b'a'; 1_000_000])), long);
}

#[test]
fn a_command_line_names_a_program_with_its_own_words() {
    let line = given("run a.ruchy -- --flag");
    let (program, rest) = words(&line).unwrap();
    assert_eq!((program, rest), (OsString::from("a.ruchy").as_os_str(), &given("--flag")[..]));
    let line = given("a.ruchy x");
    assert_eq!(words(&line).unwrap().1, &given("x")[..]);
    for other in ["check a.ruchy", "-e 1", "run", "run --json a.ruchy", "repl", "--json a.ruchy"] {
        assert_eq!(words(&given(other)), None, "{other}");
    }
}

#[test]
fn the_cache_is_found_as_the_package_finds_it() {
    let home = |name: &str| (name == "HOME").then(|| OsString::from("/users/ada"));
    assert_eq!(cache_folder(home).unwrap(), PathBuf::from("/users/ada/.cache/sovereign"));
    let base = |name: &str| (name == "XDG_CACHE_HOME").then(|| OsString::from("/var/x"));
    assert_eq!(cache_folder(base).unwrap(), PathBuf::from("/var/x/sovereign"));
    let own = |name: &str| (name == "SOVEREIGN_CACHE").then(|| OsString::from("/c"));
    assert_eq!(cache_folder(own).unwrap(), PathBuf::from("/c"));
}

#[test]
fn a_record_holds_until_a_file_or_a_maker_changes() {
    let place = folder("record");
    let (source, native, maker) = (place.join("a.ruchy"), place.join("native"), place.join("rustc"));
    std::fs::write(&source, "println(1)").unwrap();
    std::fs::write(&native, "binary").unwrap();
    std::fs::write(&maker, "maker").unwrap();
    let digest = sha256::hexadecimal(&sha256::digest(b"println(1)"));
    let lines = [
        "ruchy 1".into(),
        stat("binary", &native),
        stat("stat", &maker),
        format!("file {digest} {}", source.display()),
    ];
    let record = lines.join("\n");
    assert_eq!(native_of(&record), Some(native.clone()));
    assert!(record_path(&place, &source).unwrap().starts_with(place.join("ruchy/launch")));
    std::fs::write(&source, "println(2)").unwrap();
    assert_eq!(native_of(&record), None);
    std::fs::write(&source, "println(1)").unwrap();
    std::fs::write(&maker, "other maker").unwrap();
    assert_eq!(native_of(&record), None);
    std::fs::write(&maker, "maker").unwrap();
    std::fs::remove_file(&native).unwrap();
    assert_eq!(native_of(&record), None);
    std::fs::remove_dir_all(&place).unwrap();
}

#[test]
fn a_record_that_is_not_whole_is_none() {
    for broken in
        ["", "ruchy 2", "ruchy 1", "ruchy 1\nnone", "ruchy 1\nbinary 3", "ruchy 1\nodd line", "ruchy 1\nfile x"]
    {
        assert_eq!(native_of(broken), None, "{broken}");
    }
}
