//! Convolutions of images: arrays of four dimensions, which are contiguous and held for the whole call.

use trueno::{Convolution, device};

use crate::{
    array::Fresh,
    buffer::View,
    call::{Answer, Call, Keyword, Object},
    dtype::{Dtype, integer_within},
    errors::{Expected, Failure, tuple},
    matrix::THREADS,
    operand::{Held, require_dtype, with_real},
    options::{BACKEND, EXPLAIN, OUT, Options},
    reduce::natural,
    rows::require_columns,
    strided::{Relation, Strided},
    threads::{self, Threads},
};

static BIAS: Keyword = Keyword::new(c"bias");
static STRIDE: Keyword = Keyword::new(c"stride");
static PADDING: Keyword = Keyword::new(c"padding");
static GROUPS: Keyword = Keyword::new(c"groups");

/// An array of four dimensions.
struct Images {
    shape: [usize; 4],
    flat: Strided,
}

fn images(view: &mut View, object: Object, name: &'static str, is_output: bool) -> Result<Images, Failure> {
    let (shape, flat) = view.tensor(object, name, is_output)?;
    let refusal = |_| Failure::Shape { name, expected: Expected::Kind("(n, c, h, w)"), got: shape.to_vec() };
    Ok(Images { shape: shape.try_into().map_err(refusal)?, flat })
}

/// One number for both axes, or a tuple of two.
fn pair(object: Option<Object>, name: &'static str, otherwise: usize) -> Result<[usize; 2], Failure> {
    use pyo3::ffi;
    let Some(object) = object else { return Ok([otherwise; 2]) };
    let number = |object: Object| natural(integer_within(object)?, name);
    // SAFETY: the caller keeps its argument alive, and a tuple its items.
    unsafe {
        if ffi::PyTuple_Check(object) == 0 || ffi::PyTuple_Size(object) != 2 {
            return Ok([number(object)?; 2]);
        }
        Ok([number(ffi::PyTuple_GetItem(object, 0))?, number(ffi::PyTuple_GetItem(object, 1))?])
    }
}

pub(crate) fn conv2d(call: &Call) -> Answer {
    let [x, weights] = call.positional()?;
    let [out, backend, explain, threads, bias, stride, padding, groups] =
        call.keywords(&[&OUT, &BACKEND, &EXPLAIN, &THREADS, &BIAS, &STRIDE, &PADDING, &GROUPS])?;
    let (threads, options) = (threads::asked(threads)?, Options::new(out, backend, explain)?);
    let groups = groups.map_or(Ok(1), integer_within)?;
    let convolution = Convolution {
        stride: pair(stride, "stride", 1)?,
        padding: pair(padding, "padding", 0)?,
        groups: natural(groups, "groups")?,
    };
    let [mut x_view, mut weights_view, mut bias_view, mut out_view] = [const { View::new() }; 4];
    let x = images(&mut x_view, x, "images", false)?;
    let weights = images(&mut weights_view, weights, "filters", false)?;
    require_dtype(x.flat.dtype, &weights.flat, "filters")?;
    let bias = bias.map(|bias| bias_view.tensor(bias, "bias", false).map(|(_, flat)| flat)).transpose()?;
    if let Some(bias) = &bias {
        require_dtype(x.flat.dtype, bias, "bias")?;
        require_columns(bias, weights.shape[0], "bias")?;
    }
    let shape = output_shape(&convolution, &x, &weights)?;
    let given = out.map(|out| images(&mut out_view, out, "out", true)).transpose()?;
    let (fresh, lies) = output(&x, [&Some(weights.flat), &bias], given.as_ref(), shape)?;
    let work = work(&weights, shape, x.flat.dtype);
    let Threads { count, reason } = threads.choose(&work, options.kernels, options.explain);
    with_real!(x.flat, "images", T => {
        // SAFETY: the views are held until the result is there, and every array is of type `T`. The output shares no
        // element with an input.
        unsafe {
            let (pixels, filters) = (x.flat.as_slice::<T>(), weights.flat.as_slice::<T>());
            let bias = bias.map(|bias| bias.as_slice::<T>());
            let target = lies.as_mut_slice::<T>();
            // Everything is held by views, so that nothing has to be looked into here.
            Held::look(&[], &mut [], 0)?.run(work.flops as usize / 32, || {
                let kernels = options.kernels;
                kernels.conv2d(pixels, x.shape, filters, weights.shape, bias, convolution, target, count)
            })?;
        }
        Ok(())
    })?;
    let result = match (fresh, out) {
        (Some(fresh), _) => fresh.into_object(),
        // SAFETY: the caller keeps its argument alive.
        (None, Some(out)) => unsafe { pyo3::ffi::Py_NewRef(out) },
        (None, None) => unreachable!("a result goes to `out` or to a new array"),
    };
    options.answer_of(result, count, &reason)
}

