//! What `help` says about the kernels; a test holds it against `_core.pyi` and runs the examples.

use std::ffi::CStr;

pub(crate) const DOT: &CStr = c"dot(a, b, /, *, backend=None)
--

The sum of the products `a[i] * b[i]`.

Shapes    a (n,), b (n,) float32; any buffer that is contiguous and aligned. Nothing is copied.
Errors    ShapeError      when lengths differ or a vector has not one dimension.
          ParameterError  when a vector is no buffer of float32, is strided or misaligned.
          DeviceError     when this machine lacks `backend`.
Cost      n multiply-adds on one thread; from 65536 elements on, other Python threads run meanwhile.
Bound     |result - exact| <= (ceil(min(n, 8192) / 16) + 8) * 2**-24 * sum(|a[i] * b[i]|) + n * 2**-149.

>>> from array import array
>>> dot(array(\"f\", [1, 2, 3]), array(\"f\", [4, 5, 6]))
32.0
";

pub(crate) const SUM: &CStr = c"sum(x, /, *, backend=None)
--

The sum of the elements.

Shapes    x (n,) float32, as for `dot`; the sum of nothing is 0.
Errors    as `dot`.
Bound     |result - exact| <= (ceil(min(n, 8192) / 16) + 8) * 2**-24 * sum(|x[i]|).

>>> from array import array
>>> sum(array(\"f\", [0.5, 0.25]))
0.75
";

pub(crate) const AXPY: &CStr = c"axpy(a, x, y, /, *, backend=None)
--

Add `a * x[i]` to each `y[i]`, in place.

Shapes    x (n,), y (n,) float32, as for `dot`; y is written. x may be y itself, or lie apart from it.
Errors    as `dot`, and ParameterError when y is read-only or shares a part of x; y is unchanged then.
Bound     each element has at most two roundings; a is rounded to float32 first.

>>> from array import array
>>> y = array(\"f\", [1, 1])
>>> axpy(2.0, array(\"f\", [3, 4]), y)
>>> y.tolist()
[7.0, 9.0]
";
