//! What the tracer remembers about each task.

use std::collections::HashMap;

use crate::{
    engine::ptrace::Tid,
    event::{Ended, Usage, Who},
};

/// A traced task.
#[derive(Debug)]
pub(crate) struct Task {
    pub(crate) who: Who,
    /// The call that it is in, where that is to be seen.
    pub(crate) inside: Option<Ended>,
    /// It has not become the program that it was made for.
    pub(crate) is_starting: bool,
}

impl Task {
    pub(crate) fn new(who: Who) -> Self {
        Self { who, inside: None, is_starting: false }
    }
}

/// All traced tasks, and what their processes took.
#[derive(Debug, Default)]
pub(crate) struct Tasks {
    by_tid: HashMap<Tid, Task>,
    usage: HashMap<Tid, Usage>,
}

impl Tasks {
    pub(crate) fn is_empty(&self) -> bool {
        self.by_tid.is_empty()
    }

    pub(crate) fn len(&self) -> usize {
        self.by_tid.len()
    }

    pub(crate) fn knows(&self, tid: Tid) -> bool {
        self.by_tid.contains_key(&tid)
    }

    pub(crate) fn get(&mut self, tid: Tid) -> Option<&mut Task> {
        self.by_tid.get_mut(&tid)
    }

    pub(crate) fn add(&mut self, task: Task) {
        self.by_tid.insert(task.who.tid, task);
    }

    pub(crate) fn remove(&mut self, tid: Tid) -> Option<Task> {
        self.by_tid.remove(&tid)
    }

    pub(crate) fn numbers(&self) -> Vec<Tid> {
        self.by_tid.keys().copied().collect()
    }

    /// Whether the first thread of a process is no more, or is about to be.
    pub(crate) fn took(&self, pid: Tid) -> bool {
        self.usage.contains_key(&pid)
    }

    /// Remember what a process took up to now.
    pub(crate) fn note(&mut self, pid: Tid, now: Usage) {
        let kept = self.usage.entry(pid).or_default();
        *kept = Usage {
            user: kept.user.max(now.user),
            system: kept.system.max(now.system),
            max_rss: kept.max_rss.max(now.max_rss),
        };
    }

    /// What a process took, which is not asked again.
    pub(crate) fn settle(&mut self, pid: Tid) -> Option<Usage> {
        self.usage.remove(&pid)
    }
}
