//! A Ruchy handler between the function runtime and the program: `begin_answer`, `read_event`, `context_value`, `failure_of`.

use crate::{json_of_text, shown_text, Dyn, Raised, Str, Table, CATCHERS, STACK_END, UNWIND};
use alloc::format;
use alloc::string::String;

/// What of the stack a handler may use; the platform gives eight MiB.
const HANDLER_STACK: usize = 7 << 20;

/// Have errors of the program carried to `fail`, from here on.
pub fn begin_answer(fail: fn(Raised) -> !) {
    let here = 0u8;
    STACK_END.set((core::ptr::addr_of!(here) as usize).saturating_sub(HANDLER_STACK));
    CATCHERS.set(1);
    UNWIND.set(Some(fail));
}

/// The value of an event, or what is wrong with it.
pub fn read_event(event: &[u8]) -> Result<Dyn, String> {
    let text = core::str::from_utf8(event).map_err(|_| String::from("json: the event is no UTF-8"))?;
    json_of_text(&Dyn::Text(Str::from(text))).map_err(|(kind, text)| format!("{kind}: {text}"))
}

/// The context as an object of texts; what the platform does not say is nil.
pub fn context_value(facts: &[(&'static str, &str)], deadline_ms: i64) -> Dyn {
    let mut table: Table<Dyn, Dyn> = Table::new();
    for (name, value) in facts {
        let value = if value.is_empty() { Dyn::Nil } else { Dyn::Text(Str::from(*value)) };
        table.put(Dyn::Text(Str::literal(name)), value);
    }
    table.put(Dyn::Text(Str::literal("deadline_ms")), Dyn::Int(deadline_ms));
    Dyn::Dict(table)
}

/// What an error of the program says.
pub fn failure_of(raised: &Raised) -> String {
    match raised {
        Raised::Fault(kind, text) => format!("{kind}: {text}"),
        Raised::Thrown(value) => format!("thrown: {}", shown_text(value).as_str()),
    }
}
