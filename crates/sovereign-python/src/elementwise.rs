//! Operations on each element: one, two or three operands of one shape, numbers among them.

use trueno::{Binary, Error, Kernels, Operand, Ternary, Unary};

use crate::{
    buffer::type_name,
    call::{Answer, Call, Keyword, Object, none},
    dtype::{FLOATS, float},
    errors::Failure,
    operand::{Held, Output, Real, UNLOCK_FROM, Wanted, number, require_dtype, with_real},
    options::{BACKEND, EXPLAIN, OUT, Options},
    pool::Scratch,
    strided::{Strided, require_shape},
};

/// An operation on `N` operands.
trait Elementwise<const N: usize> {
    fn run<T: Real>(&self, kernels: &Kernels, operands: [Operand<T>; N], out: &mut [T]) -> Result<(), Error>;
}

impl Elementwise<1> for Unary<f64> {
    fn run<T: Real>(&self, kernels: &Kernels, [x]: [Operand<T>; 1], out: &mut [T]) -> Result<(), Error> {
        kernels.map(narrowed(*self), x, out)
    }
}

impl Elementwise<2> for Binary {
    fn run<T: Real>(&self, kernels: &Kernels, [a, b]: [Operand<T>; 2], out: &mut [T]) -> Result<(), Error> {
        kernels.zip(*self, a, b, out)
    }
}

impl Elementwise<3> for Ternary {
    fn run<T: Real>(&self, kernels: &Kernels, [a, b, c]: [Operand<T>; 3], out: &mut [T]) -> Result<(), Error> {
        kernels.blend(*self, a, b, c, out)
    }
}

/// The same operation with its parameters in the type of the elements.
pub(crate) fn narrowed<T: Real>(op: Unary<f64>) -> Unary<T> {
    match op {
        Unary::Abs => Unary::Abs,
        Unary::Neg => Unary::Neg,
        Unary::Sqrt => Unary::Sqrt,
        Unary::Exp => Unary::Exp,
        Unary::Log => Unary::Log,
        Unary::Relu => Unary::Relu,
        Unary::LeakyRelu { slope } => Unary::LeakyRelu { slope: T::of(slope) },
        Unary::Gelu => Unary::Gelu,
        Unary::GeluTanh => Unary::GeluTanh,
        Unary::Silu => Unary::Silu,
        Unary::Sigmoid => Unary::Sigmoid,
        Unary::Tanh => Unary::Tanh,
        Unary::Clip { low, high } => Unary::Clip { low: T::of(low), high: T::of(high) },
        Unary::Square => Unary::Square,
        Unary::Reciprocal => Unary::Reciprocal,
        // The enumeration may grow, and each member has its function here.
        other => unreachable!("an operation without a function: {other:?}"),
    }
}

/// Operands that an operation takes at most; the output comes behind them.
const MOST: usize = 3;

