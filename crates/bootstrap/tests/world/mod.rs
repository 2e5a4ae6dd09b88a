//! A world in which the runtime is tested: a scripted server, and notes of everything that was done.

#![allow(dead_code, reason = "each test uses a part of it")]

use std::cell::{Cell, RefCell};
use std::collections::VecDeque;

use bootstrap::{run, Address, Context, Environment, Errno, Handler, HandlerError, Memory, Phase, System, Writer};

/// What the server does at the next read or write of the runtime.
#[derive(Clone, Debug)]
pub enum Act {
    /// Give these bytes, in pieces of whatever size the world cuts.
    Give(Vec<u8>),
    /// Be interrupted by a signal.
    Interrupt,
    /// Be interrupted by the signal that ends the process.
    Terminate,
    /// Close the connection.
    Close,
    /// Reset the connection.
    Reset,
}

/// A scripted world: each connection has a script of its own.
#[derive(Default)]
pub struct World {
    /// What the connections do, the first one first.
    pub connections: RefCell<VecDeque<VecDeque<Act>>>,
    /// How many bytes a read gives at most; zero for all.
    pub cut: usize,
    /// How many bytes a write takes at most; zero for all.
    pub taken: usize,
    /// What is done at the next writes to a connection.
    pub write_faults: RefCell<VecDeque<Errno>>,
    /// Everything that was sent, by connection.
    pub sent: RefCell<Vec<Vec<u8>>>,
    /// Everything that was logged, by descriptor.
    pub logged: RefCell<Vec<(i32, Vec<u8>)>>,
    /// The pauses that were made.
    pub pauses: RefCell<Vec<u32>>,
    /// The phases, with the id where there is one.
    pub phases: RefCell<Vec<String>>,
    /// Whether the process was asked to end.
    pub is_terminated: Cell<bool>,
    /// Sockets that the other side closed while nobody looked.
    pub stale: Cell<bool>,
    /// The connection that is open.
    pub current: Cell<i32>,
}

const FIRST_SOCKET: i32 = 100;

impl World {
    /// A world with these connections.
    pub fn of(connections: Vec<Vec<Act>>) -> World {
        let connections = connections.into_iter().map(VecDeque::from).collect();
        World { connections: RefCell::new(connections), ..World::default() }
    }

    /// Everything that was sent over all connections, as text.
    pub fn sent_text(&self) -> String {
        String::from_utf8_lossy(&self.sent.borrow().concat()).into_owned()
    }

    /// Everything that was logged, as text.
    pub fn log_text(&self) -> String {
        let logged: Vec<u8> = self.logged.borrow().iter().flat_map(|(_, bytes)| bytes.clone()).collect();
        String::from_utf8_lossy(&logged).into_owned()
    }

    /// Answer with this handler until the process ends.
    pub fn run(&self, handler: Called<'_>) -> i32 {
        self.run_in(&["AWS_LAMBDA_RUNTIME_API=127.0.0.1:9001", "AWS_LAMBDA_FUNCTION_NAME=f"], handler)
    }

    /// As `run`, with these variables.
    pub fn run_in(&self, variables: &[&str], handler: Called<'_>) -> i32 {
        let environment = Environment::read(variables.iter().map(|text| text.as_bytes()));
        let (mut input, mut output) = (vec![0; 512], vec![0; 256]);
        let memory = Memory { input: &mut input, output: &mut output };
        run(self, &environment, &mut Closure(handler), memory)
    }

    fn script(&self, socket: i32) -> Option<Act> {
        if socket != self.current.get() {
            return Some(Act::Reset);
        }
        self.connections.borrow_mut().front_mut()?.pop_front()
    }
}

type Called<'a> = &'a mut dyn FnMut(&Context<'_>, &[u8], &mut Writer<'_>) -> Result<(), HandlerError>;

struct Closure<'a>(Called<'a>);

impl Handler for Closure<'_> {
    fn handle(&mut self, ctx: &Context<'_>, event: &[u8], out: &mut Writer<'_>) -> Result<(), HandlerError> {
        (self.0)(ctx, event, out)
    }
}

