//! The loop: wait for an invocation, call the handler, give its answer.

use core::mem;

use crate::block::Block;
use crate::buffer::Buffer;
use crate::client::{Client, Outcome, Streamed, Trouble};
use crate::http::{Field, Parser, Reply};
use crate::logs::Logs;
use crate::number::{parse_decimal, Digits};
use crate::slices::text;
use crate::{Address, Context, Environment, Handler, HandlerError, Level, Phase, System, Variable, Writer};

/// The process was asked to end, and did.
pub const EXIT_FINE: i32 = 0;
/// The handler cannot begin, or the runtime API is gone or says that it cannot go on.
pub const EXIT_FAILED: i32 = 1;
/// The environment says nothing that the runtime can begin with.
pub const EXIT_MISCONFIGURED: i32 = 2;

/// So many waits in a row without an invocation end the process.
const MOST_FAILURES: u32 = 9;
/// The wait after the first failure; it doubles with each.
const FIRST_DELAY_MS: u32 = 5;
const NO_ADDRESS: &str = "AWS_LAMBDA_RUNTIME_API has to be like 127.0.0.1:9001, not ";
const NO_MEMORY: &str = "Runtime.OutOfMemory";
const TOO_LARGE: &str = "Function.ResponseSizeTooLarge";

/// Memory that is there before anything is asked of the heap: for what comes in and what goes out.
#[derive(Debug, Default)]
pub struct Memory<'a> {
    /// Holds the head and the event of an invocation, unless they are longer.
    pub input: &'a mut [u8],
    /// Holds the reply of a handler, unless it is longer.
    pub output: &'a mut [u8],
}

/// Answer invocations until the process is to end; the result is its exit code.
pub fn run<S: System, H: Handler>(
    system: S,
    environment: &Environment<'_>,
    handler: &mut H,
    memory: Memory<'_>,
) -> i32 {
    let logs = Logs::new(system, environment, "", "");
    let api = environment.get(Variable::RuntimeApi);
    let Some(address) = Address::parse(api.as_bytes()) else {
        logs.complain(Level::Fatal, NO_ADDRESS, api);
        return EXIT_MISCONFIGURED;
    };
    let client = Client::new(system, address, api);
    system.enter(Phase::Starting);
    if let Err(error) = handler.init() {
        logs.error(&error.error_type, &error.message);
        // Another worker may have said so before; the answer changes nothing.
        let _ = client.report("", &error.error_type, &error.message, b"");
        return EXIT_FAILED;
    }
    Runtime { system, environment, logs, client: &client }.serve(handler, memory)
}

struct Runtime<'a, S> {
    system: S,
    environment: &'a Environment<'a>,
    logs: Logs<'a, S>,
    client: &'a Client<'a, S>,
}

