//! Bake in what this core is built of and by which compiler, so that a stale build can be told from a fresh one, and cut
//! the texts that `help` shows out of the stub, which is their only source.

use std::{
    env, fs,
    path::{Path, PathBuf},
    process::Command,
};

/// Where signatures and texts stand.
const STUB: &str = "src/sovereign/_native/_core.pyi";

/// Everything that this module is compiled from; `selftest.py` of the native door reads the same list.
const SOURCES: [&str; 9] = [
    "Cargo.lock",
    "Cargo.toml",
    "crates/container",
    "crates/predict",
    "crates/sovereign-python",
    "crates/trace",
    "crates/train",
    "crates/trueno",
    STUB,
];

fn main() {
    let root = Path::new(&variable("CARGO_MANIFEST_DIR")).join("../..");
    for source in SOURCES {
        println!("cargo::rerun-if-changed={}", root.join(source).display());
    }
    bake("SOURCES", &SOURCES.join(" "));
    bake("SOURCE_DIGEST", &format!("{:08x}", digest(&root)));
    bake("COMPILER", &compiler());
    bake("TARGET", &variable("TARGET"));
    bake("PROFILE", &variable("PROFILE"));
    let stub =
        fs::read_to_string(root.join(STUB)).unwrap_or_else(|error| panic!("`{STUB}` should be readable: {error}"));
    write_texts(&without_remarks(&stub), &Path::new(&variable("OUT_DIR")).join("texts"));
}

fn bake(name: &str, value: &str) {
    println!("cargo::rustc-env=SOVEREIGN_{name}={value}");
}

fn variable(name: &str) -> String {
    env::var(name).unwrap_or_else(|error| panic!("cargo should set `{name}`: {error}"))
}

fn compiler() -> String {
    let answer = Command::new(variable("RUSTC")).arg("--version").output().expect("rustc should tell its version");
    String::from_utf8_lossy(&answer.stdout).trim().to_owned()
}

/// CRC-32 over name, NUL, length and content of each file, in the order of the names.
fn digest(root: &Path) -> u32 {
    let mut files = Vec::new();
    for source in SOURCES {
        collect(&root.join(source), source, &mut files);
    }
    files.sort();
    let mut hasher = crc32fast::Hasher::new();
    for (name, path) in files {
        let content = fs::read(&path).unwrap_or_else(|error| panic!("`{name}` should be readable: {error}"));
        hasher.update(format!("{name}\0{}\0", content.len()).as_bytes());
        hasher.update(&content);
    }
    hasher.finalize()
}

/// Add the file, or the Rust and manifest files below the folder, under their names with `/`.
fn collect(path: &Path, name: &str, files: &mut Vec<(String, PathBuf)>) {
    if path.is_dir() {
        for entry in fs::read_dir(path).into_iter().flatten().flatten() {
            collect(&entry.path(), &format!("{name}/{}", entry.file_name().to_string_lossy()), files);
        }
    } else if [".lock", ".pyi", ".rs", ".toml"].iter().any(|ending| name.ends_with(ending)) {
        files.push((name.to_owned(), path.to_owned()));
    }
}

/// The stub without the remarks at the ends of its lines.
fn without_remarks(stub: &str) -> String {
    stub.lines().map(|line| format!("{}\n", line.split("  # ").next().unwrap_or_default())).collect()
}

