//! Which row of one matrix is nearest to each row of another.

use trueno::{ViewMut, device};

use crate::{
    call::{Answer, Call},
    dtype::Dtype,
    errors::{Failure, tuple},
    matrix::{THREADS, look, require_dimensions, require_rank, view},
    operand::{Output, Wanted, require_dtype, with_real},
    options::{BACKEND, EXPLAIN, OUT, Options},
    threads::{self, Threads},
};

/// The squared distance of each row of one matrix from each row of another.
pub(crate) fn pairwise_l2_squared(call: &Call) -> Answer {
    let [x, y] = call.positional()?;
    let [out, backend, explain, threads] = call.keywords(&[&OUT, &BACKEND, &EXPLAIN, &THREADS])?;
    let (threads, options) = (threads::asked(threads)?, Options::new(out, backend, explain)?);
    let wanted = [Wanted::input(x, "x"), Wanted::input(y, "y"), Wanted::output(out, "out")];
    let mut found = [None; 3];
    let (held, elements_of_work) = look(&wanted, &mut found, |found| {
        let [Some(x), Some(y), _] = found else { return 0 };
        x.size().saturating_mul(2 * y.shape[0])
    })?;
    let [Some(x), Some(y), out] = found else { unreachable!("both arrays are wanted") };
    require_rank(&x, 2, "x")?;
    require_rank(&y, 2, "y")?;
    require_dtype(x.dtype, &y, "y")?;
    require_dimensions(&y, &[y.shape[0], x.shape[1]], "y")?;
    let shape = [x.shape[0], y.shape[0]];
    let doubled = if x.dtype == Dtype::Float64 { 2.0 } else { 1.0 };
    let elements = shape[0] * shape[1];
    let flops = 2.0 * doubled * elements as f64 * x.shape[1] as f64;
    let bytes = (x.bytes() + y.bytes() + elements * x.dtype.size()) as f64;
    let work = device::Work { operation: "pairwise_l2_squared", elements, flops, bytes };
    let Threads { count, reason } = threads.choose(&work, options.kernels, options.explain);
    let result = with_real!(x, "x", T => {
        let output = Output::new(x.dtype, 2, shape, options.out.zip(out.as_ref()), "out")?;
        output.require_apart(&x)?;
        output.require_apart(&y)?;
        let (mut x_scratch, mut y_scratch) = (None, None);
        // SAFETY: the arrays are held and of type `T`; the scratches live until the result is there. The output shares no
        // element with an input.
        unsafe {
            let (x, y) = (view::<T>(&x, &mut x_scratch)?, view::<T>(&y, &mut y_scratch)?);
            let mut target = ViewMut::new(output.slice::<T>(), shape[0], shape[1])?;
            held.run(elements_of_work, || options.kernels.pairwise_l2_squared(x, y, &mut target, count))?;
        }
        Ok(output.finish())
    })?;
    drop(held);
    options.answer_of(result, count, &reason)
}

pub(crate) fn argmin_axis1(call: &Call) -> Answer {
    let [x] = call.positional()?;
    let options = Options::of(call)?;
    let wanted = [Wanted::input(x, "x"), Wanted::output(options.out, "out")];
    let mut found = [None; 2];
    let (held, work) = look(&wanted, &mut found, |found| found[0].map_or(0, |x| x.bytes()))?;
    let [Some(x), out] = found else { unreachable!("the matrix is wanted") };
    require_rank(&x, 2, "x")?;
    let [rows, columns] = x.shape;
    if rows > 0 && columns == 0 {
        let allowed = "a matrix of at least 1 column".to_owned();
        return Err(Failure::Parameter { name: "x", value: tuple(&x.shape), allowed });
    }
    let output = Output::new(Dtype::Int64, 1, [1, rows], options.out.zip(out.as_ref()), "out")?;
    output.require_apart(&x)?;
    let mut scratch = None;
    with_real!(x, "x", T => {
        // SAFETY: the arrays are held and of these types; the scratch lives until the result is there. They share
        // nothing.
        let (x, places) = unsafe { (view::<T>(&x, &mut scratch)?, output.slice::<i64>()) };
        held.run(work, || options.kernels.argmin_rows(x, places))?;
        Ok(())
    })?;
    let result = output.finish();
    drop(held);
    options.answer(result)
}
