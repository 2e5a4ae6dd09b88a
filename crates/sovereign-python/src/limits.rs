//! Loops that do what the machine does fastest, for calibration; the caller takes the time.

use crate::{
    call::{Answer, Call},
    dtype::{Dtype, integer},
    errors::Failure,
    operand::{Held, UNLOCK_FROM, Wanted, elements, require_dtype},
    options::{BACKEND, Options},
    reduce::{natural, whole},
};

/// So many rounds of additions and multiplications in registers; the answer is how many there were.
pub(crate) fn fma_loop(call: &Call) -> Answer {
    let [rounds] = call.positional()?;
    let options = Options::new(None, call.keyword(&BACKEND)?, None)?;
    let rounds = natural(integer(rounds)?, "iterations")?;
    let wanted = [];
    let held = Held::look(&wanted, &mut [], 0)?;
    held.run(UNLOCK_FROM, || std::hint::black_box(options.kernels.fma_loop::<f32>(rounds)));
    whole(options.kernels.fma_loop_operations::<f32>(rounds) as i64)
}

/// Read an array so many times; the answer is how many bytes that was.
pub(crate) fn read_loop(call: &Call) -> Answer {
    let [x, passes] = call.positional()?;
    let options = Options::new(None, call.keyword(&BACKEND)?, None)?;
    let passes = natural(integer(passes)?, "passes")?;
    let wanted = [Wanted::input(x, "x")];
    let mut found = [None; 1];
    let held = Held::look(&wanted, &mut found, 0)?;
    let [Some(x)] = found else { unreachable!("the array is wanted") };
    require_dtype(Dtype::Float32, &x, "x")?;
    if !x.is_slice() {
        return Err(Failure::Layout { name: "x", problem: "strided", allowed: "contiguous" });
    }
    let mut scratch = None;
    // SAFETY: the array is held and of this type.
    let elements = unsafe { elements::<f32>(&x, &mut scratch)? };
    held.run(UNLOCK_FROM, || {
        for _ in 0..passes {
            std::hint::black_box(options.kernels.read_loop(std::hint::black_box(elements)));
        }
    });
    whole((passes * size_of_val(elements)) as i64)
}
