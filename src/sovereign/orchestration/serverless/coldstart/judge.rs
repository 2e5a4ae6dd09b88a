//! Starts candidates one after the other and takes their times, as the other side of the Runtime API.
//!
//! Enters: a plan on standard input, a line for each fact: `samples N`, `rounds N`, `limit MS`, `cold` to put each
//! candidate's files out of the page cache before each start, `priority` for real-time scheduling, `home FILE` for the
//! control group to come back to; then candidates, `candidate NAME`, `folder PATH`, `file PATH` for what is put out of the
//! cache, `word ARGUMENT` for each word of the command, `set NAME=VALUE` for its environment, `event FILE` for what it is
//! given, `group FILE` for the control group that it is started in, and `floor` for one that only ends.
//! Leaves: a line of JSON for each start, with the reply to the first event; each later one has to be the same.
//!
//! What is sent is there before a clock starts, and a body is read into memory that was touched before and looked at after
//! the clock has stopped, so that times of large events are not those of this program. A process is started by vfork and exec, never by a fork of something big. The clock is CLOCK_MONOTONIC.

use std::env;
use std::fs::{self, File};
use std::io::{self, BufRead, Read, Write};
use std::net::{TcpListener, TcpStream};
use std::os::fd::{AsRawFd, RawFd};
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

#[repr(C)]
struct PollFd {
    fd: RawFd,
    events: i16,
    revents: i16,
}

#[repr(C)]
struct Priority {
    level: i32,
}

extern "C" {
    fn poll(fds: *mut PollFd, count: u64, timeout_ms: i32) -> i32;
    fn sched_setscheduler(pid: i32, policy: i32, parameter: *const Priority) -> i32;
    fn posix_fadvise(fd: i32, offset: i64, length: i64, advice: i32) -> i32;
}

const POLL_IN: i16 = 1;
const FIRST_IN_FIRST_OUT: i32 = 1;
const DONT_NEED: i32 = 4;

#[derive(Default)]
struct Plan {
    samples: usize,
    rounds: usize,
    limit: Duration,
    cold: bool,
    priority: bool,
    home: String,
    candidates: Vec<Candidate>,
}

#[derive(Default)]
struct Candidate {
    name: String,
    folder: String,
    files: Vec<String>,
    words: Vec<String>,
    environment: Vec<(String, String)>,
    event: Vec<u8>,
    group: String,
    floor: bool,
}

/// What one start gave, in nanoseconds since the moment before it.
#[derive(Default)]
struct Sample {
    first_next: u128,
    first_reply: u128,
    replies: Vec<u128>,
    cycles: Vec<u128>,
    early: Size,
    size: Size,
    peak_kb: u64,
    faults: u64,
    processor: u64,
    reply: Option<Vec<u8>>,
}

/// What a process holds.
#[derive(Clone, Copy, Default)]
struct Size {
    rss_kb: u64,
    descriptors: usize,
}

impl Size {
    fn of(child: &Child) -> Size {
        let rollup = fs::read_to_string(format!("/proc/{}/smaps_rollup", child.id())).unwrap_or_default();
        let descriptors = fs::read_dir(format!("/proc/{}/fd", child.id())).map_or(0, Iterator::count);
        Size { rss_kb: field(&rollup, "Rss:"), descriptors }
    }
}

fn main() {
    let plan = read_plan();
    if plan.priority {
        let parameter = Priority { level: 50 };
        // SAFETY: the parameter lives through the call, and 0 is this process.
        if unsafe { sched_setscheduler(0, FIRST_IN_FIRST_OUT, &parameter) } != 0 {
            eprintln!("real-time scheduling is not allowed here: {}", io::Error::last_os_error());
            std::process::exit(2);
        }
    }
    let listener = TcpListener::bind("127.0.0.1:0").expect("a port of the loopback interface");
    let count = plan.candidates.len();
    let largest = plan.candidates.iter().map(|each| each.event.len()).max().unwrap_or(0);
    let mut buffers = Buffers { free: Vec::new(), size: 2 * largest + RECEIVED };
    for turn in 0..plan.samples {
        for place in 0..count {
            // Each turn begins with another candidate, so that none always follows the same one.
            let candidate = &plan.candidates[(turn + place) % count];
            let line = match sample(&plan, candidate, &listener, &mut buffers) {
                Ok(found) => told(candidate, &found),
                Err(reason) => format!("{{\"name\":{},\"failed\":{}}}", quoted(&candidate.name), quoted(&reason)),
            };
            println!("{line}");
        }
    }
}

