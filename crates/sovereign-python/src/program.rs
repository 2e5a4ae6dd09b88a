//! Fused expressions: bytes from `sovereign.compute.trueno.expression` become a program.
//!
//! All numbers are little-endian.
//!
//! ```text
//! header    u8 version = 1, u8 reduction (0 none, 1 sum, 2 mean, 3 min, 4 max), u16 inputs, u16 scalars, u16 steps
//! scalars   f64 each
//! steps     u16 operation, u16 a, u16 b, u16 c each; operands that the operation has not are 0xFFFF
//! ```
//!
//! An operand is the number of a value: first the inputs, then the scalars, then the results of the steps in order. The
//! last step's result is the program's.

use trueno::{Binary, Operand, Program, Reduction, Step, Ternary, Unary};

use crate::{
    buffer::{View, type_name},
    call::{Answer, Call, Object},
    errors::Failure,
    operand::{Held, Output, Real, UNLOCK_FROM, Wanted, require_dtype, with_real},
    options::Options,
    pool::Scratch,
    reduce::real,
    strided::{Strided, require_shape},
};

const VERSION: u8 = 1;
const HEADER: usize = 8;
const STEP: usize = 8;

/// Inputs that an expression can have; it has no more steps than twice that.
const MOST_INPUTS: usize = 32;

/// A program as it came, cut into its pieces.
struct Encoded<'a> {
    reduction: Option<Reduction>,
    inputs: usize,
    scalars: &'a [u8],
    steps: &'a [u8],
}

/// A program that is not one.
#[cold]
fn malformed(value: impl ToString) -> Failure {
    let allowed = "the bytes of a program that `Expression` writes".to_owned();
    Failure::Parameter { name: "program", value: value.to_string(), allowed }
}

fn short(bytes: &[u8], place: usize) -> u16 {
    u16::from_le_bytes([bytes[place], bytes[place + 1]])
}

impl<'a> Encoded<'a> {
    fn parse(bytes: &'a [u8]) -> Result<Self, Failure> {
        if bytes.len() < HEADER || bytes[0] != VERSION {
            return Err(malformed("another version"));
        }
        let reduction = match bytes[1] {
            0 => None,
            1 => Some(Reduction::Sum),
            2 => Some(Reduction::Mean),
            3 => Some(Reduction::Min),
            4 => Some(Reduction::Max),
            other => return Err(malformed(format!("reduction {other}"))),
        };
        let [inputs, scalars, steps] = [2, 4, 6].map(|place| usize::from(short(bytes, place)));
        let end = HEADER + scalars * size_of::<f64>();
        if bytes.len() != end + steps * STEP {
            return Err(malformed(format!("{} bytes", bytes.len())));
        }
        if inputs > MOST_INPUTS {
            return Err(malformed(format!("{inputs} inputs")));
        }
        Ok(Self { reduction, inputs, scalars: &bytes[HEADER..end], steps: &bytes[end..] })
    }

    /// The scalar with this number.
    fn scalar(&self, number: usize) -> f64 {
        let bytes = &self.scalars[number * size_of::<f64>()..][..size_of::<f64>()];
        f64::from_le_bytes(bytes.try_into().expect("a slice of this length"))
    }

    /// The value with this number.
    fn term<T: Real>(&self, value: u16) -> trueno::Term<T> {
        let (value, scalars) = (usize::from(value), self.scalars.len() / size_of::<f64>());
        if value < self.inputs {
            trueno::Term::Input(value)
        } else if value < self.inputs + scalars {
            trueno::Term::Number(T::of(self.scalar(value - self.inputs)))
        } else {
            // Whether the step comes earlier is checked when the program is made.
            trueno::Term::Value(value - self.inputs - scalars)
        }
    }

    /// A parameter of an operation, which has to be a scalar.
    fn parameter<T: Real>(&self, value: u16) -> Result<T, Failure> {
        match self.term(value) {
            trueno::Term::Number(number) => Ok(number),
            _ => Err(malformed(format!("value {value} as a parameter"))),
        }
    }

    fn step<T: Real>(&self, bytes: &[u8]) -> Result<Step<T>, Failure> {
        let [operation, a, b, c] = [0, 2, 4, 6].map(|place| short(bytes, place));
        let term = |value: u16| self.term::<T>(value);
        let binary = |op| Ok(Step::Zip(op, term(a), term(b)));
        let unary = |op| Ok(Step::Map(op, term(a)));
        match operation {
            0 => binary(Binary::Add),
            1 => binary(Binary::Sub),
            2 => binary(Binary::Mul),
            3 => binary(Binary::Div),
            4 => binary(Binary::Minimum),
            5 => binary(Binary::Maximum),
            6 => binary(Binary::Pow),
            16 => Ok(Step::Blend(Ternary::Fma, term(a), term(b), term(c))),
            32 => unary(Unary::Abs),
            33 => unary(Unary::Neg),
            34 => unary(Unary::Sqrt),
            35 => unary(Unary::Exp),
            36 => unary(Unary::Log),
            37 => unary(Unary::Relu),
            38 => unary(Unary::LeakyRelu { slope: self.parameter(b)? }),
            39 => unary(Unary::Gelu),
            40 => unary(Unary::GeluTanh),
            41 => unary(Unary::Silu),
            42 => unary(Unary::Sigmoid),
            43 => unary(Unary::Tanh),
            44 => unary(Unary::Clip { low: self.parameter(b)?, high: self.parameter(c)? }),
            45 => unary(Unary::Square),
            46 => unary(Unary::Reciprocal),
            other => Err(malformed(format!("operation {other}"))),
        }
    }

