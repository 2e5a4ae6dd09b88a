//! The list of all kernels, and the macros that make a backend's table of it.
//!
//! Elementwise kernels read a source at `step` elements further on for each element written: 1 is a vector, 0 a
//! register's worth of one number (`operand.rs`).
//!
//! A line of the list is a kernel's name, its signature over the element type `E`, and the algorithm under `generic/`
//! that a backend's wrapper inlines. The plain twin has the same name in `scalar.rs`.
//!
//! # Safety
//!
//! All kernels may be called only where their backend is available, with pointers to as many elements as their `n`
//! says. What is written is apart from what is read, or begins at the same address.

use crate::{Backend, element::Element};

/// Calls a macro with the list; what stands in brackets reaches that macro unchanged.
macro_rules! for_each_kernel {
    ($make:ident!($($context:tt)*)) => {
        $crate::kernels::$make! { [$($context)*]
            /// The amount.
            abs(x: *const E, step: usize, out: *mut E, n: usize, p: E, q: E) = elementwise::abs;
            /// The other sign.
            neg(x: *const E, step: usize, out: *mut E, n: usize, p: E, q: E) = elementwise::neg;
            /// The square root.
            sqrt(x: *const E, step: usize, out: *mut E, n: usize, p: E, q: E) = elementwise::sqrt;
            /// e to a power.
            exp(x: *const E, step: usize, out: *mut E, n: usize, p: E, q: E) = elementwise::exp;
            /// The natural logarithm.
            log(x: *const E, step: usize, out: *mut E, n: usize, p: E, q: E) = elementwise::log;
            /// What is above zero.
            relu(x: *const E, step: usize, out: *mut E, n: usize, p: E, q: E) = elementwise::relu;
            /// What is above zero, `p` times the rest.
            leaky_relu(x: *const E, step: usize, out: *mut E, n: usize, p: E, q: E) = elementwise::leaky_relu;
            /// Times the normal distribution.
            gelu(x: *const E, step: usize, out: *mut E, n: usize, p: E, q: E) = elementwise::gelu;
            /// Nearly `gelu`.
            gelu_tanh(x: *const E, step: usize, out: *mut E, n: usize, p: E, q: E) = elementwise::gelu_tanh;
            /// Times the sigmoid.
            silu(x: *const E, step: usize, out: *mut E, n: usize, p: E, q: E) = elementwise::silu;
            /// The logistic function.
            sigmoid(x: *const E, step: usize, out: *mut E, n: usize, p: E, q: E) = elementwise::sigmoid;
            /// The hyperbolic tangent.
            tanh(x: *const E, step: usize, out: *mut E, n: usize, p: E, q: E) = elementwise::tanh;
            /// Not below `p`, then not above `q`.
            clip(x: *const E, step: usize, out: *mut E, n: usize, p: E, q: E) = elementwise::clip;
            /// Times itself.
            square(x: *const E, step: usize, out: *mut E, n: usize, p: E, q: E) = elementwise::square;
            /// `p` divided by it.
            reciprocal(x: *const E, step: usize, out: *mut E, n: usize, p: E, q: E) = elementwise::reciprocal;
            /// The sum.
            add(a: *const E, a_step: usize, b: *const E, b_step: usize, out: *mut E, n: usize) = elementwise::add;
            /// The difference.
            sub(a: *const E, a_step: usize, b: *const E, b_step: usize, out: *mut E, n: usize) = elementwise::sub;
            /// The product.
            mul(a: *const E, a_step: usize, b: *const E, b_step: usize, out: *mut E, n: usize) = elementwise::mul;
            /// The quotient.
            div(a: *const E, a_step: usize, b: *const E, b_step: usize, out: *mut E, n: usize) = elementwise::div;
            /// The smaller; NaN where either is.
            minimum(a: *const E, a_step: usize, b: *const E, b_step: usize, out: *mut E, n: usize) = elementwise::minimum;
            /// The larger; NaN where either is.
            maximum(a: *const E, a_step: usize, b: *const E, b_step: usize, out: *mut E, n: usize) = elementwise::maximum;
            /// `a` to the power `b`.
            pow(a: *const E, a_step: usize, b: *const E, b_step: usize, out: *mut E, n: usize) = elementwise::pow;
            /// `a * b + c`.
            fma(
                a: *const E, a_step: usize, b: *const E, b_step: usize, c: *const E, c_step: usize,
                out: *mut E, n: usize
            ) = elementwise::fma;
            /// `a + (b - a) * c`.
            lerp(
                a: *const E, a_step: usize, b: *const E, b_step: usize, c: *const E, c_step: usize,
                out: *mut E, n: usize
            ) = elementwise::lerp;
            /// The sum of the products.
            dot(a: *const E, b: *const E, n: usize) -> E = reduce::dot;
            /// The sum, added in a tree.
            sum(x: *const E, n: usize) -> E = reduce::sum;
            /// The sum, with what its blocks carry in double precision.
            total(x: *const E, n: usize) -> f64 = reduce::total;
            /// The sums of squared distances and of distances from `about`.
            moments(x: *const E, n: usize, about: E) -> [f64; 2] = reduce::moments;
            /// The sum of amounts.
            sum_of_amounts(x: *const E, n: usize) -> E = reduce::sum_of_amounts;
            /// The square root of the sum of squares.
            length(x: *const E, n: usize) -> f64 = reduce::length;
            /// The largest amount, 0 of none; NaN where one is.
            largest_amount(x: *const E, n: usize) -> E = extremes::largest_amount;
            /// The smallest of at least one; NaN where one is.
            min(x: *const E, n: usize) -> E = extremes::min;
            /// The largest of at least one; NaN where one is.
            max(x: *const E, n: usize) -> E = extremes::max;
            /// Where the smallest of at least one stands first, or the first NaN.
            position_of_min(x: *const E, n: usize) -> usize = extremes::position_of_min;
            /// Where the largest of at least one stands first, or the first NaN.
            position_of_max(x: *const E, n: usize) -> usize = extremes::position_of_max;
            /// Where the first element stands that is larger than `bound` or NaN, `n` if there is none.
            first_above(x: *const E, n: usize, bound: E) -> usize = extremes::first_above;
            /// The exponentials divided by their sum.
            softmax(x: *const E, out: *mut E, n: usize) = rows::softmax;
            /// The logarithms of `softmax`.
            log_softmax(x: *const E, out: *mut E, n: usize) = rows::log_softmax;
            /// Mean 0 and variance 1, then times weight plus bias.
            layer_norm(
                x: *const E, out: *mut E, n: usize, epsilon: E,
                weight: *const E, weight_step: usize, bias: *const E, bias_step: usize
            ) = rows::layer_norm;
            /// Mean of squares 1, then times weight.
            rms_norm(x: *const E, out: *mut E, n: usize, epsilon: E, weight: *const E, weight_step: usize)
                = rows::rms_norm;
            /// The running sums.
            prefix_sum(x: *const E, out: *mut E, n: usize) = scan::prefix_sum;
            /// Multiply and add in independent chains for `n` rounds: what the arithmetic can do at most.
            fma_loop(n: usize) -> E = limits::fma_loop;
            /// Read everything: what the memory can do at most.
            read_loop(x: *const E, n: usize) -> E = limits::read_loop;
            /// How a backend cuts products of matrices.
            tile() -> $crate::generic::matmul::Tile<E> = matmul::tile;
            /// A product of two blocks, added to a third or subtracted from it.
            multiply(block: *const $crate::generic::matmul::Block<E>) = matmul::multiply;
            /// The same where each element is a dot product of two contiguous vectors.
            dots(block: *const $crate::generic::matmul::Block<E>) = matmul::dots;
            /// Rows in the order in which `multiply` reads right sides.
            pack(panels: *const $crate::generic::matmul::Panels<E>) = matmul::pack;
            /// The dot product of each row and `x`.
            rows_dot(
                a: *const E, stride: usize, rows: usize, columns: usize, x: *const E, out: *mut E
            ) = matvec::rows_dot;
            /// The rows added to `out`, each times its factor.
            add_rows(
                a: *const E, stride: usize, rows: usize, columns: usize, factors: *const E, step: usize, out: *mut E
            ) = matvec::add_rows;
            /// The squared distance of each row from `x`.
            rows_distance(
                a: *const E, stride: usize, rows: usize, columns: usize, x: *const E, out: *mut E
            ) = matvec::rows_distance;
            /// Squared distances made of inner products and squared lengths.
            to_distances(length: E, lengths: *const E, out: *mut E, n: usize) = matvec::to_distances;
        }
    };
}

