//! Operations on each row: softmax, normalisation, running sums.

use trueno::{Error, Kernels, Norm, Operand, Rows};

use crate::{
    call::{Answer, Call, Keyword, Object},
    dtype::float,
    errors::{Expected, Failure},
    operand::{Held, Output, Real, UNLOCK_FROM, Wanted, elements, require_dtype, with_real},
    options::{BACKEND, EXPLAIN, OUT, Options},
    strided::Strided,
};

/// Something done to each row, with one number for each column where the operation has such.
trait EachRow {
    fn run<T: Real>(
        &self,
        kernels: &Kernels,
        x: Operand<T>,
        columns: usize,
        per_column: [Option<&[T]>; 2],
        out: &mut [T],
    ) -> Result<(), Error>;
}

enum Operation {
    Softmax,
    LogSoftmax,
    LayerNorm { epsilon: f64 },
    RmsNorm { epsilon: f64 },
}

impl EachRow for Operation {
    fn run<T: Real>(
        &self,
        kernels: &Kernels,
        x: Operand<T>,
        columns: usize,
        [weight, bias]: [Option<&[T]>; 2],
        out: &mut [T],
    ) -> Result<(), Error> {
        let op = match *self {
            Self::Softmax => Rows::Softmax,
            Self::LogSoftmax => Rows::LogSoftmax,
            Self::LayerNorm { epsilon } => Rows::LayerNorm { epsilon: T::of(epsilon), weight, bias },
            Self::RmsNorm { epsilon } => Rows::RmsNorm { epsilon: T::of(epsilon), weight },
        };
        kernels.rows(op, x, columns, out)
    }
}

/// Each row divided by its length; a row of zeros stays one.
struct Normalize;

impl EachRow for Normalize {
    fn run<T: Real>(
        &self,
        kernels: &Kernels,
        x: Operand<T>,
        columns: usize,
        _: [Option<&[T]>; 2],
        out: &mut [T],
    ) -> Result<(), Error> {
        for place in (0..out.len()).step_by(columns.max(1)) {
            let out = &mut out[place..place + columns];
            let (x, norm) = match x {
                Operand::Slice(x) => {
                    let x = &x[place..place + columns];
                    (Operand::Slice(x), kernels.norm(Norm::L2, x))
                }
                other => (other, kernels.norm(Norm::L2, out)),
            };
            let length = if norm.double() == 0.0 { T::of(1.0) } else { norm };
            kernels.zip(trueno::Binary::Div, x, Operand::Scalar(length), out)?;
        }
        Ok(())
    }
}

struct PrefixSum;

impl EachRow for PrefixSum {
    fn run<T: Real>(
        &self,
        kernels: &Kernels,
        x: Operand<T>,
        columns: usize,
        _: [Option<&[T]>; 2],
        out: &mut [T],
    ) -> Result<(), Error> {
        for place in (0..out.len()).step_by(columns.max(1)) {
            let x = match x {
                Operand::Slice(x) => Operand::Slice(&x[place..place + columns]),
                other => other,
            };
            kernels.prefix_sum(x, &mut out[place..place + columns])?;
        }
        Ok(())
    }
}

/// `per_column` are vectors of one number for each column, with their names.
#[inline]
fn each_row(
    x: Object,
    per_column: [(Option<Object>, &'static str); 2],
    options: &Options,
    op: &impl EachRow,
) -> Answer {
    let [weight, bias] = per_column.map(|(object, name)| Wanted::optional(object, name));
    let wanted = [Wanted::input(x, "x"), weight, bias, Wanted::output(options.out, "out")];
    let mut found = [None; 4];
    let held = Held::look(&wanted, &mut found, UNLOCK_FROM)?;
    let [Some(x), weight, bias, out] = found else { unreachable!("the array is wanted") };
    let columns = x.shape[1];
    for (vector, (_, name)) in [weight, bias].into_iter().zip(per_column) {
        if let Some(vector) = vector {
            require_dtype(x.dtype, &vector, name)?;
            require_columns(&vector, columns, name)?;
        }
    }
    let result = with_real!(x, "x", T => {
        let output = Output::new(x.dtype, x.rank, x.shape, options.out.zip(out.as_ref()), "out")?;
        let (mut x_scratch, mut scratches) = (None, [None, None]);
        let mut vectors = [None; 2];
        for (k, vector) in [weight, bias].into_iter().enumerate() {
            let Some(vector) = vector else { continue };
            output.require_apart(&vector)?;
            // SAFETY: the array is held and of type `T`; the scratch lives until the result is there.
            vectors[k] = Some(unsafe { elements::<T>(&vector, &mut scratches[k])? });
        }
        // SAFETY: as above; the target shares no element with `x` but where it is `x`.
        let (x, out) = unsafe { (output.operand::<T>(&x, &mut x_scratch)?, output.slice::<T>()) };
        held.run(out.len(), || op.run(options.kernels, x, columns, vectors, out))?;
        Ok(output.finish())
    })?;
    drop(held);
    options.answer(result)
}

/// Refuse what is not a vector of one number for each column.
pub(crate) fn require_columns(vector: &Strided, columns: usize, name: &'static str) -> Result<(), Failure> {
    if vector.rank == 1 && vector.shape[1] == columns {
        return Ok(());
    }
    Err(Failure::Shape { name, expected: Expected::Shape(vec![columns]), got: vector.dimensions().to_vec() })
}

const NONE: [(Option<Object>, &str); 2] = [(None, ""), (None, "")];

macro_rules! operations {
    ($($function:ident => $op:expr;)*) => {
        $(pub(crate) fn $function(call: &Call) -> Answer {
            let [x] = call.positional()?;
            each_row(x, NONE, &Options::of(call)?, &$op)
        })*
    };
}

operations! {
    softmax => Operation::Softmax;
    log_softmax => Operation::LogSoftmax;
    normalize => Normalize;
    prefix_sum => PrefixSum;
}

static WEIGHT: Keyword = Keyword::new(c"weight");
static BIAS: Keyword = Keyword::new(c"bias");
static EPSILON: Keyword = Keyword::new(c"epsilon");

pub(crate) fn layer_norm(call: &Call) -> Answer {
    let [x] = call.positional()?;
    let [out, backend, explain, weight, bias, epsilon] =
        call.keywords(&[&OUT, &BACKEND, &EXPLAIN, &WEIGHT, &BIAS, &EPSILON])?;
    let epsilon = epsilon.map_or(Ok(1e-5), float)?;
    let options = Options::new(out, backend, explain)?;
    each_row(x, [(weight, "weight"), (bias, "bias")], &options, &Operation::LayerNorm { epsilon })
}

pub(crate) fn rms_norm(call: &Call) -> Answer {
    let [x] = call.positional()?;
    let [out, backend, explain, weight, epsilon] = call.keywords(&[&OUT, &BACKEND, &EXPLAIN, &WEIGHT, &EPSILON])?;
    let epsilon = epsilon.map_or(Ok(1e-6), float)?;
    let options = Options::new(out, backend, explain)?;
    each_row(x, [(weight, "weight"), (None, "")], &options, &Operation::RmsNorm { epsilon })
}