impl System for &World {
    fn connect(&self, _address: &Address) -> Result<i32, Errno> {
        let count = self.sent.borrow().len() as i32;
        if count > 0 {
            self.connections.borrow_mut().pop_front();
        }
        if self.connections.borrow().is_empty() {
            return Err(Errno(111));
        }
        self.sent.borrow_mut().push(Vec::new());
        self.current.set(FIRST_SOCKET + count);
        self.stale.set(false);
        Ok(self.current.get())
    }

    fn close(&self, socket: i32) {
        assert_eq!(socket, self.current.get(), "a socket is closed that is not open");
        self.current.set(0);
    }

    fn is_quiet(&self, socket: i32) -> bool {
        socket == self.current.get() && !self.stale.get()
    }

    fn receive(&self, socket: i32, into: &mut [u8]) -> Result<usize, Errno> {
        assert!(!into.is_empty(), "a read without room would be taken for the end");
        match self.script(socket) {
            None => {
                // Nothing is left to do: whoever waits here is asked to end.
                self.is_terminated.set(true);
                Err(Errno(4))
            }
            Some(Act::Interrupt) => Err(Errno(4)),
            Some(Act::Terminate) => {
                self.is_terminated.set(true);
                Err(Errno(4))
            }
            Some(Act::Close) => Ok(0),
            Some(Act::Reset) => Err(Errno(104)),
            Some(Act::Give(mut bytes)) => {
                let most = if self.cut == 0 { into.len() } else { self.cut.min(into.len()) };
                let count = most.min(bytes.len());
                into[..count].copy_from_slice(&bytes[..count]);
                bytes.drain(..count);
                if !bytes.is_empty() {
                    self.connections.borrow_mut().front_mut().unwrap().push_front(Act::Give(bytes));
                }
                Ok(count)
            }
        }
    }

    fn write(&self, descriptor: i32, pieces: &[&[u8]]) -> Result<usize, Errno> {
        let mut bytes = pieces.concat();
        if descriptor < FIRST_SOCKET {
            let count = bytes.len();
            self.logged.borrow_mut().push((descriptor, bytes));
            return Ok(count);
        }
        if let Some(errno) = self.write_faults.borrow_mut().pop_front() {
            return Err(errno);
        }
        if self.taken > 0 {
            bytes.truncate(self.taken);
        }
        let count = bytes.len();
        self.sent.borrow_mut().last_mut().unwrap().extend(bytes);
        Ok(count)
    }

    fn hasten(&self, _socket: i32) {}

    fn now_us(&self) -> i64 {
        // 2026-08-22T10:20:30.456789Z
        1_787_394_030_456_789
    }

    fn sleep_ms(&self, duration: u32) {
        self.pauses.borrow_mut().push(duration);
    }

    fn is_terminated(&self) -> bool {
        self.is_terminated.get()
    }

    fn enter(&self, phase: Phase<'_>) {
        self.phases.borrow_mut().push(format!("{phase:?}"));
    }

    fn enter_stream(&self) {
        self.phases.borrow_mut().push("Streaming".into());
    }
}

/// A reply with an event.
pub fn event(id: &str, body: &[u8]) -> Act {
    let head = format!(
        "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nLambda-Runtime-Aws-Request-Id: {id}\r\n\
Lambda-Runtime-Deadline-Ms: 1787394033456\r\nLambda-Runtime-Trace-Id: Root=1-{id}\r\nContent-Length: {}\r\n\r\n",
        body.len()
    );
    Act::Give([head.as_bytes(), body].concat())
}

/// A reply to what was posted.
pub fn status(number: u16) -> Act {
    Act::Give(format!("HTTP/1.1 {number} Some Words\r\nContent-Length: 16\r\n\r\n{{\"status\":\"OK\"}}\n").into_bytes())
}

/// Give the event back.
pub fn echo(_: &Context<'_>, event: &[u8], out: &mut Writer<'_>) -> Result<(), HandlerError> {
    out.write(event);
    Ok(())
}
