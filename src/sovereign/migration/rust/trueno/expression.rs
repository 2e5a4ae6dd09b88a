//! Chains of elementwise operations in one pass over memory.
//!
//! A [`Program`] is a list of steps. It runs block by block: the values between the steps of one block stay in the
//! nearest cache, and memory sees each input read once and the output written once.

use core::mem::MaybeUninit;

use crate::{
    Binary, Element, Error, Extreme, Kernels, ProgramError, Ternary, Unary,
    elementwise::{BinaryKernel, TernaryKernel, UnaryKernel},
    kernels::Table,
    operand::{Operand, Splat},
};

/// Steps that a program can have.
const LIMIT: usize = 64;

/// Elements of a block, few enough for the processor to fetch the next while it works on one.
const BLOCK: usize = 512;

/// Blocks that can be alive at once: together with the inputs they stay in a first-level cache.
const ROOM: usize = 8;

/// What a step reads.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Term<T> {
    /// The input with this number.
    Input(usize),
    /// The value of the step with this number, which comes earlier.
    Value(usize),
    /// A number.
    Number(T),
}

/// One operation of a program; its value has the number of its place in the list.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Step<T> {
    /// An operation on one term.
    Map(Unary<T>, Term<T>),
    /// An operation on two terms.
    Zip(Binary, Term<T>, Term<T>),
    /// An operation on three terms.
    Blend(Ternary, Term<T>, Term<T>, Term<T>),
}

/// What is made of all values of a program.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Reduction {
    /// Their sum, 0 of none.
    Sum,
    /// Their arithmetic mean.
    Mean,
    /// The smallest; NaN where one is.
    Min,
    /// The largest; NaN where one is.
    Max,
}

/// A checked list of steps whose last value is the result.
///
/// A product that only a sum uses is joined with it, which rounds once where the instruction set can.
#[derive(Debug, Clone)]
pub struct Program<T> {
    /// The steps, with values named by the block in which they stand.
    steps: [Step<T>; LIMIT],
    /// The block into which each step writes; the last writes into the output.
    targets: [u8; LIMIT],
    length: usize,
    inputs: usize,
}

impl<T: Element> Step<T> {
    fn terms(&self) -> impl Iterator<Item = Term<T>> {
        let terms = match *self {
            Self::Map(_, a) => [Some(a), None, None],
            Self::Zip(_, a, b) => [Some(a), Some(b), None],
            Self::Blend(_, a, b, c) => [Some(a), Some(b), Some(c)],
        };
        terms.into_iter().flatten()
    }

    /// The same step with other terms.
    fn with_terms(self, mut change: impl FnMut(Term<T>) -> Term<T>) -> Self {
        match self {
            Self::Map(op, a) => Self::Map(op, change(a)),
            Self::Zip(op, a, b) => Self::Zip(op, change(a), change(b)),
            Self::Blend(op, a, b, c) => Self::Blend(op, change(a), change(b), change(c)),
        }
    }

    fn uses(&self, value: usize) -> usize {
        self.terms().filter(|&term| term == Term::Value(value)).count()
    }
}

impl<T: Element> Program<T> {
    /// Check the steps of an expression over `inputs` inputs, join products with sums, and find room for the values.
    pub fn new(steps: &[Step<T>], inputs: usize) -> Result<Self, Error> {
        check(steps, inputs).map_err(Error::Program)?;
        let mut list = [Step::Map(Unary::Abs, Term::Number(T::ZERO)); LIMIT];
        list[..steps.len()].copy_from_slice(steps);
        let mut program = Self { steps: list, targets: [0; LIMIT], length: steps.len(), inputs };
        let needed = program.join_products();
        program.drop_unneeded(needed);
        program.find_room().map_err(Error::Program)?;
        Ok(program)
    }

