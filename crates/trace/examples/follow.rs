//! Follow a command from the shell: `follow [-c|-t|-j] [-p PID] COMMAND...`, events on standard error.

use std::{env, io, os::unix::ffi::OsStringExt, process};

use trace::{
    engine::{Command, Options, Stopper, Tracer, tracer::signal_mask},
    event::Outcome,
    sink::Sink,
    write::{
        lines::Lines,
        summary::{Order, Summary},
        text::{Style, Text},
    },
};

fn main() {
    let mut words: Vec<Vec<u8>> = env::args_os().skip(1).map(OsStringExt::into_vec).collect();
    let format = words.remove(0);
    let mut sink: Box<dyn Sink> = match format.as_slice() {
        b"-c" => Box::new(Summary::new(io::stderr(), Order::Time)),
        b"-j" => Box::new(Lines::new(io::stderr(), "{}".to_owned(), false)),
        _ => Box::new(Text::new(io::stderr(), Style { durations: true, ..Style::default() })),
    };
    let tracer = Tracer::new(Options { python: true, ..Options::default() }, sink.as_mut(), Stopper::default());
    let outcome = if words[0] == b"-p" {
        tracer.attach(&[String::from_utf8_lossy(&words[1]).parse().expect("a number")])
    } else {
        Command::new(&words).and_then(|command| tracer.launch(&command, &signal_mask()))
    };
    match outcome {
        Ok(Outcome { status, .. }) => process::exit(status.unwrap_or(1)),
        Err(error) => {
            eprintln!("{error}");
            process::exit(2);
        }
    }
}