/// Calls a macro with the list of the kernels that are not over one number type.
macro_rules! for_each_byte_kernel {
    ($make:ident!($($context:tt)*)) => {
        $crate::kernels::$make! { [$($context)*]
            /// The nearest whole number to `x / scale`, plus `zero`, within -128..=127; `zero` for NaN.
            quantize(x: *const f32, scale: f32, zero: f32, out: *mut i8, n: usize) = quantize::quantize;
            /// `(x - zero) * scale`.
            dequantize(x: *const i8, scale: f32, zero: f32, out: *mut f32, n: usize) = quantize::dequantize;
            /// The sum of products of at most 65 536 elements.
            dot_i8(a: *const i8, b: *const i8, n: usize) -> i32 = quantize::dot_i8;
        }
    };
}

/// A function pointer for each line of a list.
macro_rules! declare {
    (
        [$(#[$table_doc:meta])* $table:ident $(<$element:ident>)?]
        $($(#[$doc:meta])* $name:ident($($argument:ident: $type:ty),*) $(-> $out:ty)? = $module:ident::$path:ident;)+
    ) => {
        $(#[$table_doc])*
        pub struct $table $(<$element>)? {$(
            $(#[$doc])*
            pub(crate) $name: unsafe fn($($argument: $type),*) $(-> $out)?,
        )+}
    };
}

/// A table whose functions enable `$features` and inline the algorithms over `$simd`.
macro_rules! wrap {
    (
        [$table:ident, $features:literal, $simd:ty]
        $($(#[$doc:meta])* $name:ident($($argument:ident: $type:ty),*) $(-> $out:ty)? = $module:ident::$path:ident;)+
    ) => {{
        #[allow(dead_code)]
        type E = <$simd as $crate::simd::Simd>::Element;
        $(
            /// # Safety
            /// See `kernels.rs`.
            #[allow(clippy::too_many_arguments)]
            #[target_feature(enable = $features)]
            unsafe fn $name($($argument: $type),*) $(-> $out)? {
                // SAFETY: this function enables the set; the caller vouches for the pointers.
                unsafe { $crate::generic::$module::$path::<$simd>($($argument),*) }
            }
        )+
        $crate::kernels::$table { $($name),+ }
    }};
}

/// A table of the oracle.
macro_rules! plain {
    (
        [$table:ident]
        $($(#[$doc:meta])* $name:ident($($argument:ident: $type:ty),*) $(-> $out:ty)? = $module:ident::$path:ident;)+
    ) => {
        $crate::kernels::$table { $($name: $crate::scalar::$name),+ }
    };
}

/// The kernels of one backend: `backend!(Avx2, "avx2,fma", Single, Double)`.
macro_rules! backend {
    ($backend:ident, $features:literal, $single:ty, $double:ty) => {
        $crate::kernels::Kernels {
            backend: $crate::Backend::$backend,
            single: $crate::kernels::for_each_kernel!(wrap!(Table, $features, $single)),
            double: $crate::kernels::for_each_kernel!(wrap!(Table, $features, $double)),
            bytes: $crate::kernels::for_each_byte_kernel!(wrap!(Bytes, $features, $single)),
        }
    };
}

pub(crate) use {backend, declare, for_each_byte_kernel, for_each_kernel, plain, wrap};

for_each_kernel! {
    declare!(
        /// The kernels of one number type.
        Table<E>
    )
}

for_each_byte_kernel! {
    declare!(
        /// The kernels of bytes.
        Bytes
    )
}

/// The functions of one backend; every operation of this crate is a method of it.
///
/// A reference to one is a promise that this machine can run it: only [`kernels`](crate::kernels()) and [`Backend::kernels`] give them
/// out, after asking the processor.
pub struct Kernels {
    pub(crate) backend: Backend,
    pub(crate) single: Table<f32>,
    pub(crate) double: Table<f64>,
    pub(crate) bytes: Bytes,
}

impl Kernels {
    /// Whose functions these are.
    pub fn backend(&self) -> Backend {
        self.backend
    }

    /// The kernels of one number type.
    #[inline(always)]
    pub(crate) fn of<T: Element>(&self) -> &Table<T> {
        T::table(self)
    }
}

impl core::fmt::Debug for Kernels {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        f.debug_tuple("Kernels").field(&self.backend).finish()
    }
}
