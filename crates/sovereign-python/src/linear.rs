//! Factors of matrices, and systems of linear equations whose matrix is triangular.

use pyo3::{ffi, prelude::*, types::PyTuple};
use trueno::{Triangle, ViewMut, device};

use crate::{
    call::{Answer, Call, Keyword, Object, truth},
    dtype::Dtype,
    errors::{Expected, Failure},
    matrix::{THREADS, look, require_dimensions, require_rank, view},
    operand::{Output, Wanted, elements, require_dtype, with_real},
    options::{BACKEND, EXPLAIN, OUT, Options},
    strided::Strided,
    threads::{self, Threads},
};

/// Additions and multiplications of so many products of such rows and columns.
fn work(operation: &'static str, [m, n, k]: [usize; 3], share: f64, dtype: Dtype) -> device::Work {
    let [rows, columns, depth] = [m, n, k].map(|length| length as f64);
    let doubled = if dtype == Dtype::Float64 { 2.0 } else { 1.0 };
    let bytes = (rows * depth + depth * columns + rows * columns) * dtype.size() as f64;
    device::Work { operation, elements: m * n, flops: share * 2.0 * rows * columns * depth * doubled, bytes }
}

fn require_square(a: &Strided) -> Result<usize, Failure> {
    require_rank(a, 2, "a")?;
    if a.shape[0] == a.shape[1] {
        return Ok(a.shape[0]);
    }
    Err(Failure::Shape { name: "a", expected: Expected::Kind("(n, n)"), got: a.shape.to_vec() })
}

/// The additions and multiplications of something cubic in the first of the arrays.
fn cubic(found: &[Option<Strided>]) -> usize {
    found[0].map_or(0, |a| a.size().saturating_mul(a.shape[1]))
}

pub(crate) fn cholesky(call: &Call) -> Answer {
    let [a] = call.positional()?;
    let [out, backend, explain, threads] = call.keywords(&[&OUT, &BACKEND, &EXPLAIN, &THREADS])?;
    let (threads, options) = (threads::asked(threads)?, Options::new(out, backend, explain)?);
    let wanted = [Wanted::input(a, "a"), Wanted::output(out, "out")];
    let mut found = [None; 2];
    let (held, elements_of_work) = look(&wanted, &mut found, |found| cubic(found))?;
    let [Some(a), out] = found else { unreachable!("the matrix is wanted") };
    let n = require_square(&a)?;
    let work = work("cholesky", [n, n, n], 1.0 / 6.0, a.dtype);
    let Threads { count, reason } = threads.choose(&work, options.kernels, options.explain);
    let result = with_real!(a, "a", T => {
        let output = Output::new(a.dtype, 2, a.shape, options.out.zip(out.as_ref()), "out")?.kept_until_done()?;
        output.require_apart(&a)?;
        let mut scratch = None;
        // SAFETY: the arrays are held and of type `T`; the scratch lives until the result is there. They share nothing.
        unsafe {
            let a = view::<T>(&a, &mut scratch)?;
            let mut target = ViewMut::new(output.slice::<T>(), n, n)?;
            held.run(elements_of_work, || options.kernels.cholesky(a, &mut target, count))?;
        }
        Ok(output.finish())
    })?;
    drop(held);
    options.answer_of(result, count, &reason)
}

static LOWER: Keyword = Keyword::new(c"lower");
static TRANSPOSED: Keyword = Keyword::new(c"transposed");
static UNIT_DIAGONAL: Keyword = Keyword::new(c"unit_diagonal");

