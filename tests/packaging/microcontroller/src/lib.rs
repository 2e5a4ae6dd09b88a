//! A prediction as an interrupt handler would ask for it: model and numbers where they lie, no heap.

#![no_std]

use core::slice;

use predict::{ModelView, PredictNoStd};

/// Never reached: the test that builds this looks for what would call it.
#[panic_handler]
fn panic(_: &core::panic::PanicInfo<'_>) -> ! {
    loop {}
}

/// The most stack that a prediction may take, for the test that adds up what it takes.
#[unsafe(no_mangle)]
pub static MAX_STACK_BYTES: usize = <ModelView<'static> as PredictNoStd>::MAX_STACK_BYTES;

/// Read a model and predict one row; 0 where that succeeds.
///
/// # Safety
/// So many bytes and numbers stand at the addresses.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn model_predict(
    model: *const u8,
    size: usize,
    input: *const f32,
    features: usize,
    output: *mut f32,
    columns: usize,
) -> i32 {
    // SAFETY: the caller vouches for the memory.
    let (model, input, output) = unsafe {
        (
            slice::from_raw_parts(model, size),
            slice::from_raw_parts(input, features),
            slice::from_raw_parts_mut(output, columns),
        )
    };
    match ModelView::from_bytes(model) {
        Ok(view) => predict_row(&view, input, output),
        Err(_) => 1,
    }
}

/// The prediction alone, so that its stack can be told from that of reading the model.
#[inline(never)]
fn predict_row(view: &ModelView<'_>, input: &[f32], output: &mut [f32]) -> i32 {
    view.predict_no_std(input, output).map_or(2, |()| 0)
}
