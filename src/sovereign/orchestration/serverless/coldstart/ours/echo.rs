//! The event is the reply.

use bootstrap::{Context, HandlerError, Writer};

/// Give the event back.
pub fn handle(_ctx: &Context, event: &[u8], out: &mut Writer) -> Result<(), HandlerError> {
    out.write(event);
    Ok(())
}