    /// Turn `a * b + c` into one step where nothing else uses the product; which steps are still needed.
    fn join_products(&mut self) -> [bool; LIMIT] {
        let mut needed = [false; LIMIT];
        needed[self.length - 1] = true;
        for i in (0..self.length).rev() {
            if !needed[i] {
                continue;
            }
            if let Some(joined) = self.joined(i) {
                self.steps[i] = joined;
            }
            for term in self.steps[i].terms() {
                if let Term::Value(value) = term {
                    needed[value] = true;
                }
            }
        }
        needed
    }

    fn joined(&self, i: usize) -> Option<Step<T>> {
        let (op, left, right) = match self.steps[i] {
            Step::Zip(op @ (Binary::Add | Binary::Sub), left, right) => (op, left, right),
            _ => return None,
        };
        let product = |term| match term {
            Term::Value(value) if self.steps[..self.length].iter().map(|step| step.uses(value)).sum::<usize>() == 1 => {
                match self.steps[value] {
                    Step::Zip(Binary::Mul, a, b) => Some((a, b)),
                    _ => None,
                }
            }
            _ => None,
        };
        match (op, product(left), product(right), left, right) {
            (Binary::Add, Some((a, b)), _, _, c) | (Binary::Add, None, Some((a, b)), c, _) => {
                Some(Step::Blend(Ternary::Fma, a, b, c))
            }
            (Binary::Sub, Some((a, b)), _, _, Term::Number(c)) => {
                Some(Step::Blend(Ternary::Fma, a, b, Term::Number(T::from_f64(-c.to_f64()))))
            }
            _ => None,
        }
    }

    /// Close the gaps that joined and unused steps leave.
    fn drop_unneeded(&mut self, needed: [bool; LIMIT]) {
        let (mut places, mut length) = ([0; LIMIT], 0);
        for i in (0..self.length).filter(|&i| needed[i]) {
            self.steps[length] = self.steps[i].with_terms(|term| match term {
                Term::Value(value) => Term::Value(places[value]),
                other => other,
            });
            places[i] = length;
            length += 1;
        }
        self.length = length;
    }

    /// Give each value a block until its last use, and name values by their blocks.
    fn find_room(&mut self) -> Result<(), ProgramError> {
        let mut holds = [None; ROOM];
        for i in 0..self.length {
            let step = self.steps[i];
            self.steps[i] = step.with_terms(|term| match term {
                Term::Value(value) => Term::Value(usize::from(self.targets[value])),
                other => other,
            });
            for held in &mut holds {
                // A block whose value is read here for the last time may be written here: loops read before they write.
                *held = held.filter(|&value| self.later(i + 1, value));
            }
            let free = holds.iter().position(Option::is_none).ok_or(ProgramError::TooWide { limit: ROOM })?;
            holds[free] = Some(i);
            self.targets[i] = free as u8;
        }
        Ok(())
    }

    /// Whether a step from `begin` on uses the value of a step.
    fn later(&self, begin: usize, value: usize) -> bool {
        self.steps[begin..self.length].iter().any(|step| step.uses(value) > 0)
    }
}

fn check<T: Element>(steps: &[Step<T>], inputs: usize) -> Result<(), ProgramError> {
    if steps.is_empty() {
        return Err(ProgramError::Empty);
    }
    if steps.len() > LIMIT {
        return Err(ProgramError::TooLong { steps: steps.len(), limit: LIMIT });
    }
    for (step, terms) in steps.iter().map(Step::terms).enumerate() {
        for term in terms {
            match term {
                Term::Input(input) if input >= inputs => return Err(ProgramError::NoInput { step, input }),
                Term::Value(value) if value >= step => return Err(ProgramError::NoValue { step, value }),
                _ => {}
            }
        }
    }
    Ok(())
}

/// The values between the steps of one block.
#[repr(align(64))]
struct Scratch<T>(MaybeUninit<[[T; BLOCK]; ROOM]>);

impl<T> Scratch<T> {
    fn new() -> Self {
        Self(MaybeUninit::uninit())
    }