/// One file per documented function, class, method and property, under its name (`dot`, `Vector.close`): the signature as
/// Python's `inspect` reads it, the docstring, and the NUL that C expects.
fn write_texts(stub: &str, folder: &Path) {
    let _ = fs::remove_dir_all(folder);
    fs::create_dir_all(folder).expect("the folder of build outputs should be writable");
    let write = |name: &str, head: &str, text: &str| {
        fs::write(folder.join(name), format!("{head}{text}\0"))
            .expect("the folder of build outputs should be writable");
    };
    let (mut class, mut is_property) = (None, false);
    let mut rest = stub;
    while let Some((line, below)) = rest.split_once('\n') {
        rest = below;
        if let Some(head) = line.strip_prefix("class ") {
            let name = head.split(['(', ':']).next().unwrap_or_default();
            let text = docstring(rest, 4).unwrap_or_default();
            write(name, "", &text);
            class = Some(Class { name, text });
        } else if !line.starts_with([' ', '@', ')']) && !line.is_empty() {
            class = None;
        }
        let indent = line.len() - line.trim_start().len();
        let Some(head) = line.trim_start().strip_prefix("def ") else {
            is_property = line.trim() == "@property" || (is_property && line.trim_start().starts_with('@'));
            continue;
        };
        let name = head.split('(').next().unwrap_or_default();
        let (parameters, body) = parameters(&stub[stub.len() - rest.len() - line.len() - 1..]);
        let signature = match name {
            _ if is_property => None,
            // Who calls the class does not give the class.
            "__new__" => Some(signature(parameters.split_once(',').map_or("", |(_, others)| others))),
            _ => Some(signature(parameters)),
        };
        let class = class.as_ref().filter(|_| indent > 0);
        let (name, text) = match class {
            Some(class) if name == "__new__" => (class.name.to_owned(), Some(class.text.clone())),
            Some(class) => (format!("{}.{name}", class.name), docstring(body, indent + 4)),
            None => (name.to_owned(), docstring(body, indent + 4)),
        };
        is_property = false;
        let Some(text) = text else { continue };
        let last = name.rsplit('.').next().unwrap_or_default();
        let head = signature.map_or_else(String::new, |signature| format!("{last}({signature})\n--\n\n"));
        write(&name, &head, &text);
    }
}

/// A class of the stub; its text bears the signature of its `__new__`.
struct Class<'a> {
    name: &'a str,
    text: String,
}

/// What stands between the parentheses of a definition, and what comes after its colon.
fn parameters(definition: &str) -> (&str, &str) {
    let start = definition.find('(').map_or(0, |place| place + 1);
    let end = start + outside(&definition[start..], ')').expect("a definition should close its parenthesis");
    let body = end + outside(&definition[end + 1..], ':').expect("a definition should end with a colon") + 2;
    (&definition[start..end], &definition[body..])
}

/// The first place of this character that is inside no brackets and no string.
fn outside(text: &str, wanted: char) -> Option<usize> {
    let (mut depth, mut quote) = (0, None);
    for (place, character) in text.char_indices() {
        match character {
            _ if quote.is_some() => quote = quote.filter(|&open| open != character),
            _ if character == wanted && depth == 0 => return Some(place),
            '"' | '\'' => quote = Some(character),
            '(' | '[' | '{' => depth += 1,
            ')' | ']' | '}' => depth -= 1,
            _ => {}
        }
    }
    None
}

/// The parameters without their types, as a text signature has them.
fn signature(mut parameters: &str) -> String {
    let mut names = Vec::new();
    while !parameters.trim().is_empty() {
        let end = outside(parameters, ',').unwrap_or(parameters.len());
        names.push(bare(parameters[..end].trim()));
        parameters = parameters.get(end + 1..).unwrap_or_default();
    }
    match names.first().map(String::as_str) {
        Some("self") => "$self".clone_into(&mut names[0]),
        Some("cls") => "$type".clone_into(&mut names[0]),
        _ => return names.join(", "),
    }
    if !names.iter().any(|name| name == "/") {
        names.insert(1, "/".to_owned());
    }
    names.join(", ")
}

/// One parameter without its type.
fn bare(parameter: &str) -> String {
    let Some(colon) = outside(parameter, ':') else { return parameter.to_owned() };
    let default = parameter[colon..].split_once(" = ").map(|(_, default)| format!("={default}"));
    format!("{}{}", &parameter[..colon], default.unwrap_or_default())
}

/// The docstring with which this text begins, without its indentation.
fn docstring(body: &str, indent: usize) -> Option<String> {
    let text = body.trim_start().strip_prefix("\"\"\"")?;
    let (text, _) = text.split_once("\"\"\"")?;
    let margin = " ".repeat(indent);
    let lines: Vec<&str> = text.lines().map(|line| line.strip_prefix(&margin).unwrap_or(line)).collect();
    Some(lines.join("\n").trim_end().to_owned())
}
