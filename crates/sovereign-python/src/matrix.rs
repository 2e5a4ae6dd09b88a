//! Products of matrices.

use std::slice;

use trueno::{Epilogue, Right, Unary, View, ViewMut, device};

use crate::{
    call::{Answer, Call, Keyword, Object, text},
    dtype::Dtype,
    elementwise::narrowed,
    errors::{Expected, Failure},
    operand::{Held, Output, Real, Wanted, elements, require_dtype, with_real},
    options::{BACKEND, EXPLAIN, OUT, Options},
    packed::Packed,
    pool::Scratch,
    rows::require_columns,
    strided::{self, Strided},
    threads::{self, Threads},
};

/// Arrays of NumPy up to so many elements are read without holding them.
const SHORT: usize = 4096;

/// Additions and multiplications that take about as long as one element of the operations that go through memory once.
const FLOPS_PER_ELEMENT: usize = 32;

static BIAS: Keyword = Keyword::new(c"bias");
static ACTIVATION: Keyword = Keyword::new(c"activation");
pub(crate) static THREADS: Keyword = Keyword::new(c"threads");

/// Look into matrices; where the work is worth unlocking for, they are held.
pub(crate) fn look<'a, const N: usize>(
    wanted: &'a [Wanted; N],
    found: &mut [Option<Strided>; N],
    flops: impl Fn(&[Option<Strided>; N]) -> usize,
) -> Result<(Held<'a>, usize), Failure> {
    let held = Held::look(wanted, found, SHORT)?;
    let elements = flops(found) / FLOPS_PER_ELEMENT;
    if held.would_lock(elements) {
        drop(held);
        // What is known already would not be asked for again, and so not be held.
        *found = [None; N];
        return Ok((Held::look(wanted, found, 0)?, elements));
    }
    Ok((held, elements))
}

/// The matrix as kernels see it; one whose strides they do not take is packed into `scratch`.
///
/// # Safety
/// As for [`elements`].
pub(crate) unsafe fn view<'a, T: Real>(
    matrix: &Strided,
    scratch: &mut Option<Scratch>,
) -> Result<View<'a, T>, Failure> {
    let [rows, columns] = matrix.shape;
    let is_plain =
        matrix.is_aligned() && (rows <= 1 || matrix.strides[0] >= 0) && (columns <= 1 || matrix.strides[1] >= 0);
    if !is_plain || matrix.size() == 0 {
        // SAFETY: as the caller says.
        return Ok(View::new(unsafe { elements(matrix, scratch)? }, rows, columns)?);
    }
    let steps = |k: usize| if matrix.shape[k] <= 1 { 0 } else { matrix.strides[k].unsigned_abs() / size_of::<T>() };
    let (down, right) = (steps(0), steps(1));
    let extent = (rows - 1) * down + (columns - 1) * right + 1;
    // SAFETY: the first and the last element of the matrix lie inside one allocation, and with them all between.
    let data = unsafe { slice::from_raw_parts(matrix.start.cast(), extent) };
    Ok(View::strided(data, rows, columns, down, right)?)
}

/// Refuse what has another number of dimensions.
pub(crate) fn require_rank(array: &Strided, rank: u8, name: &'static str) -> Result<(), Failure> {
    if array.rank == rank {
        return Ok(());
    }
    let expected = Expected::Kind(if rank == 1 { "(n,)" } else { "(m, n)" });
    Err(Failure::Shape { name, expected, got: array.dimensions().to_vec() })
}

/// Refuse another shape.
pub(crate) fn require_dimensions(array: &Strided, expected: &[usize], name: &'static str) -> Result<(), Failure> {
    if array.dimensions() == expected {
        return Ok(());
    }
    let expected = Expected::Shape(expected.to_vec());
    Err(Failure::Shape { name, expected, got: array.dimensions().to_vec() })
}

/// The function that follows a product, by its name.
fn activation(object: Object) -> Result<Unary<f64>, Failure> {
    // SAFETY: the caller keeps its argument alive.
    match unsafe { text(object) }? {
        "gelu" => Ok(Unary::Gelu),
        "leaky_relu" => Ok(Unary::LeakyRelu { slope: crate::elementwise::SLOPE_BELOW_ZERO }),
        "relu" => Ok(Unary::Relu),
        "sigmoid" => Ok(Unary::Sigmoid),
        "silu" => Ok(Unary::Silu),
        "tanh" => Ok(Unary::Tanh),
        other => Err(Failure::Parameter {
            name: "activation",
            value: other.to_owned(),
            allowed: "gelu, leaky_relu, relu, sigmoid, silu or tanh".to_owned(),
        }),
    }
}