/// The shape of the result; refused where a parameter makes no sense or the result would not fit into memory.
fn output_shape(convolution: &Convolution, x: &Images, weights: &Images) -> Result<[usize; 4], Failure> {
    let Convolution { stride, padding, groups } = convolution;
    let at_least_1 = |name, value| Err(Failure::Parameter { name, value, allowed: "1 or more".to_owned() });
    if stride.contains(&0) {
        return at_least_1("stride", tuple(stride));
    }
    if *groups == 0 {
        return at_least_1("groups", groups.to_string());
    }
    let is_small = |shape: &[usize; 4]| {
        let elements = shape.iter().try_fold(1_usize, |product, &length| product.checked_mul(length));
        elements
            .and_then(|elements| elements.checked_mul(x.flat.dtype.size()))
            .is_some_and(|n| n <= isize::MAX as usize)
    };
    // Places in the padded image are counted with signs.
    let fits = (0..2).all(|axis| {
        let padded = padding[axis].checked_mul(2).and_then(|padding| padding.checked_add(x.shape[2 + axis]));
        padded.is_some_and(|padded| padded <= isize::MAX as usize)
    });
    let shape = if fits { Some(convolution.output(x.shape, weights.shape)?) } else { None };
    shape.filter(is_small).ok_or_else(|| Failure::Parameter {
        name: "padding",
        value: tuple(padding),
        allowed: "so small that the result fits into memory".to_owned(),
    })
}

/// A new matrix of one row for each filter of each image, or the caller's array.
fn output(
    x: &Images,
    inputs: [&Option<Strided>; 2],
    given: Option<&Images>,
    shape: [usize; 4],
) -> Result<(Option<Fresh>, Strided), Failure> {
    let [count, filters, height, width] = shape;
    let Some(given) = given else {
        let fresh = Fresh::new(x.flat.dtype, 2, [count * filters, height * width])?;
        let lies = fresh.lies();
        return Ok((Some(fresh), lies));
    };
    require_dtype(x.flat.dtype, &given.flat, "out")?;
    if given.shape != shape {
        let expected = Expected::Shape(shape.to_vec());
        return Err(Failure::Shape { name: "out", expected, got: given.shape.to_vec() });
    }
    for input in inputs.into_iter().flatten().chain([&x.flat]) {
        if given.flat.relation(input) != Relation::Apart {
            return Err(Failure::Overlap);
        }
    }
    Ok((None, given.flat))
}

/// What a convolution costs.
fn work(weights: &Images, shape: [usize; 4], dtype: Dtype) -> device::Work {
    let elements: usize = shape.iter().product();
    let terms: usize = weights.shape[1..].iter().product();
    let doubled = if dtype == Dtype::Float64 { 2.0 } else { 1.0 };
    let flops = 2.0 * doubled * elements as f64 * terms as f64;
    device::Work { operation: "conv2d", elements, flops, bytes: (elements * dtype.size()) as f64 }
}