    fn start(&mut self) -> *mut T {
        self.0.as_mut_ptr().cast()
    }
}

/// A step whose kernel and places are known.
#[derive(Clone, Copy)]
struct Ready<T> {
    kernel: Kernel<T>,
    sources: [Place<T>; 3],
    /// The block of the scratch, or none for the output.
    target: Option<*mut T>,
}

#[derive(Clone, Copy)]
enum Kernel<T> {
    Map(UnaryKernel<T>, T, T),
    Zip(BinaryKernel<T>),
    Blend(TernaryKernel<T>),
}

/// Where a step reads: `step` elements on for each element, and `stride` on for each element before the block.
#[derive(Clone, Copy)]
struct Place<T> {
    start: *const T,
    step: usize,
    stride: usize,
}

/// A program that is bound to its inputs.
struct Bound<'a, T> {
    program: &'a Program<T>,
    table: &'a Table<T>,
    inputs: &'a [Operand<'a, T>],
    scratch: *mut T,
}

impl<T: Element> Bound<'_, T> {
    /// Where a term is read; numbers are laid into `splat`.
    fn place(&self, term: Term<T>, out: *const T, splat: &mut Splat<T>) -> Place<T> {
        let number = |x, splat: &mut Splat<T>| Place { start: splat.fill(x), step: 0, stride: 0 };
        match term {
            Term::Value(i) => Place { start: block(self.scratch, i), step: 1, stride: 0 },
            Term::Number(x) => number(x, splat),
            Term::Input(input) => match self.inputs[input] {
                Operand::Slice(x) => Place { start: x.as_ptr(), step: 1, stride: 1 },
                Operand::Scalar(x) => number(x, splat),
                Operand::Out => Place { start: out, step: 1, stride: 1 },
            },
        }
    }

    fn ready(&self, i: usize, out: *const T, splats: &mut [Splat<T>; 3]) -> Ready<T> {
        let [a, b, c] = splats;
        let unused = Place { start: out, step: 0, stride: 0 };
        let (kernel, sources) = match self.program.steps[i] {
            Step::Map(op, x) => {
                let (kernel, p, q) = op.kernel(self.table);
                (Kernel::Map(kernel, p, q), [self.place(x, out, a), unused, unused])
            }
            Step::Zip(op, x, y) => {
                (Kernel::Zip(op.kernel(self.table)), [self.place(x, out, a), self.place(y, out, b), unused])
            }
            Step::Blend(op, x, y, z) => {
                let sources = [self.place(x, out, a), self.place(y, out, b), self.place(z, out, c)];
                (Kernel::Blend(op.kernel(self.table)), sources)
            }
        };
        let is_last = i + 1 == self.program.length;
        let target = (!is_last).then(|| block(self.scratch, usize::from(self.program.targets[i])));
        Ready { kernel, sources, target }
    }
}

/// Where a block of the scratch at `scratch` begins.
fn block<T>(scratch: *mut T, i: usize) -> *mut T {
    debug_assert!(i < ROOM);
    scratch.wrapping_add(i * BLOCK)
}