fn read_plan() -> Plan {
    let mut plan = Plan { samples: 1, limit: Duration::from_secs(10), ..Plan::default() };
    for line in io::stdin().lock().lines() {
        let line = line.expect("a plan in UTF-8");
        let (word, value) = line.split_once(' ').unwrap_or((&line, ""));
        let value = value.to_string();
        let number = || value.parse().expect("a number in the plan");
        match word {
            "samples" => plan.samples = number(),
            "rounds" => plan.rounds = number(),
            "limit" => plan.limit = Duration::from_millis(number() as u64),
            "cold" => plan.cold = true,
            "priority" => plan.priority = true,
            "home" => plan.home = value,
            "candidate" => plan.candidates.push(Candidate { name: value, ..Candidate::default() }),
            _ => plan.candidates.last_mut().expect("a candidate first").read(word, value),
        }
    }
    plan
}

impl Candidate {
    fn read(&mut self, word: &str, value: String) {
        match word {
            "folder" => self.folder = value,
            "file" => self.files.push(value),
            "event" => self.event = fs::read(&value).expect("the file of the event"),
            "word" => self.words.push(value),
            "set" => {
                let (name, value) = value.split_once('=').expect("a variable as NAME=VALUE");
                self.environment.push((name.to_string(), value.to_string()));
            }
            "group" => self.group = value,
            "floor" => self.floor = true,
            _ => panic!("a plan has no line of that kind: {word}"),
        }
    }

    fn command(&self, address: &str) -> Command {
        let mut command = Command::new(&self.words[0]);
        command.args(&self.words[1..]).env_clear().stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null());
        command.env("AWS_LAMBDA_RUNTIME_API", address).env("LAMBDA_TASK_ROOT", &self.folder);
        command.env("AWS_LAMBDA_FUNCTION_NAME", "echo").env("AWS_LAMBDA_FUNCTION_VERSION", "$LATEST");
        command.env("AWS_LAMBDA_FUNCTION_MEMORY_SIZE", "128").env("AWS_REGION", "us-east-1").env("LANG", "en_US.UTF-8");
        command.env("AWS_LAMBDA_LOG_GROUP_NAME", "/aws/lambda/echo").env("AWS_LAMBDA_LOG_STREAM_NAME", "bench");
        command.env("PATH", "/usr/local/bin:/usr/bin:/bin").env("TZ", ":UTC").env("_HANDLER", "handler.handler");
        command.envs(self.environment.iter().map(|(name, value)| (name, value)));
        command
    }
}

fn sample(
    plan: &Plan,
    candidate: &Candidate,
    listener: &TcpListener,
    buffers: &mut Buffers,
) -> Result<Sample, String> {
    if plan.cold {
        for path in &candidate.files {
            forget(path).map_err(|error| format!("{path}: {error}"))?;
        }
    }
    if !candidate.group.is_empty() {
        enter(&candidate.group)?;
    }
    let found = started(plan, candidate, listener, buffers);
    if !candidate.group.is_empty() {
        enter(&plan.home)?;
    }
    found
}

/// Go into a control group, which the processes that are started then inherit.
fn enter(group: &str) -> Result<(), String> {
    fs::write(group, "0").map_err(|error| format!("{group}: {error}"))
}

fn started(
    plan: &Plan,
    candidate: &Candidate,
    listener: &TcpListener,
    buffers: &mut Buffers,
) -> Result<Sample, String> {
    // Here rather than in the child: a child that has to change its folder is not started by vfork.
    env::set_current_dir(&candidate.folder).map_err(|error| error.to_string())?;
    let address = listener.local_addr().expect("an address").to_string();
    let mut command = candidate.command(&address);
    let start = Instant::now();
    let mut child = command.spawn().map_err(|error| format!("it cannot be started: {error}"))?;
    if candidate.floor {
        child.wait().map_err(|error| error.to_string())?;
        return Ok(Sample { first_next: start.elapsed().as_nanos(), ..Sample::default() });
    }
    let mut talk = Talk { listener, lines: Vec::new(), buffers, deadline: start + plan.limit };
    let found = talk.measure(plan, candidate, start, &child);
    // Before its connections are closed: it would open new ones, and the next candidate would be taken for it.
    let _ = child.kill();
    let _ = child.wait();
    found
}

