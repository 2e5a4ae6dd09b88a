//! Elements by their places, and the small integers of quantisation.

use crate::{
    call::{Answer, Call, Keyword, Object},
    dtype::{Dtype, Scalar, float, integer},
    errors::{Expected, Failure},
    linear::{pair, tuple},
    operand::{Held, Output, UNLOCK_FROM, Wanted, elements, require_dtype, with_real},
    options::{BACKEND, EXPLAIN, OUT, Options},
    pool::Scratch,
    reduce::natural,
    strided::Strided,
};

/// Do this with the Rust type of an element type.
macro_rules! with_scalar {
    ($dtype:expr, $type:ident => $body:expr) => {
        match $dtype {
            Dtype::Float32 => {
                type $type = f32;
                $body
            }
            Dtype::Float64 => {
                type $type = f64;
                $body
            }
            Dtype::Int8 => {
                type $type = i8;
                $body
            }
            Dtype::Uint8 => {
                type $type = u8;
                $body
            }
            Dtype::Int32 => {
                type $type = i32;
                $body
            }
            Dtype::Int64 => {
                type $type = i64;
                $body
            }
        }
    };
}

fn require_vector(array: &Strided, name: &'static str) -> Result<(), Failure> {
    if array.rank == 1 {
        return Ok(());
    }
    Err(Failure::Shape { name, expected: Expected::Kind("(n,)"), got: array.dimensions().to_vec() })
}

const INDICES: &str = "indices";

/// Element types of places.
const PLACES: &[&str] = &["int32", "int64"];

/// A refusal to look into arrays, with the element types that places may have.
#[cold]
fn of_places(failure: Failure) -> Failure {
    match failure {
        Failure::Dtype { name: INDICES, got, .. } => Failure::Dtype { name: INDICES, got, allowed: PLACES },
        other => other,
    }
}

/// Places as 64-bit integers, widened where they have 32.
///
/// # Safety
/// As for [`elements`].
unsafe fn places<'a>(indices: &Strided, scratch: &mut Option<Scratch>) -> Result<&'a [i64], Failure> {
    require_vector(indices, INDICES)?;
    match indices.dtype {
        // SAFETY: as the caller says.
        Dtype::Int64 => unsafe { elements(indices, scratch) },
        Dtype::Int32 => {
            let memory = Scratch::new(indices.size() * size_of::<i64>())?;
            let wide = Strided::dense(memory.start(), Dtype::Int64, 1, indices.shape);
            *scratch = Some(memory);
            // SAFETY: scratch is fresh and large enough; each place is inside both.
            unsafe {
                for place in 0..indices.size() {
                    let narrow = indices.at(0, place).cast::<i32>().read_unaligned();
                    wide.at(0, place).cast::<i64>().write(narrow.into());
                }
                Ok(wide.as_slice())
            }
        }
        other => {
            let got = other.name().to_owned();
            Err(Failure::Dtype { name: INDICES, got, allowed: PLACES })
        }
    }
}

pub(crate) fn gather(call: &Call) -> Answer {
    let [x, indices] = call.positional()?;
    let options = Options::of(call)?;
    let wanted = [Wanted::input(x, "x"), Wanted::input(indices, INDICES), Wanted::output(options.out, "out")];
    let mut found = [None; 3];
    let held = Held::look(&wanted, &mut found, UNLOCK_FROM).map_err(of_places)?;
    let [Some(x), Some(indices), out] = found else { unreachable!("both arrays are wanted") };
    require_vector(&x, "x")?;
    let (mut x_scratch, mut scratch) = (None, None);
    // SAFETY: the arrays are held; the scratches live until the result is there.
    let places = unsafe { places(&indices, &mut scratch)? };
    let output = Output::new(x.dtype, 1, indices.shape, options.out.zip(out.as_ref()), "out")?;
    output.require_apart(&x)?;
    output.require_apart(&indices)?;
    with_scalar!(x.dtype, T => {
        // SAFETY: as above; the target shares no element with an input.
        let (x, out) = unsafe { (elements::<T>(&x, &mut x_scratch)?, output.slice::<T>()) };
        held.run(places.len(), || options.kernels.gather(x, places, out))?;
    });
    let result = output.finish();
    drop(held);
    options.answer(result)
}

