//! What the fit kernels take and write: arrays that our own Python code lays out, contiguous and apart from each other.

use trueno::device::Work;

use crate::{
    call::Object,
    dtype::{Dtype, Scalar},
    errors::Failure,
    indexing::one_name,
    operand::{Held, UNLOCK_FROM, Wanted, not_real},
    strided::{Relation, Strided},
    threads::{Asked, Threads},
};

/// The arrays of one call, held for its length.
pub(crate) struct Arrays<'a, const N: usize> {
    held: Held<'a>,
    found: [Option<Strided>; N],
    names: [&'static str; N],
}

/// An array of this name to be read; None where there is none.
pub(crate) type Input = (Option<Object>, &'static str);

/// The arrays as the door looks into them: the last `outputs` of them are written.
pub(crate) fn wanted<const N: usize>(arrays: [Input; N], outputs: usize) -> [Wanted; N] {
    let mut place = 0;
    arrays.map(|(object, name)| {
        place += 1;
        if place > N - outputs { Wanted::output(object, name) } else { Wanted::optional(object, name) }
    })
}

impl<'a, const N: usize> Arrays<'a, N> {
    /// Hold the arrays; refuse one that is not contiguous, and outputs that share memory with another one.
    pub(crate) fn hold(wanted: &'a [Wanted; N], arrays: [Input; N], outputs: usize) -> Result<Self, Failure> {
        let mut found = [None; N];
        let held = Held::look(wanted, &mut found, 0)?;
        let names = arrays.map(|(_, name)| name);
        for (place, (array, name)) in found.iter().zip(names).enumerate() {
            let Some(array) = array else { continue };
            if !array.is_slice() {
                return Err(Failure::Layout { name, problem: "strided or misaligned", allowed: "contiguous" });
            }
            let writes = |place: usize| place >= N - outputs;
            let meets = |(other, lies): (usize, &Option<Strided>)| {
                let Some(lies) = lies else { return false };
                other < place && (writes(place) || writes(other)) && array.relation(lies) != Relation::Apart
            };
            if found.iter().enumerate().any(meets) {
                return Err(Failure::Overlap);
            }
        }
        Ok(Self { held, found, names })
    }

    fn lies(&self, place: usize) -> Result<&Strided, Failure> {
        self.found[place].as_ref().ok_or_else(|| Failure::Parameter {
            name: self.names[place],
            value: "None".to_owned(),
            allowed: "an array".to_owned(),
        })
    }

    /// The floating element type of an array.
    pub(crate) fn real(&self, place: usize) -> Result<Dtype, Failure> {
        let dtype = self.lies(place)?.dtype;
        if matches!(dtype, Dtype::Float32 | Dtype::Float64) {
            Ok(dtype)
        } else {
            Err(not_real(dtype, self.names[place]))
        }
    }

    /// Rows and columns of a matrix; an array of one dimension is one column.
    pub(crate) fn shape(&self, place: usize) -> Result<[usize; 2], Failure> {
        let lies = self.lies(place)?;
        Ok(if lies.rank == 1 { [lies.size(), 1] } else { lies.shape })
    }

    fn typed<T: Scalar>(&self, place: usize) -> Result<&Strided, Failure> {
        let lies = self.lies(place)?;
        if lies.dtype == T::DTYPE {
            return Ok(lies);
        }
        let got = lies.dtype.name().to_owned();
        Err(Failure::Dtype { name: self.names[place], got, allowed: one_name(T::DTYPE) })
    }

    /// The elements of an array.
    ///
    /// # Safety
    /// The slice is not used after these arrays, and nobody writes the array meanwhile.
    pub(crate) unsafe fn input<'b, T: Scalar>(&self, place: usize) -> Result<&'b [T], Failure> {
        // SAFETY: the array is held, contiguous and of this type.
        self.typed::<T>(place).map(|lies| unsafe { lies.as_slice() })
    }

    /// The elements of an array that may be missing.
    ///
    /// # Safety
    /// As for [`Self::input`].
    pub(crate) unsafe fn optional<'b, T: Scalar>(&self, place: usize) -> Result<Option<&'b [T]>, Failure> {
        if self.found[place].is_none() {
            return Ok(None);
        }
        // SAFETY: as the caller says.
        unsafe { self.input(place) }.map(Some)
    }

    /// The elements of an array that is written.
    ///
    /// # Safety
    /// As for [`Self::input`], and each output is asked for once.
    pub(crate) unsafe fn output<'b, T: Scalar>(&self, place: usize) -> Result<&'b mut [T], Failure> {
        // SAFETY: the array is held, contiguous, of this type and writable, and shares no element with another.
        self.typed::<T>(place).map(|lies| unsafe { lies.as_mut_slice() })
    }

    /// Do `work` with as many threads as the caller said, or as so many additions and multiplications repay, and let
    /// other Python threads run meanwhile.
    pub(crate) fn run<A, E: Into<Failure>>(
        &self,
        operation: &'static str,
        threads: Asked,
        flops: f64,
        work: impl FnOnce(usize) -> Result<A, E>,
    ) -> Result<A, Failure> {
        let bytes = self.found.iter().flatten().map(Strided::bytes).sum::<usize>() as f64;
        let cost = Work { operation, elements: (flops / 2.0) as usize, flops, bytes };
        let Threads { count, .. } = threads.choose(&cost, trueno::kernels(), false);
        let elements = if flops >= UNLOCK_FROM as f64 { usize::MAX } else { 0 };
        self.held.run(elements, || work(count)).map_err(Into::into)
    }
}