/// Ask the kernel to forget what it holds of a file.
fn forget(path: &str) -> io::Result<()> {
    let file = File::open(path)?;
    file.sync_all()?;
    // SAFETY: the descriptor is open; the call only advises.
    match unsafe { posix_fadvise(file.as_raw_fd(), 0, 0, DONT_NEED) } {
        0 => Ok(()),
        code => Err(io::Error::from_raw_os_error(code)),
    }
}

/// The round after which a process has all that it needs; growth counts from here.
const EARLY: usize = 10;

/// Bytes that are asked of a connection at once.
const RECEIVED: usize = 1 << 18;

/// Memory for what connections bring, all of it touched before it is used.
#[derive(Default)]
struct Held {
    bytes: Vec<u8>,
    used: usize,
}

impl std::ops::Deref for Held {
    type Target = [u8];

    fn deref(&self) -> &[u8] {
        &self.bytes[..self.used]
    }
}

struct Buffers {
    free: Vec<Held>,
    size: usize,
}

impl Buffers {
    fn take(&mut self) -> Held {
        let Held { bytes, .. } = self.free.pop().unwrap_or_else(|| Held { bytes: vec![1; self.size], used: 0 });
        Held { bytes, used: 0 }
    }
}

/// One connection, and what was read of it beyond the last request.
struct Line {
    stream: TcpStream,
    held: Held,
    head: Option<Head>,
}

/// A request whose head is there.
struct Head {
    text: String,
    end: usize,
    /// Bytes of the body; none where it comes in chunks.
    size: Option<usize>,
}

/// A request that is there as a whole.
struct Request {
    line: usize,
    head: Head,
    held: Held,
}

struct Talk<'a> {
    listener: &'a TcpListener,
    lines: Vec<Line>,
    buffers: &'a mut Buffers,
    deadline: Instant,
}

