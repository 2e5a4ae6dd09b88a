//! What a translated handler asks of the world, answered by the kernel alone.

use alloc::string::String;
use alloc::vec::Vec;

use bootstrap::{files, start, sys, Errno};
use handler::{Fault, PathKind, Platform, Stream};

/// The world of the handler.
pub struct World;

pub static WORLD: World = World;

fn fault(errno: Errno) -> Fault {
    Fault { number: i64::from(errno.0), text: files::text_of(errno).into() }
}

fn text(bytes: &[u8]) -> String {
    String::from_utf8_lossy(bytes).into_owned()
}

impl Platform for World {
    fn write(&self, stream: Stream, bytes: &[u8]) -> Result<(), Fault> {
        files::write_rest(if stream == Stream::Output { 1 } else { 2 }, bytes).map_err(fault)
    }

    fn read_line(&self) -> Result<Vec<u8>, Fault> {
        files::read_line(0).map_err(fault)
    }

    fn read_input(&self) -> Result<Vec<u8>, Fault> {
        let mut content = Vec::new();
        files::read_rest(0, &mut content).map(|()| content).map_err(fault)
    }

    fn read_file(&self, path: &str) -> Result<Vec<u8>, Fault> {
        files::read(path).map_err(fault)
    }

    fn write_file(&self, path: &str, bytes: &[u8], append: bool, fresh: bool) -> Result<(), Fault> {
        files::write(path, bytes, append, fresh).map_err(fault)
    }

    fn path_kind(&self, path: &str) -> PathKind {
        match files::kind(path) {
            files::Kind::Missing => PathKind::Missing,
            files::Kind::File => PathKind::File,
            files::Kind::Folder => PathKind::Folder,
        }
    }

    fn list_folder(&self, path: &str) -> Result<Vec<String>, Fault> {
        files::list(path).map_err(fault)
    }

    fn make_folder(&self, path: &str) -> Result<(), Fault> {
        files::make_folder(path).map_err(fault)
    }

    fn remove_file(&self, path: &str) -> Result<(), Fault> {
        files::remove(path).map_err(fault)
    }

    fn remove_folder(&self, path: &str) -> Result<(), Fault> {
        files::remove_folder(path).map_err(fault)
    }

    fn rename(&self, from: &str, to: &str) -> Result<(), Fault> {
        files::rename(from, to).map_err(fault)
    }

    fn current_folder(&self) -> Result<String, Fault> {
        files::current().map_err(fault)
    }

    fn now(&self) -> i64 {
        sys::now_ns()
    }

    fn monotonic(&self) -> i64 {
        sys::monotonic_ns()
    }

    fn sleep(&self, duration: i64) {
        sys::sleep_ns(duration.max(0));
    }

    fn random_bytes(&self, bytes: &mut [u8]) -> Result<(), Fault> {
        sys::random(bytes).map_err(fault)
    }

    fn arguments(&self) -> Vec<String> {
        start::process().arguments().map(text).collect()
    }

    fn variable(&self, name: &str) -> Option<String> {
        start::process().variable(name).map(text)
    }

    fn variables(&self) -> Vec<(String, String)> {
        let known = start::process().variables().map(text);
        let pairs = known.filter_map(|variable| variable.split_once('=').map(|(name, value)| (name.into(), value.into())));
        pairs.filter(|(name, _): &(String, String)| self.variable(name).is_some()).collect()
    }

    fn exit(&self, code: i32) -> ! {
        sys::exit(code)
    }
}