/// Write `values[i]` to `out[indices[i]]`.
pub(crate) fn scatter(call: &Call) -> Answer {
    let [values, indices] = call.positional()?;
    let options = Options::of(call)?;
    let Some(out) = options.out else {
        return Err(Failure::Call("`scatter` needs the keyword argument: `out`".to_owned()));
    };
    let wanted = [Wanted::input(values, "values"), Wanted::input(indices, INDICES), Wanted::output(Some(out), "out")];
    let mut found = [None; 3];
    let held = Held::look(&wanted, &mut found, UNLOCK_FROM).map_err(of_places)?;
    let [Some(values), Some(indices), Some(lies)] = found else { unreachable!("all arrays are wanted") };
    require_vector(&values, "values")?;
    require_vector(&lies, "out")?;
    require_dtype(values.dtype, &lies, "out")?;
    let (mut values_scratch, mut scratch, mut between) = (None, None, None);
    // SAFETY: the arrays are held; the scratches live until the result is there.
    let places = unsafe { places(&indices, &mut scratch)? };
    let output = Output::new(lies.dtype, 1, lies.shape, Some((out, &lies)), "out")?;
    output.require_apart(&values)?;
    output.require_apart(&indices)?;
    with_scalar!(values.dtype, T => {
        // SAFETY: as above; the target shares no element with an input. What is not written keeps its value, also
        // where the target is scratch.
        unsafe {
            let out = output.slice::<T>();
            if !lies.is_slice() {
                out.copy_from_slice(elements::<T>(&lies, &mut between)?);
            }
            let values = elements::<T>(&values, &mut values_scratch)?;
            held.run(places.len(), || options.kernels.scatter(values, places, out))?;
        }
    });
    let result = output.finish();
    drop(held);
    options.answer(result)
}

/// The largest elements and their places, as a pair.
pub(crate) fn top_k(call: &Call) -> Answer {
    let [x, k] = call.positional()?;
    let options = Options::of(call)?;
    let k = natural(integer(k)?, "k")?;
    let (values_out, places_out) = options.out.map(|out| pair(out, "top_k")).transpose()?.unzip();
    let wanted = [Wanted::input(x, "x"), Wanted::output(values_out, "out[0]"), Wanted::output(places_out, "out[1]")];
    let mut found = [None; 3];
    let held = Held::look(&wanted, &mut found, UNLOCK_FROM)?;
    let [Some(x), values_lie, places_lie] = found else { unreachable!("the array is wanted") };
    require_vector(&x, "x")?;
    if k > x.size() {
        let allowed = format!("no more than the {} elements of the vector", x.size());
        return Err(Failure::Parameter { name: "k", value: k.to_string(), allowed });
    }
    let values = Output::new(x.dtype, 1, [1, k], values_out.zip(values_lie.as_ref()), "out[0]")?;
    let places = Output::new(Dtype::Int64, 1, [1, k], places_out.zip(places_lie.as_ref()), "out[1]")?;
    values.require_apart(&x)?;
    places.require_apart(&x)?;
    if let Some(lies) = &places_lie {
        values.require_apart(lies)?;
    }
    let mut scratch = None;
    let result = with_real!(x, "x", T => {
        // SAFETY: the arrays are held and of these types; the scratch lives until the result is there. No two of them
        // share an element.
        let (x, largest, stand) = unsafe {
            let x = elements::<T>(&x, &mut scratch)?;
            (x, values.slice::<T>(), places.slice::<i64>())
        };
        held.run(x.len(), || options.kernels.top_k(x, largest, stand))?;
        Ok([values.finish(), places.finish()])
    })?;
    drop(held);
    options.answer(tuple(result)?)
}

static ZERO_POINT: Keyword = Keyword::new(c"zero_point");

/// Scale and zero point, as a quantisation has them.
fn quantisation(call: &Call) -> Result<(Object, f32, i32, Options), Failure> {
    let [x, scale] = call.positional()?;
    let [out, backend, explain, zero_point] = call.keywords(&[&OUT, &BACKEND, &EXPLAIN, &ZERO_POINT])?;
    let scale = float(scale)? as f32;
    let zero_point = zero_point.map_or(Ok(0), integer)?;
    // What lies outside of 32 bits is as wrong as what lies outside of 8.
    let zero_point = i32::try_from(zero_point).unwrap_or(i32::MAX);
    Ok((x, scale, zero_point, Options::new(out, backend, explain)?))
}

pub(crate) fn quantize(call: &Call) -> Answer {
    let (x, scale, zero_point, options) = quantisation(call)?;
    convert::<f32, i8>(x, &options, |x, out| options.kernels.quantize(x, scale, zero_point, out))
}

pub(crate) fn dequantize(call: &Call) -> Answer {
    let (x, scale, zero_point, options) = quantisation(call)?;
    convert::<i8, f32>(x, &options, |x, out| options.kernels.dequantize(x, scale, zero_point, out))
}

/// From elements of one type to as many of another.
fn convert<A: Scalar, B: Scalar>(
    x: Object,
    options: &Options,
    work: impl FnOnce(&[A], &mut [B]) -> Result<(), trueno::Error>,
) -> Answer {
    let wanted = [Wanted::input(x, "x"), Wanted::output(options.out, "out")];
    let mut found = [None; 2];
    let held = Held::look(&wanted, &mut found, UNLOCK_FROM)?;
    let [Some(x), out] = found else { unreachable!("the array is wanted") };
    require_dtype(A::DTYPE, &x, "x")?;
    let output = Output::new(B::DTYPE, x.rank, x.shape, options.out.zip(out.as_ref()), "out")?;
    output.require_apart(&x)?;
    let mut scratch = None;
    // SAFETY: the arrays are held and of these types; the scratch lives until the result is there. They share nothing.
    let (x, out) = unsafe { (elements::<A>(&x, &mut scratch)?, output.slice::<B>()) };
    held.run(out.len(), || work(x, out))?;
    let result = output.finish();
    drop(held);
    options.answer(result)
}