impl Talk<'_> {
    fn measure(&mut self, plan: &Plan, candidate: &Candidate, start: Instant, child: &Child) -> Result<Sample, String> {
        let mut found = Sample::default();
        let mut line = self.next(start, &mut found.first_next)?;
        let mut before = 0;
        for round in 0..=plan.rounds {
            let id = format!("8476a536-e9f4-11e8-9739-{round:012x}");
            let told = event_reply(&id, &candidate.event);
            let given = Instant::now();
            self.write(line, &told)?;
            let reply = self.request()?;
            let took = given.elapsed().as_nanos();
            if round == 0 {
                found.first_reply = start.elapsed().as_nanos();
            }
            self.write(reply.line, ACCEPTED.as_bytes())?;
            let mut cycle = 0;
            line = self.next(given, &mut cycle)?;
            if round > 0 {
                found.replies.push(took);
                found.cycles.push(cycle);
            } else {
                before = processor_ns(child.id());
            }
            self.judge(&id, reply, &mut found.reply)?;
            if round == EARLY {
                found.early = Size::of(child);
            }
        }
        found.processor = processor_ns(child.id()).saturating_sub(before) / plan.rounds.max(1) as u64;
        let status = fs::read_to_string(format!("/proc/{}/status", child.id())).unwrap_or_default();
        let stat = fs::read_to_string(format!("/proc/{}/stat", child.id())).unwrap_or_default();
        found.size = Size::of(child);
        found.peak_kb = field(&status, "VmHWM:");
        found.faults = stat.rsplit(')').next().and_then(|rest| rest.split(' ').nth(8)?.parse().ok()).unwrap_or(0);
        Ok(found)
    }

    /// Wait for a request for the next event; `took` is set to the time since `since`.
    fn next(&mut self, since: Instant, took: &mut u128) -> Result<usize, String> {
        let request = self.request()?;
        *took = since.elapsed().as_nanos();
        self.buffers.free.push(request.held);
        match request.head.text.starts_with("GET /2018-06-01/runtime/invocation/next ") {
            true => Ok(request.line),
            false => Err(format!("an event was to be asked for: {}", request.head.text.lines().next().unwrap_or(""))),
        }
    }

    /// Look at a reply: it answers this event, and as the first one was answered.
    fn judge(&mut self, id: &str, request: Request, first: &mut Option<Vec<u8>>) -> Result<(), String> {
        let wanted = format!("POST /2018-06-01/runtime/invocation/{id}/response ");
        let body = &request.held[request.head.end..];
        if !request.head.text.starts_with(&wanted) {
            let line = request.head.text.lines().next().unwrap_or("");
            return Err(format!("{line}: {}", String::from_utf8_lossy(body)));
        }
        let body = match request.head.size {
            Some(size) => body[..size].to_vec(),
            None => joined(body).ok_or("a body in chunks that is none")?,
        };
        self.buffers.free.push(request.held);
        if *first.get_or_insert_with(|| body.clone()) != body {
            return Err(String::from("the same event was answered in two ways"));
        }
        Ok(())
    }

    fn write(&mut self, line: usize, data: &[u8]) -> Result<(), String> {
        self.lines[line].stream.write_all(data).map_err(|error| format!("it did not take the reply: {error}"))
    }

    /// The next whole request, on whichever connection it comes.
    fn request(&mut self) -> Result<Request, String> {
        loop {
            for place in 0..self.lines.len() {
                if let Some(head) = self.lines[place].whole() {
                    let mut held = self.buffers.take();
                    std::mem::swap(&mut held, &mut self.lines[place].held);
                    return Ok(Request { line: place, head, held });
                }
            }
            self.read()?;
        }
    }

    /// Wait until a connection brings bytes, or a new one comes.
    fn read(&mut self) -> Result<(), String> {
        let listening = PollFd { fd: self.listener.as_raw_fd(), events: POLL_IN, revents: 0 };
        let open = self.lines.iter().map(|line| PollFd { fd: line.stream.as_raw_fd(), events: POLL_IN, revents: 0 });
        let mut waiting: Vec<PollFd> = open.chain([listening]).collect();
        let left = self.deadline.saturating_duration_since(Instant::now()).as_millis() as i32;
        // SAFETY: the list lives through the call, and its length is given.
        let ready = unsafe { poll(waiting.as_mut_ptr(), waiting.len() as u64, left) };
        if ready <= 0 {
            return Err(String::from("it said nothing until the limit"));
        }
        if waiting[self.lines.len()].revents != 0 {
            let (stream, _) = self.listener.accept().map_err(|error| error.to_string())?;
            stream.set_nodelay(true).map_err(|error| error.to_string())?;
            let held = self.buffers.take();
            self.lines.push(Line { stream, held, head: None });
            // What a new connection brings is mostly there already.
            return self.receive(self.lines.len() - 1).map(|_| ());
        }
        for place in (0..self.lines.len()).rev() {
            if waiting[place].revents != 0 && !self.receive(place)? {
                self.lines.remove(place);
            }
        }
        Ok(())
    }

    /// Read some bytes of a connection; false when it was closed.
    fn receive(&mut self, place: usize) -> Result<bool, String> {
        let Line { stream, held, .. } = &mut self.lines[place];
        if held.bytes.len() < held.used + RECEIVED {
            held.bytes.resize(2 * held.bytes.len() + RECEIVED, 0);
        }
        let received = stream.read(&mut held.bytes[held.used..]);
        held.used += received.as_ref().unwrap_or(&0);
        received.map(|count| count > 0).map_err(|error| error.to_string())
    }
}

impl Line {
    /// The head of the request that is held, once all of it is there. Nobody sends one before the last was answered, so
    /// what is held is one request or a part of it.
    fn whole(&mut self) -> Option<Head> {
        if self.head.is_none() {
            let end = self.held.windows(4).position(|each| each == b"\r\n\r\n")? + 4;
            let text = String::from_utf8_lossy(&self.held[..end]).into_owned();
            let lower = text.to_ascii_lowercase();
            let value = |name: &str| lower.lines().find_map(|line| line.strip_prefix(name)).map(str::trim);
            let is_chunked = value("transfer-encoding:") == Some("chunked");
            let size = value("content-length:").and_then(|each| each.parse().ok()).unwrap_or(0);
            self.head = Some(Head { text, end, size: if is_chunked { None } else { Some(size) } });
        }
        let is_whole = match self.head.as_ref()? {
            Head { end, size: Some(size), .. } => self.held.len() >= end + size,
            Head { end, size: None, .. } => self.held[*end..].ends_with(b"0\r\n\r\n"),
        };
        if is_whole { self.head.take() } else { None }
    }
}