/// What a product of these shapes costs.
fn work(rows: usize, depth: usize, columns: usize, dtype: Dtype) -> device::Work {
    let [m, p, n] = [rows, depth, columns].map(|length| length as f64);
    let doubled = if dtype == Dtype::Float64 { 2.0 } else { 1.0 };
    let bytes = (m * p + p * n + m * n) * dtype.size() as f64;
    device::Work { operation: "matmul", elements: rows * columns, flops: 2.0 * m * p * n * doubled, bytes }
}

pub(crate) fn matmul(call: &Call) -> Answer {
    let [a, b] = call.positional()?;
    let [out, backend, explain, bias, function, threads] =
        call.keywords(&[&OUT, &BACKEND, &EXPLAIN, &BIAS, &ACTIVATION, &THREADS])?;
    let function = function.map(activation).transpose()?;
    let threads = threads::asked(threads)?;
    let packed = Packed::of(b);
    let mut options = Options::new(out, backend, explain)?;
    if let (Some(packed), None) = (packed, backend) {
        // It knows the order of one backend alone.
        options.follow_packed(packed.kernels);
    }
    let right = if packed.is_some() { Wanted::NOTHING } else { Wanted::input(b, "b") };
    let wanted = [Wanted::input(a, "a"), right, Wanted::optional(bias, "bias"), Wanted::output(out, "out")];
    let mut found = [None; 4];
    let columns_of = |b: &Option<Strided>| packed.map_or_else(|| b.map_or(0, |b| b.shape[1]), |b| b.shape[1]);
    let (held, elements_of_work) =
        look(&wanted, &mut found, |found| found[0].map_or(0, |a| 2 * a.size()).saturating_mul(columns_of(&found[1])))?;
    let [Some(a), b, bias, out] = found else { unreachable!("the left side is wanted") };
    require_rank(&a, 2, "a")?;
    let columns = columns_of(&b);
    check_right(&a, b.as_ref(), packed)?;
    if let Some(bias) = &bias {
        require_dtype(a.dtype, bias, "bias")?;
        require_columns(bias, columns, "bias")?;
    }
    let Threads { count, reason } =
        threads.choose(&work(a.shape[0], a.shape[1], columns, a.dtype), options.kernels, options.explain);
    let result = with_real!(a, "a", T => {
        let output = Output::new(a.dtype, 2, [a.shape[0], columns], options.out.zip(out.as_ref()), "out")?;
        for input in [Some(&a), b.as_ref(), bias.as_ref()].into_iter().flatten() {
            output.require_apart(input)?;
        }
        let (mut a_scratch, mut b_scratch, mut bias_scratch) = (None, None, None);
        // SAFETY: the arrays are held and of type `T`; the scratches live until the result is there. The target shares
        // no element with an input.
        unsafe {
            let a = view::<T>(&a, &mut a_scratch)?;
            let bias = bias.map(|bias| elements::<T>(&bias, &mut bias_scratch)).transpose()?;
            let epilogue = Epilogue { bias, activation: function.map(narrowed), accumulate: false };
            let mut target = ViewMut::new(output.slice::<T>(), a.rows(), columns)?;
            let packed = packed.map(Packed::matrix::<T>).transpose()?;
            let right = match (&packed, &b) {
                (Some(packed), _) => Right::Packed(packed),
                (None, Some(b)) => Right::View(view::<T>(b, &mut b_scratch)?),
                (None, None) => unreachable!("the right side is wanted"),
            };
            held.run(elements_of_work, || options.kernels.matmul(a, right, epilogue, &mut target, count))?;
        }
        Ok(output.finish())
    })?;
    drop(held);
    options.answer_of(result, count, &reason)
}

/// Refuse a right side that does not go with the left one.
fn check_right(a: &Strided, b: Option<&Strided>, packed: Option<&Packed>) -> Result<(), Failure> {
    if let Some(b) = b {
        require_rank(b, 2, "b")?;
        require_dtype(a.dtype, b, "b")?;
        return require_dimensions(b, &[a.shape[1], b.shape[1]], "b");
    }
    let packed = packed.expect("a right side is a matrix or a packed one");
    if packed.dtype != a.dtype {
        let allowed = crate::indexing::one_name(a.dtype);
        return Err(Failure::Dtype { name: "b", got: packed.dtype.name().to_owned(), allowed });
    }
    if packed.shape[0] == a.shape[1] {
        return Ok(());
    }
    let expected = Expected::Shape(vec![a.shape[1], packed.shape[1]]);
    Err(Failure::Shape { name: "b", expected, got: packed.shape.to_vec() })
}