impl Kernels {
    /// Lay the value of the program for each place of the inputs into `out`.
    pub fn evaluate<T: Element>(
        &self,
        program: &Program<T>,
        inputs: &[Operand<'_, T>],
        out: &mut [T],
    ) -> Result<(), Error> {
        check_inputs(program, inputs, out.len())?;
        let (start, n) = (out.as_mut_ptr(), out.len());
        // SAFETY: inputs were checked to have `n` elements, and the output begins at `start`.
        unsafe { self.run(program, inputs, start, n, |at| start.wrapping_add(at), |_| ()) };
        Ok(())
    }

    /// Reduce the values of the program for `n` places of the inputs; nothing where no place has a mean or an extreme.
    ///
    /// No input can be [`Operand::Out`].
    pub fn reduce<T: Element>(
        &self,
        program: &Program<T>,
        inputs: &[Operand<'_, T>],
        n: usize,
        reduction: Reduction,
    ) -> Result<Option<T>, Error> {
        check_inputs(program, inputs, n)?;
        if inputs.contains(&Operand::Out) {
            return Err(Error::NoOutput);
        }
        let table = self.of::<T>();
        let (mut total, mut extreme) = (0.0, None);
        let mut values = Scratch::<T>::new();
        let values = values.start();
        let take = |length| {
            // SAFETY: this machine can run the kernels, and the block holds `length` values.
            unsafe {
                match reduction {
                    Reduction::Sum | Reduction::Mean => total += (table.total)(values, length),
                    Reduction::Min => extreme = Some(pick(Extreme::Min, extreme, (table.min)(values, length))),
                    Reduction::Max => extreme = Some(pick(Extreme::Max, extreme, (table.max)(values, length))),
                }
            }
        };
        // SAFETY: inputs were checked to have `n` elements, none is the output, and a block of values has room.
        unsafe { self.run(program, inputs, values, n, |_| values, take) };
        Ok(match reduction {
            Reduction::Sum => Some(T::from_f64(total)),
            Reduction::Mean => (n > 0).then(|| T::from_f64(total / n as f64)),
            Reduction::Min | Reduction::Max => extreme,
        })
    }

    /// Run all steps block by block: the last writes at `target` of the block's begin, then `done` gets its length.
    ///
    /// # Safety
    /// The inputs were checked for `n` elements, [`Operand::Out`] is read at `out`, and each target has room.
    unsafe fn run<T: Element>(
        &self,
        program: &Program<T>,
        inputs: &[Operand<'_, T>],
        out: *const T,
        n: usize,
        target: impl Fn(usize) -> *mut T,
        mut done: impl FnMut(usize),
    ) {
        let mut scratch = Scratch::new();
        let bound = Bound { program, table: self.of(), inputs, scratch: scratch.start() };
        let mut splats = [const { [const { Splat::<T>::ZERO }; 3] }; LIMIT];
        let mut ready = [MaybeUninit::uninit(); LIMIT];
        for i in 0..program.length {
            ready[i].write(bound.ready(i, out, &mut splats[i]));
        }
        for at in (0..n).step_by(BLOCK) {
            let length = BLOCK.min(n - at);
            for step in &ready[..program.length] {
                // SAFETY: as many steps as the program has were written.
                let step = unsafe { step.assume_init_ref() };
                let to = step.target.unwrap_or_else(|| target(at));
                let [a, b, c] = step.sources.map(|place| (place.start.wrapping_add(at * place.stride), place.step));
                // SAFETY: this machine can run the kernel; each source has `length` elements or step 0, and blocks are
                // apart or the same.
                unsafe {
                    match step.kernel {
                        Kernel::Map(kernel, p, q) => kernel(a.0, a.1, to, length, p, q),
                        Kernel::Zip(kernel) => kernel(a.0, a.1, b.0, b.1, to, length),
                        Kernel::Blend(kernel) => kernel(a.0, a.1, b.0, b.1, c.0, c.1, to, length),
                    }
                }
            }
            done(length);
        }
    }
}

fn check_inputs<T: Element>(program: &Program<T>, inputs: &[Operand<'_, T>], n: usize) -> Result<(), Error> {
    if inputs.len() != program.inputs {
        return Err(Error::InputsDiffer { given: inputs.len(), needed: program.inputs });
    }
    for input in inputs {
        match input {
            Operand::Slice(x) if x.len() != n => return Err(Error::LengthsDiffer { left: x.len(), right: n }),
            _ => {}
        }
    }
    Ok(())
}

/// The smaller or larger; NaN where either is.
fn pick<T: Element>(extreme: Extreme, before: Option<T>, now: T) -> T {
    let Some(before) = before else { return now };
    let keep = if extreme == Extreme::Min { before < now } else { before > now };
    if keep || before.is_nan() { before } else { now }
}