/// A body that came in chunks.
fn joined(mut chunks: &[u8]) -> Option<Vec<u8>> {
    let mut body = Vec::new();
    loop {
        let end = chunks.windows(2).position(|each| each == b"\r\n")?;
        let size = usize::from_str_radix(std::str::from_utf8(&chunks[..end]).ok()?.trim(), 16).ok()?;
        if size == 0 {
            return Some(body);
        }
        body.extend_from_slice(chunks.get(end + 2..end + 2 + size)?);
        chunks = chunks.get(end + 2 + size + 2..)?;
    }
}

/// Nanoseconds that all threads of a process have run, as the scheduler counts them.
fn processor_ns(process: u32) -> u64 {
    let threads = fs::read_dir(format!("/proc/{process}/task")).into_iter().flatten().flatten();
    let told = threads.filter_map(|each| fs::read_to_string(each.path().join("schedstat")).ok());
    told.filter_map(|each| each.split(' ').next()?.parse::<u64>().ok()).sum()
}

const ACCEPTED: &str =
    "HTTP/1.1 202 Accepted\r\nContent-Type: application/json\r\nDate: Tue, 04 Nov 2025 10:00:00 GMT\r\n\
                        Content-Length: 16\r\n\r\n{\"status\":\"OK\"}\n";

fn event_reply(id: &str, event: &[u8]) -> Vec<u8> {
    let head = format!(
        "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nLambda-Runtime-Aws-Request-Id: {id}\r\n\
         Lambda-Runtime-Deadline-Ms: 4102444800000\r\nLambda-Runtime-Invoked-Function-Arn: \
         arn:aws:lambda:us-east-1:000000000000:function:echo\r\nLambda-Runtime-Trace-Id: \
         Root=1-5bef4de7-ad49b0e87f6ef6c87fc2e700;Parent=9a9197af755a6419;Sampled=1\r\nDate: Tue, 04 Nov 2025 10:00:00 \
         GMT\r\nContent-Length: {}\r\n\r\n",
        event.len()
    );
    [head.as_bytes(), event].concat()
}

/// A text as a string of JSON.
fn quoted(text: &str) -> String {
    let plain = |each: char| match each {
        '"' | '\\' => format!("\\{each}"),
        ' '.. => each.to_string(),
        _ => format!("\\u{:04x}", each as u32),
    };
    format!("\"{}\"", text.chars().map(plain).collect::<String>())
}

fn field(text: &str, name: &str) -> u64 {
    let line = text.lines().find_map(|line| line.strip_prefix(name)).unwrap_or("0");
    line.trim().trim_end_matches(" kB").parse().unwrap_or(0)
}

fn told(candidate: &Candidate, found: &Sample) -> String {
    // An echo of the event's own bytes is told by a word, since it may be long.
    let reply = match &found.reply {
        Some(body) if *body == candidate.event => String::from("true"),
        Some(body) => quoted(&String::from_utf8_lossy(body)),
        None => String::from("null"),
    };
    format!(
        "{{\"name\":{},\"first_next_ns\":{},\"first_reply_ns\":{},\"replies_ns\":{:?},\"cycles_ns\":{:?},\
         \"rss_kb\":{},\"peak_kb\":{},\"faults\":{},\"descriptors\":{},\"early_rss_kb\":{},\
         \"early_descriptors\":{},\"processor_ns\":{},\"reply\":{reply}}}",
        quoted(&candidate.name),
        found.first_next,
        found.first_reply,
        found.replies,
        found.cycles,
        found.size.rss_kb,
        found.peak_kb,
        found.faults,
        found.size.descriptors,
        found.early.rss_kb,
        found.early.descriptors,
        found.processor
    )
}
