//! From arrays to numbers: sums, extremes, norms.

use pyo3::ffi;
use trueno::{Extreme, Kernels, Norm};

use crate::{
    call::{Answer, Call, Keyword, Object, owned},
    dtype::{Dtype, integer},
    errors::{Expected, Failure},
    operand::{Held, Real, UNLOCK_FROM, Wanted, elements, require_dtype, with_real},
    options::{BACKEND, EXPLAIN, Options},
    strided::{Strided, require_shape},
};

pub(crate) fn dot(call: &Call) -> Answer {
    let [a, b] = call.positional()?;
    let options = Options::without_out(call)?;
    let wanted = [Wanted::input(a, "a"), Wanted::input(b, "b")];
    let mut found = [None; 2];
    let held = Held::look(&wanted, &mut found, UNLOCK_FROM)?;
    let [Some(a), Some(b)] = found else { unreachable!("both arrays are wanted") };
    for (array, name) in [(&a, "a"), (&b, "b")] {
        if array.rank != 1 {
            return Err(Failure::Shape { name, expected: Expected::Kind("(n,)"), got: array.dimensions().to_vec() });
        }
    }
    require_dtype(a.dtype, &b, "b")?;
    require_shape(&a, &b, "b")?;
    let (mut a_scratch, mut b_scratch) = (None, None);
    let result = if a.dtype == Dtype::Int8 {
        // SAFETY: the arrays are held and of this type; the scratches live until the result is there.
        let (a, b) = unsafe { (elements(&a, &mut a_scratch)?, elements(&b, &mut b_scratch)?) };
        let product = held.run(a.len(), || options.kernels.dot_i8(a, b))?;
        whole(product.into())
    } else {
        with_real!(a, "a", T => {
            // SAFETY: as above.
            let (a, b) = unsafe { (elements::<T>(&a, &mut a_scratch)?, elements::<T>(&b, &mut b_scratch)?) };
            real(held.run(a.len(), || options.kernels.dot(a, b))?.double())
        })
    }?;
    drop(held);
    options.answer(result)
}

/// What a reduction finds.
enum Found {
    Number(f64),
    Place(usize),
}

/// A reduction of all elements of one array.
trait Reduction {
    fn run<T: Real>(&self, kernels: &Kernels, x: &[T]) -> Option<Found>;
}

struct Sum;
struct Mean;
struct Variance {
    ddof: usize,
}
struct PositionOf(Extreme);

impl Reduction for Sum {
    #[inline]
    fn run<T: Real>(&self, kernels: &Kernels, x: &[T]) -> Option<Found> {
        Some(Found::Number(kernels.sum(x).double()))
    }
}

impl Reduction for Mean {
    fn run<T: Real>(&self, kernels: &Kernels, x: &[T]) -> Option<Found> {
        kernels.mean(x).map(|mean| Found::Number(mean.double()))
    }
}

impl Reduction for Variance {
    fn run<T: Real>(&self, kernels: &Kernels, x: &[T]) -> Option<Found> {
        kernels.variance(x, self.ddof).map(|variance| Found::Number(variance.double()))
    }
}

impl Reduction for Extreme {
    fn run<T: Real>(&self, kernels: &Kernels, x: &[T]) -> Option<Found> {
        kernels.extreme(*self, x).map(|extreme| Found::Number(extreme.double()))
    }
}

impl Reduction for PositionOf {
    fn run<T: Real>(&self, kernels: &Kernels, x: &[T]) -> Option<Found> {
        kernels.position_of(self.0, x).map(Found::Place)
    }
}

impl Reduction for Norm {
    fn run<T: Real>(&self, kernels: &Kernels, x: &[T]) -> Option<Found> {
        Some(Found::Number(kernels.norm(*self, x).double()))
    }
}

#[inline]
fn reduce(x: Object, options: &Options, least: usize, op: impl Reduction) -> Answer {
    let wanted = [Wanted::input(x, "x")];
    let mut found = [None; 1];
    let held = Held::look(&wanted, &mut found, UNLOCK_FROM)?;
    let [Some(x)] = found else { unreachable!("the array is wanted") };
    let mut scratch = None;
    let answer = with_real!(x, "x", T => {
        // SAFETY: the array is held and of type `T`; the scratch lives until the result is there.
        let elements = unsafe { elements::<T>(&x, &mut scratch)? };
        Ok(held.run(elements.len(), || op.run(options.kernels, elements)))
    })?;
    drop(held);
    let result = match answer {
        Some(Found::Number(number)) => real(number)?,
        Some(Found::Place(place)) => whole(place as i64)?,
        None => return Err(too_few(&x, least)),
    };
    options.answer(result)
}

/// The answer would stand on nothing.
#[cold]
fn too_few(x: &Strided, least: usize) -> Failure {
    let value = crate::errors::tuple(x.dimensions());
    Failure::Parameter { name: "x", value, allowed: format!("an array of at least {least} elements") }
}

#[inline]
pub(crate) fn real(number: f64) -> Answer {
    // SAFETY: the interpreter is locked.
    owned(unsafe { ffi::PyFloat_FromDouble(number) })
}

pub(crate) fn whole(number: i64) -> Answer {
    // SAFETY: the interpreter is locked.
    owned(unsafe { ffi::PyLong_FromLongLong(number) })
}

macro_rules! reductions {
    ($($function:ident => $op:expr;)*) => {
        $(pub(crate) fn $function(call: &Call) -> Answer {
            let [x] = call.positional()?;
            reduce(x, &Options::without_out(call)?, 1, $op)
        })*
    };
}

reductions! {
    sum => Sum;
    mean => Mean;
    min => Extreme::Min;
    max => Extreme::Max;
    argmin => PositionOf(Extreme::Min);
    argmax => PositionOf(Extreme::Max);
    norm_l1 => Norm::L1;
    norm_l2 => Norm::L2;
    norm_linf => Norm::Linf;
}

static DDOF: Keyword = Keyword::new(c"ddof");

pub(crate) fn var(call: &Call) -> Answer {
    let [x] = call.positional()?;
    let [backend, explain, ddof] = call.keywords(&[&BACKEND, &EXPLAIN, &DDOF])?;
    let ddof = natural(ddof.map_or(Ok(0), integer)?, "ddof")?;
    reduce(x, &Options::new(None, backend, explain)?, ddof + 1, Variance { ddof })
}

/// A number of things.
pub(crate) fn natural(number: i64, name: &'static str) -> Result<usize, Failure> {
    let refusal = |_| Failure::Parameter { name, value: number.to_string(), allowed: "0 or more".to_owned() };
    usize::try_from(number).map_err(refusal)
}