pub(crate) fn solve_triangular(call: &Call) -> Answer {
    let [a, b] = call.positional()?;
    let [out, backend, explain, threads, lower, transposed, unit_diagonal] =
        call.keywords(&[&OUT, &BACKEND, &EXPLAIN, &THREADS, &LOWER, &TRANSPOSED, &UNIT_DIAGONAL])?;
    let is_lower = lower.map_or(Ok(true), truth)?;
    let is_transposed = transposed.map_or(Ok(false), truth)?;
    let has_unit_diagonal = unit_diagonal.map_or(Ok(false), truth)?;
    let (threads, options) = (threads::asked(threads)?, Options::new(out, backend, explain)?);
    let wanted = [Wanted::input(a, "a"), Wanted::input(b, "b"), Wanted::output(out, "out")];
    let mut found = [None; 3];
    let right_sides = |b: &Strided| if b.rank == 1 { 1 } else { b.shape[1] };
    let (held, elements_of_work) = look(&wanted, &mut found, |found| {
        let [Some(a), Some(b), _] = found else { return 0 };
        a.size().saturating_mul(right_sides(b))
    })?;
    let [Some(a), Some(b), out] = found else { unreachable!("both arrays are wanted") };
    let (n, k) = (require_square(&a)?, right_sides(&b));
    require_dtype(a.dtype, &b, "b")?;
    require_dimensions(&b, &[n, k][..usize::from(b.rank)], "b")?;
    let work = work("solve_triangular", [n, k, n], 0.5, a.dtype);
    let Threads { count, reason } = threads.choose(&work, options.kernels, options.explain);
    // The transposed matrix is the same memory, and its other half is read.
    let (a, is_lower) = if is_transposed { (a.transposed(), !is_lower) } else { (a, is_lower) };
    let triangle = if is_lower { Triangle::Lower } else { Triangle::Upper };
    let result = with_real!(a, "a", T => {
        let output = Output::new(a.dtype, b.rank, b.shape, options.out.zip(out.as_ref()), "out")?;
        output.require_apart(&a)?;
        let (is_in_place, mut a_scratch, mut b_scratch) = (output.is_same(&b)?, None, None);
        // SAFETY: the arrays are held and of type `T`; the scratches live until the result is there. The output shares no
        // element with `a`, and with `b` only where it is `b`, which is not looked at then unless it was packed.
        unsafe {
            let a = view::<T>(&a, &mut a_scratch)?;
            let target = output.slice::<T>();
            if !is_in_place || !b.is_slice() {
                target.copy_from_slice(elements::<T>(&b, &mut b_scratch)?);
            }
            let mut x = ViewMut::new(target, n, k)?;
            held.run(elements_of_work, || {
                options.kernels.solve_triangular(a, triangle, has_unit_diagonal, &mut x, count)
            })?;
        }
        Ok(output.finish())
    })?;
    drop(held);
    options.answer_of(result, count, &reason)
}

/// The orthogonal and the triangular factor, as a pair.
pub(crate) fn qr(call: &Call) -> Answer {
    let [a] = call.positional()?;
    let options = Options::of(call)?;
    let (q_out, r_out) = options.out.map(|out| pair(out, "qr")).transpose()?.unzip();
    let wanted = [Wanted::input(a, "a"), Wanted::output(q_out, "out[0]"), Wanted::output(r_out, "out[1]")];
    let mut found = [None; 3];
    let (held, elements_of_work) = look(&wanted, &mut found, |found| cubic(found).saturating_mul(4))?;
    let [Some(a), q_lies, r_lies] = found else { unreachable!("the matrix is wanted") };
    require_rank(&a, 2, "a")?;
    let [m, n] = a.shape;
    let k = m.min(n);
    let factors = with_real!(a, "a", T => {
        let q = Output::new(a.dtype, 2, [m, k], q_out.zip(q_lies.as_ref()), "out[0]")?;
        let r = Output::new(a.dtype, 2, [k, n], r_out.zip(r_lies.as_ref()), "out[1]")?;
        q.require_apart(&a)?;
        r.require_apart(&a)?;
        if let Some(lies) = &r_lies {
            q.require_apart(lies)?;
        }
        let mut scratch = None;
        // SAFETY: the arrays are held and of type `T`; the scratch lives until the result is there. No two of them share
        // an element.
        unsafe {
            let a = view::<T>(&a, &mut scratch)?;
            let mut left = ViewMut::new(q.slice::<T>(), m, k)?;
            let mut right = ViewMut::new(r.slice::<T>(), k, n)?;
            // There may be more rows without columns than can be counted in a lifetime.
            if k > 0 {
                held.run(elements_of_work, || options.kernels.qr(a, &mut left, &mut right))?;
            }
        }
        Ok([q.finish(), r.finish()])
    })?;
    drop(held);
    options.answer(tuple(factors)?)
}

/// A pair of new references.
pub(crate) fn tuple(objects: [Object; 2]) -> Answer {
    Python::attach(|py| {
        // SAFETY: both references are ours, and go over to the tuple.
        let objects = objects.map(|object| unsafe { Bound::from_owned_ptr(py, object) });
        Ok(PyTuple::new(py, objects)?.into_any().into_ptr())
    })
}

/// The two arrays of `out`.
pub(crate) fn pair(out: Object, function: &str) -> Result<(Object, Object), Failure> {
    // SAFETY: the caller keeps its argument alive, and a tuple its items.
    unsafe {
        if ffi::PyTuple_Check(out) == 0 || ffi::PyTuple_Size(out) != 2 {
            return Err(Failure::Call(format!("`out` of `{function}` should be a tuple of two arrays")));
        }
        Ok((ffi::PyTuple_GetItem(out, 0), ffi::PyTuple_GetItem(out, 1)))
    }
}