    fn program<T: Real>(&self) -> Result<Program<T>, Failure> {
        let steps = self.steps.chunks_exact(STEP).map(|bytes| self.step(bytes)).collect::<Result<Vec<_>, _>>()?;
        Ok(Program::new(&steps, self.inputs)?)
    }
}

/// Run a program on its inputs.
pub(crate) fn evaluate(call: &Call) -> Answer {
    let [program, inputs] = call.positional()?;
    let options = Options::of(call)?;
    let mut view = View::new();
    let encoded = Encoded::parse(view.bytes(program)?)?;
    let mut wanted = [Wanted::NOTHING; MOST_INPUTS + 1];
    let count = arrays(inputs, &mut wanted)?;
    if count != encoded.inputs || count == 0 {
        return Err(malformed(format!("{} inputs, given {count}", encoded.inputs)));
    }
    wanted[count] = Wanted::output(options.out, "out");
    let mut found = [None; MOST_INPUTS + 1];
    let held = Held::look(&wanted, &mut found, UNLOCK_FROM)?;
    let Some(like) = found[0] else { unreachable!("every input is wanted") };
    for other in found[1..count].iter().flatten() {
        require_dtype(like.dtype, other, "inputs")?;
        require_shape(&like, other, "inputs")?;
    }
    let result = with_real!(like, "inputs", T => {
        run::<T>(&encoded, &held, &found[..count], found[count], &options)
    })?;
    drop(held);
    options.answer(result)
}

/// The inputs out of their tuple.
fn arrays(inputs: Object, wanted: &mut [Wanted; MOST_INPUTS + 1]) -> Result<usize, Failure> {
    use pyo3::ffi;
    // SAFETY: the caller keeps the tuple alive, and it its items.
    unsafe {
        if ffi::PyTuple_Check(inputs) == 0 {
            return Err(Failure::Call("the inputs of `evaluate` should be a tuple of arrays".to_owned()));
        }
        let count = ffi::PyTuple_Size(inputs).unsigned_abs();
        if count > MOST_INPUTS {
            return Err(malformed(format!("{count} inputs")));
        }
        for (place, wanted) in wanted.iter_mut().enumerate().take(count) {
            *wanted = Wanted::input(ffi::PyTuple_GetItem(inputs, place as isize), "inputs");
        }
        Ok(count)
    }
}

fn run<T: Real>(
    encoded: &Encoded,
    held: &Held,
    inputs: &[Option<Strided>],
    out: Option<Strided>,
    options: &Options,
) -> Answer {
    let program = encoded.program::<T>()?;
    let like = inputs[0].expect("every input is wanted");
    let mut scratches: [Option<Scratch>; MOST_INPUTS] = [const { None }; MOST_INPUTS];
    let mut operands = [Operand::Out; MOST_INPUTS];
    let operands = &mut operands[..inputs.len()];
    if let Some(reduction) = encoded.reduction {
        if let Some(out) = options.out {
            let allowed = "left out, because a reduction gives a number".to_owned();
            return Err(Failure::Parameter { name: "out", value: type_name(out), allowed });
        }
        for (k, input) in inputs.iter().flatten().enumerate() {
            // SAFETY: the array is held and of type `T`; the scratches live until the result is there.
            operands[k] = Operand::Slice(unsafe { crate::operand::elements(input, &mut scratches[k])? });
        }
        let n = like.size();
        let value = held.run(n, || options.kernels.reduce(&program, operands, n, reduction))?;
        let value = value.ok_or_else(|| Failure::Parameter {
            name: "inputs",
            value: crate::errors::tuple(like.dimensions()),
            allowed: "arrays of at least 1 element".to_owned(),
        })?;
        return real(value.double());
    }
    let output = Output::new(T::DTYPE, like.rank, like.shape, options.out.zip(out.as_ref()), "out")?;
    for (k, input) in inputs.iter().flatten().enumerate() {
        // SAFETY: as above.
        operands[k] = unsafe { output.operand(input, &mut scratches[k])? };
    }
    // SAFETY: the target is dense, of type `T`, and shares no element with an operand but where it is the operand.
    let out = unsafe { output.slice::<T>() };
    held.run(out.len(), || options.kernels.evaluate(&program, operands, out))?;
    Ok(output.finish())
}