pub(crate) fn matvec(call: &Call) -> Answer {
    let [a, x] = call.positional()?;
    let [out, backend, explain, threads] = call.keywords(&[&OUT, &BACKEND, &EXPLAIN, &THREADS])?;
    let (threads, options) = (threads::asked(threads)?, Options::new(out, backend, explain)?);
    let wanted = [Wanted::input(a, "a"), Wanted::input(x, "x"), Wanted::output(out, "out")];
    let mut found = [None; 3];
    let (held, elements_of_work) = look(&wanted, &mut found, |found| found[0].map_or(0, |a| 2 * a.size()))?;
    let [Some(a), Some(x), out] = found else { unreachable!("both arrays are wanted") };
    require_rank(&a, 2, "a")?;
    require_dtype(a.dtype, &x, "x")?;
    require_dimensions(&x, &[a.shape[1]], "x")?;
    let Threads { count, reason } =
        threads.choose(&work(a.shape[0], a.shape[1], 1, a.dtype), options.kernels, options.explain);
    let result = with_real!(a, "a", T => {
        let output = Output::new(a.dtype, 1, [1, a.shape[0]], options.out.zip(out.as_ref()), "out")?;
        output.require_apart(&a)?;
        output.require_apart(&x)?;
        let (mut a_scratch, mut x_scratch) = (None, None);
        // SAFETY: as in `matmul`.
        unsafe {
            let (a, x) = (view::<T>(&a, &mut a_scratch)?, elements::<T>(&x, &mut x_scratch)?);
            let target = output.slice::<T>();
            held.run(elements_of_work, || options.kernels.matvec(a, x, target, count))?;
        }
        Ok(output.finish())
    })?;
    drop(held);
    options.answer_of(result, count, &reason)
}

pub(crate) fn outer(call: &Call) -> Answer {
    let [a, b] = call.positional()?;
    let options = Options::of(call)?;
    let wanted = [Wanted::input(a, "a"), Wanted::input(b, "b"), Wanted::output(options.out, "out")];
    let mut found = [None; 3];
    let size = |array: &Option<Strided>| array.map_or(0, |array| array.size());
    let (held, elements_of_work) = look(&wanted, &mut found, |found| {
        size(&found[0]).saturating_mul(size(&found[1])).saturating_mul(FLOPS_PER_ELEMENT)
    })?;
    let [Some(a), Some(b), out] = found else { unreachable!("both arrays are wanted") };
    require_rank(&a, 1, "a")?;
    require_rank(&b, 1, "b")?;
    require_dtype(a.dtype, &b, "b")?;
    let result = with_real!(a, "a", T => {
        let output = Output::new(a.dtype, 2, [a.size(), b.size()], options.out.zip(out.as_ref()), "out")?;
        output.require_apart(&a)?;
        output.require_apart(&b)?;
        let (mut a_scratch, mut b_scratch) = (None, None);
        // SAFETY: as in `matmul`.
        unsafe {
            let (a, b) = (elements::<T>(&a, &mut a_scratch)?, elements::<T>(&b, &mut b_scratch)?);
            let mut target = ViewMut::new(output.slice::<T>(), a.len(), b.len())?;
            held.run(elements_of_work, || options.kernels.outer(a, b, &mut target))?;
        }
        Ok(output.finish())
    })?;
    drop(held);
    options.answer(result)
}

/// The transposed matrix as a copy whose rows are contiguous.
pub(crate) fn transpose(call: &Call) -> Answer {
    let [a] = call.positional()?;
    let options = Options::of(call)?;
    let wanted = [Wanted::input(a, "a"), Wanted::output(options.out, "out")];
    let mut found = [None; 2];
    let (held, elements_of_work) =
        look(&wanted, &mut found, |found| found[0].map_or(0, |a| a.size()).saturating_mul(FLOPS_PER_ELEMENT))?;
    let [Some(a), out] = found else { unreachable!("the matrix is wanted") };
    require_rank(&a, 2, "a")?;
    let output = Output::new(a.dtype, 2, [a.shape[1], a.shape[0]], options.out.zip(out.as_ref()), "out")?;
    output.require_apart(&a)?;
    let target = output.target(a.dtype, 2, [a.shape[1], a.shape[0]]);
    // SAFETY: the matrix is held, and the target shares no element with it.
    held.run(elements_of_work, || unsafe { strided::copy(&a.transposed(), &target) });
    let result = output.finish();
    drop(held);
    options.answer(result)
}