impl<S: System> Runtime<'_, S> {
    fn serve<H: Handler>(&self, handler: &mut H, memory: Memory<'_>) -> i32 {
        let mut input = Buffer::new(memory.input);
        let output = memory.output;
        let mut spill = Block::none();
        let mut parser = Parser::new();
        let mut failures = 0;
        loop {
            self.system.enter(Phase::Waiting);
            if self.system.is_terminated() {
                return EXIT_FINE;
            }
            let asked = self.client.next(&mut input, &mut parser).map(|()| parser.reply().status);
            self.system.enter(Phase::Posting);
            let mut verdict = judge(&self.logs, asked);
            if verdict == Verdict::Fine {
                verdict = self.invoke(handler, parser.reply(), input.bytes(), output, &mut spill);
                if verdict == Verdict::Refused {
                    verdict = Verdict::Fine;
                }
            }
            match verdict {
                Verdict::Fine => failures = 0,
                Verdict::Exit(code) => return code,
                _ => {
                    failures += 1;
                    if failures == MOST_FAILURES {
                        return EXIT_FAILED;
                    }
                    self.system.sleep_ms(FIRST_DELAY_MS << failures);
                }
            }
        }
    }

    fn invoke<H: Handler>(
        &self,
        handler: &mut H,
        reply: &Reply,
        bytes: &[u8],
        output: &mut [u8],
        spill: &mut Block,
    ) -> Verdict {
        let mut context = self.context(reply, bytes);
        let request_id = context.request_id;
        if !is_id(request_id) {
            self.logs.complain(Level::Error, "an event has no valid id", "");
            return Verdict::Lost;
        }
        let logs = Logs::new(self.system, self.environment, request_id, context.tenant_id);
        context.log = Some(&logs);
        let sink = Streamed { client: self.client, request_id };
        let mut out = Writer::over(output).reusing(mem::take(spill));
        if H::STREAMS {
            out.set_sink(&sink);
        }
        let event = bytes.get(reply.body.clone()).unwrap_or_default();
        self.system.enter(Phase::Handling(request_id));
        let result = handler.handle(&context, event, &mut out);
        if let Err(error) = &result {
            logs.error(&error.error_type, &error.message);
        }
        let was_streaming = H::STREAMS && out.is_streaming();
        if was_streaming {
            out.flush();
        }
        self.system.enter(Phase::Posting);
        let outcome = match named(&result) {
            error if was_streaming => self.client.finish(request_id, error),
            None if out.is_exhausted() => {
                self.client.report(request_id, NO_MEMORY, "there is no memory for the reply", b"")
            }
            None => self.client.respond(request_id, out.content_type(), out.bytes()),
            Some((kind, message)) => self.client.fail(request_id, kind, message),
        };
        let outcome = match outcome {
            Ok(413) if !was_streaming => self.too_large(&logs, request_id),
            outcome => outcome,
        };
        *spill = out.into_spill();
        judge(&logs, outcome)
    }

    #[cold]
    fn too_large(&self, logs: &Logs<'_, S>, request_id: &str) -> Outcome {
        let message = "the reply is too large";
        logs.error(TOO_LARGE, message);
        self.client.report(request_id, TOO_LARGE, message, b"")
    }

    fn context<'b>(&'b self, reply: &Reply, bytes: &'b [u8]) -> Context<'b> {
        let field = |field| text(reply.field(bytes, field));
        let variable = |variable| self.environment.get(variable);
        Context {
            request_id: field(Field::RequestId),
            deadline_ms: parse_decimal(reply.field(bytes, Field::Deadline)).unwrap_or(0) as i64,
            invoked_function_arn: field(Field::Arn),
            function_name: variable(Variable::FunctionName),
            function_version: variable(Variable::FunctionVersion),
            memory_limit_in_mb: variable(Variable::MemorySize),
            log_group_name: variable(Variable::LogGroup),
            log_stream_name: variable(Variable::LogStream),
            tenant_id: field(Field::Tenant),
            trace_id: field(Field::Trace),
            client_context: field(Field::ClientContext),
            cognito_identity: field(Field::Cognito),
            content_type: field(Field::ContentType),
            log: None,
        }
    }
}

fn named(result: &Result<(), HandlerError>) -> Option<(&str, &str)> {
    result.as_ref().err().map(|error| (error.error_type.as_str(), error.message.as_str()))
}

/// What follows from the runtime API's reply.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Verdict {
    /// It is what was asked for.
    Fine,
    /// It says that the request is none now.
    Refused,
    /// There is none that could be read.
    Lost,
    /// The process ends.
    Exit(i32),
}

fn judge<S: System>(logs: &Logs<'_, S>, outcome: Outcome) -> Verdict {
    let trouble = match outcome {
        Ok(200..=299) => return Verdict::Fine,
        Ok(status) => {
            let digits = Digits::decimal(u64::from(status));
            logs.complain(Level::Error, "the runtime API refuses with status ", digits.text());
            return if status >= 500 { Verdict::Exit(EXIT_FAILED) } else { Verdict::Refused };
        }
        Err(Trouble::Terminated) => return Verdict::Exit(EXIT_FINE),
        Err(Trouble::Unreachable) => "it cannot be reached",
        Err(Trouble::Lost) => "the connection was lost",
        Err(Trouble::Exhausted) => "there is no memory for the reply",
        Err(Trouble::Malformed(fault)) => fault.text(),
    };
    logs.complain(Level::Error, "the runtime API gives no reply: ", trouble);
    Verdict::Lost
}

/// Whether an id can stand in a path as it is.
fn is_id(text: &str) -> bool {
    !text.is_empty()
        && text.bytes().all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_' | b'.' | b'~' | b':'))
}
