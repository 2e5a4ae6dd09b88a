//! `os.path`, `os`, `shutil`, `pathlib` and `fnmatch`.

use crate::question::{Answer, Question};
use support::*;

/// `repr`.
fn shown<T: Object>(value: T) -> String {
    repr(&value).to_string()
}

/// What these modules say.
pub fn answer(question: &Question) -> Option<Answer> {
    let (module, name) = question.name.split_once('.')?;
    match module {
        "ospath" => Some(texts(name, question)),
        "path" => Some(paths(name, question)),
        "disk" => Some(disk(name, question)),
        _ => None,
    }
}

fn texts(name: &str, question: &Question) -> Answer {
    let path = question.text(0);
    let all = || -> Vec<Str> { question.fields.iter().map(Str::from).collect() };
    Ok(match name {
        "join" => shown(os_path_join(&question.fields.iter().map(String::as_str).collect::<Vec<_>>())),
        "split" => shown(os_path_split(path)),
        "basename" => shown(os_path_basename(path)),
        "dirname" => shown(os_path_dirname(path)),
        "splitext" => shown(os_path_splitext(path)),
        "normpath" => shown(os_path_normpath(path)),
        "isabs" => shown(os_path_isabs(path)),
        "commonprefix" => shown(os_path_commonprefix(&all())),
        "commonpath" => shown(os_path_commonpath(&all())?),
        "relpath" => shown(os_path_relpath(path, Some(question.text(1)))?),
        "abspath" => shown(os_path_abspath(path)?),
        "fnmatch" => shown(fnmatch_fnmatchcase(path, question.text(1))),
        other => panic!("unknown function {other:?}"),
    })
}

fn paths(name: &str, question: &Question) -> Answer {
    let path = PosixPath::new(question.text(0));
    let other = PosixPath::new(question.text(1));
    Ok(match name {
        "all" => format!(
            "{} {} {} {} {} {} {} {} {} {}",
            repr(&path),
            show(&path),
            repr(&path.name()),
            repr(&path.stem()),
            repr(&path.suffix()),
            repr(&path.suffixes()),
            repr(&path.parent()),
            repr(&path.parents()),
            repr(&path.parts()),
            repr(&path.is_absolute())
        ),
        "join" => shown(path.join_path(&other)),
        "with_name" => shown(path.with_name(question.text(1))?),
        "with_stem" => shown(path.with_stem(question.text(1))?),
        "with_suffix" => shown(path.with_suffix(question.text(1))?),
        "relative_to" => shown(path.relative_to(&other)?),
        "match" => shown(path.matches(question.text(1))?),
        "lt" => shown(path.less(&other)),
        "eq" => shown(path.equals(&other)),
        other => panic!("unknown function {other:?}"),
    })
}

fn disk(name: &str, question: &Question) -> Answer {
    let path = question.text(0);
    let of = PosixPath::new(path);
    let sorted = |paths: Iter<PosixPath>| -> Answer {
        let mut texts: Vec<String> = Vec::new();
        for path in paths {
            texts.push(path?.as_posix().to_string());
        }
        texts.sort();
        Ok(texts.join(" "))
    };
    let done = |()| String::from("None");
    match name {
        "listdir" => {
            let mut names = os_listdir(path)?.to_vec();
            names.sort();
            Ok(shown(List::from(names)))
        }
        "mkdir" => os_mkdir(path).map(done),
        "makedirs" => os_makedirs(path, question.flag(1)).map(done),
        "remove" => os_remove(path).map(done),
        "rmdir" => os_rmdir(path).map(done),
        "rename" => os_rename(path, question.text(1)).map(done),
        "rmtree" => shutil_rmtree(path).map(done),
        "copy" => shutil_copyfile(path, question.text(1)).map(shown),
        "getsize" => os_path_getsize(path).map(shown),
        "kinds" => Ok(shown((of.exists(), of.is_file(), of.is_dir()))),
        "walk" => {
            let mut out = Vec::new();
            for folder in os_walk(path) {
                let (folder, folders, files) = folder?;
                folders.sort(false);
                files.sort(false);
                out.push(shown((folder, folders, files)));
            }
            Ok(out.join(" "))
        }
        "write_text" => of.write_text(question.text(1)).map(shown),
        "read_text" => of.read_text().map(shown),
        "path_mkdir" => of.mkdir(question.flag(1), question.flag(2)).map(done),
        "unlink" => of.unlink(question.flag(1)).map(done),
        "touch" => of.touch(question.flag(1)).map(done),
        "iterdir" => of.iterdir().and_then(sorted),
        "glob" => of.glob(question.text(1)).and_then(sorted),
        "rglob" => of.rglob(question.text(1)).and_then(sorted),
        other => panic!("unknown function {other:?}"),
    }
}
