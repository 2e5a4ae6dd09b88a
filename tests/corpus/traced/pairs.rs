// The other side of `pairs.py`. A second argument makes a pair do one thing otherwise.

use std::{
    env,
    fs::{self, File, OpenOptions},
    io::{self, Read, Seek, SeekFrom, Write},
    net::TcpStream,
    os::unix::fs::{symlink, PermissionsExt},
    path::Path,
    process::{exit, Command},
};

fn text(name: &str) -> String {
    fs::read_to_string(name).unwrap()
}

fn main() {
    let words: Vec<String> = env::args().collect();
    let other = words.len() > 2;
    let pick = |usual: &'static str, changed: &'static str| if other { changed } else { usual };
    match words[1].as_str() {
        "say" => println!("{}", pick("hello", "hullo")),
        "say_much" => (0..if other { 299 } else { 300 }).for_each(|n| println!("line {n}")),
        "say_on_stderr" => eprintln!("{}", pick("careful", "careless")),
        "fail" => {
            println!("no");
            exit(if other { 4 } else { 3 })
        }
        "write" => fs::write(pick("out.txt", "out2.txt"), "words 4\nlines 1\n").unwrap(),
        "append" => {
            let mut file = OpenOptions::new().append(true).create(true).open("in.txt").unwrap();
            file.write_all(pick("more\n", "less\n").as_bytes()).unwrap();
        }
        "create" => {
            let mut options = OpenOptions::new();
            options.write(true);
            if other {
                options.create(true).truncate(true);
            } else {
                options.create_new(true);
            }
            options.open("fresh.txt").unwrap().write_all(b"new\n").unwrap();
        }
        "read" => print!("{}", if other { "B\nA\n".into() } else { text("in.txt").to_uppercase() }),
        "miss" => {
            if File::open(pick("missing.txt", "absent.txt")).is_err() {
                println!("none");
            }
        }
        "folder" => fs::create_dir(pick("made", "maid")).unwrap(),
        "folders" => fs::create_dir_all(pick("made/deep/er", "made/deep")).unwrap(),
        "remove_folder" => {
            fs::create_dir("made").unwrap();
            if !other {
                fs::remove_dir("made").unwrap();
            }
        }
        "remove" => fs::remove_file(pick("in.txt", "lock")).unwrap(),
        "rename" => fs::rename("in.txt", pick("moved.txt", "away.txt")).unwrap(),
        "point" => symlink(pick("in.txt", "out.txt"), "pointer").unwrap(),
        "link" => fs::hard_link(pick("in.txt", "lock"), "second.txt").unwrap(),
        "mode" => fs::set_permissions("in.txt", PermissionsExt::from_mode(if other { 0o640 } else { 0o600 })).unwrap(),
        "cut" => {
            let file = OpenOptions::new().read(true).write(true).open("in.txt").unwrap();
            file.set_len(if other { 3 } else { 2 }).unwrap();
        }
        "sync" => {
            let mut file = File::create("out.txt").unwrap();
            file.write_all(b"safe\n").unwrap();
            if !other {
                file.sync_all().unwrap();
            }
        }
        "patch" => {
            let mut file = OpenOptions::new().read(true).write(true).open("in.txt").unwrap();
            file.seek(SeekFrom::Start(if other { 1 } else { 2 })).unwrap();
            file.write_all(b"X").unwrap();
        }
        "copy" => fs::write("copy.txt", fs::read(pick("in.txt", "lock")).unwrap()).unwrap(),
        "names" => {
            let mut names: Vec<_> =
                fs::read_dir(".").unwrap().map(|each| each.unwrap().file_name().into_string().unwrap()).collect();
            names.sort();
            if other {
                names.reverse();
            }
            println!("{}", names.join(" "));
        }
        "two_files" => {
            let (mut a, mut b) = (File::create("a").unwrap(), File::create("b").unwrap());
            for n in 0..3 {
                writeln!(a, "{n}").unwrap();
                writeln!(b, "{}", if other { n + n } else { n * n }).unwrap();
            }
        }
        "echo" => {
            let mut all = String::new();
            io::stdin().read_to_string(&mut all).unwrap();
            print!("{}", if other { all.to_lowercase() } else { all.to_uppercase() });
        }
        "child" => {
            Command::new("echo").args(["from", pick("below", "above")]).status().unwrap();
        }
        "bad_child" => println!("status {}", Command::new(pick("false", "true")).status().unwrap().code().unwrap()),
        "no_child" => {
            if Command::new("no-such-program-here").arg(pick("x", "y")).status().is_err() {
                println!("not found");
            }
        }
        "connect" => {
            if TcpStream::connect(("127.0.0.1", if other { 2 } else { 1 })).is_err() {
                println!("refused");
            }
        }
        "look" => println!("{} {}", Path::new("in.txt").exists(), Path::new(pick("nothing", "nil")).exists()),
        "large" => {
            let mut file = File::create("large.bin").unwrap();
            for n in 0..3000 {
                let n = if other && n == 2900 { 0 } else { n };
                file.write_all(format!("{n:08}").as_bytes()).unwrap();
            }
        }
        "mixed" => {
            let mut log = File::create("log").unwrap();
            for n in 0..3 {
                println!("step {n}");
                writeln!(log, "{} {n}", pick("did", "does")).unwrap();
            }
        }
        "replace" => {
            fs::write("in.txt.new", "changed\n").unwrap();
            if other {
                fs::copy("in.txt.new", "in.txt").unwrap();
            } else {
                fs::rename("in.txt.new", "in.txt").unwrap();
            }
        }
        unknown => panic!("no such pair: {unknown}"),
    }
}