#[inline]
fn elementwise<const N: usize>(
    objects: [Object; N],
    names: [&'static str; N],
    options: &Options,
    op: impl Elementwise<N>,
) -> Answer {
    let (mut wanted, mut numbers, mut found) = ([Wanted::NOTHING; MOST + 1], [0.0; MOST], [None; MOST + 1]);
    wanted[MOST] = Wanted::output(options.out, "out");
    // A number may run Python code of its own, so all are read before any array is.
    for k in 0..N {
        match number(objects[k], names[k])? {
            Some(value) => numbers[k] = value,
            None => wanted[k] = Wanted::input(objects[k], names[k]),
        }
    }
    let held = Held::look(&wanted, &mut found, UNLOCK_FROM)?;
    let Some((first, like)) = found[..N].iter().enumerate().find_map(|(k, lies)| Some((k, lies.as_ref()?))) else {
        return Err(Failure::Dtype { name: names[0], got: type_name(objects[0]), allowed: FLOATS });
    };
    for k in first + 1..N {
        if let Some(other) = &found[k] {
            require_dtype(like.dtype, other, names[k])?;
            require_shape(like, other, names[k])?;
        }
    }
    let result = with_real!(like, names[first], T => {
        fill::<N, T>(&held, &found, &numbers, like, options, &op)
    })?;
    drop(held);
    options.answer(result)
}

#[inline]
fn fill<const N: usize, T: Real>(
    held: &Held,
    found: &[Option<Strided>; MOST + 1],
    numbers: &[f64; MOST],
    like: &Strided,
    options: &Options,
    op: &impl Elementwise<N>,
) -> Answer {
    let output = Output::new(T::DTYPE, like.rank, like.shape, options.out.zip(found[MOST].as_ref()), "out")?;
    let mut operands = [Operand::Out; N];
    let mut scratches: [Option<Scratch>; N] = [const { None }; N];
    for k in 0..N {
        operands[k] = match &found[k] {
            None => Operand::Scalar(T::of(numbers[k])),
            // SAFETY: the array is held and of type `T`; the scratches live until the result is there.
            Some(lies) => unsafe { output.operand(lies, &mut scratches[k])? },
        };
    }
    // SAFETY: the target is dense, of type `T`, and shares no element with an operand but where it is the operand.
    let out = unsafe { output.slice::<T>() };
    held.run(out.len(), || op.run(options.kernels, operands, out))?;
    Ok(output.finish())
}

/// The functions of the operations without parameters of their own.
macro_rules! operations {
    ($names:tt: $($function:ident => $op:expr;)*) => {
        $(pub(crate) fn $function(call: &Call) -> Answer {
            elementwise(call.positional()?, $names, &Options::of(call)?, $op)
        })*
    };
}

operations! { ["a", "b"]:
    add => Binary::Add;
    sub => Binary::Sub;
    mul => Binary::Mul;
    div => Binary::Div;
    minimum => Binary::Minimum;
    maximum => Binary::Maximum;
    pow => Binary::Pow;
}

operations! { ["x", "factor"]:
    scale => Binary::Mul;
}

operations! { ["a", "b", "c"]:
    fma => Ternary::Fma;
}

operations! { ["a", "b", "t"]:
    lerp => Ternary::Lerp;
}

operations! { ["x"]:
    abs => Unary::Abs;
    exp => Unary::Exp;
    log => Unary::Log;
    neg => Unary::Neg;
    reciprocal => Unary::Reciprocal;
    relu => Unary::Relu;
    sigmoid => Unary::Sigmoid;
    silu => Unary::Silu;
    sqrt => Unary::Sqrt;
    square => Unary::Square;
    tanh => Unary::Tanh;
}

static SLOPE: Keyword = Keyword::new(c"slope");
static APPROXIMATE: Keyword = Keyword::new(c"approximate");

/// The slope below zero, unless the caller names one.
pub(crate) const SLOPE_BELOW_ZERO: f64 = 0.01;

pub(crate) fn leaky_relu(call: &Call) -> Answer {
    let x = call.positional()?;
    let [out, backend, explain, slope] = call.keywords(&[&OUT, &BACKEND, &EXPLAIN, &SLOPE])?;
    let slope = slope.map_or(Ok(SLOPE_BELOW_ZERO), float)?;
    elementwise(x, ["x"], &Options::new(out, backend, explain)?, Unary::LeakyRelu { slope })
}

pub(crate) fn gelu(call: &Call) -> Answer {
    let x = call.positional()?;
    let [out, backend, explain, approximate] = call.keywords(&[&OUT, &BACKEND, &EXPLAIN, &APPROXIMATE])?;
    let is_approximate = approximate.map_or(Ok(false), crate::call::truth)?;
    let op = if is_approximate { Unary::GeluTanh } else { Unary::Gelu };
    elementwise(x, ["x"], &Options::new(out, backend, explain)?, op)
}

pub(crate) fn clip(call: &Call) -> Answer {
    let [x, low, high] = call.optional(3)?;
    let low = low.map_or(Ok(f64::NEG_INFINITY), float)?;
    let high = high.map_or(Ok(f64::INFINITY), float)?;
    elementwise([x.unwrap_or_else(none)], ["x"], &Options::of(call)?, Unary::Clip { low, high })
}

/// Add `a * x` to `y`, in place.
pub(crate) fn axpy(call: &Call) -> Answer {
    let [a, x, y] = call.positional()?;
    let options = Options::without_out(call)?;
    let a = float(a)?;
    let wanted = [Wanted::input(x, "x"), Wanted::output(Some(y), "y")];
    let mut found = [None; 2];
    let held = Held::look(&wanted, &mut found, UNLOCK_FROM)?;
    let [Some(x), Some(y_lies)] = found else { unreachable!("both arrays are wanted") };
    require_dtype(x.dtype, &y_lies, "y")?;
    require_shape(&x, &y_lies, "y")?;
    let result = with_real!(x, "x", T => {
        let output = Output::new(x.dtype, x.rank, x.shape, Some((y, &y_lies)), "y")?;
        let (mut x_scratch, mut y_scratch) = (None, None);
        // SAFETY: the arrays are held and of type `T`; the scratches live until the result is there. The target shares
        // no element with an operand but where it is the operand.
        let (x, y, out) = unsafe {
            let x = output.operand::<T>(&x, &mut x_scratch)?;
            (x, output.operand::<T>(&y_lies, &mut y_scratch)?, output.slice::<T>())
        };
        held.run(out.len(), || options.kernels.blend(Ternary::Fma, Operand::Scalar(T::of(a)), x, y, out))?;
        Ok(output.finish())
    })?;
    drop(held);
    // SAFETY: the reference is ours.
    unsafe { pyo3::ffi::Py_DecRef(result) };
    options.answer(none())
}
