//! Family 8, mlp: layers of products, each followed by a function of every number.
//!
//! `weight.0` (d, h0), `bias.0` (h0,), `weight.1` (h0, h1), ...; the last layer gives the scores. Place 7: layers, at most
//! [`MOST_LAYERS`]; 8: what follows the layers before the last, 0 identity, 1 relu, 2 tanh, 3 logistic.

#[cfg(feature = "alloc")]
use alloc::{boxed::Box, vec::Vec};

#[cfg(feature = "alloc")]
use trueno::Unary;

#[cfg(feature = "alloc")]
use crate::batch::{Block, Dense, Real, Rows};
use crate::{Family, Floats, Head, InferenceError, Number, ParseError, Scope, Tensors, Wanted, model::product};

/// Layers that a model may have.
const MOST_LAYERS: i32 = 64;

/// A network of dense layers.
#[derive(Debug, Clone, Copy)]
pub struct Mlp<'a> {
    tensors: Scope<'a>,
    layers: u8,
    activation: Activation,
    /// The most numbers between two layers.
    widest: usize,
    operations: u64,
    are_double: bool,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Activation {
    Identity,
    Relu,
    Tanh,
    Logistic,
}

/// One layer: its weights and what is added, with the columns of both.
struct Layer<'a> {
    weight: Floats<'a>,
    bias: Floats<'a>,
    columns: usize,
}

impl<'a> Layer<'a> {
    /// Layer `number`, for rows of this many numbers.
    fn read(tensors: &Scope<'a>, number: u8, rows: usize) -> Result<Self, ParseError> {
        let weight = tensors.get_numbered("weight", number).ok_or(ParseError::Missing { array: "weight" })?;
        let bias = tensors.get_numbered("bias", number).ok_or(ParseError::Missing { array: "bias" })?;
        let columns = weight.shape[1];
        Ok(Self {
            weight: weight.floats("weight", [rows, columns])?,
            bias: bias.floats("bias", [1, columns])?,
            columns,
        })
    }

    #[inline]
    fn run<N: Number>(&self, x: &[N], out: &mut [N]) {
        out.iter_mut().zip(self.bias.iter::<N>()).for_each(|(out, b)| *out = b);
        for (row, &x) in x.iter().enumerate() {
            let weights = self.weight.row(row, self.columns);
            weights.iter::<N>().zip(out.iter_mut()).for_each(|(w, out)| *out += x * w);
        }
    }
}

impl Activation {
    #[inline]
    fn of<N: Number>(self, x: N) -> N {
        match self {
            Self::Identity => x,
            Self::Relu if x < N::ZERO => N::ZERO,
            Self::Relu => x,
            Self::Tanh => x.tanh(),
            Self::Logistic => x.logistic(),
        }
    }

    #[cfg(feature = "alloc")]
    fn kernel<T: Real>(self) -> Option<Unary<T>> {
        match self {
            Self::Identity => None,
            Self::Relu => Some(Unary::Relu),
            Self::Tanh => Some(Unary::Tanh),
            Self::Logistic => Some(Unary::Sigmoid),
        }
    }
}

impl<'a> Family<'a> for Mlp<'a> {
    fn read(tensors: &Scope<'a>, head: &Head) -> Result<Self, ParseError> {
        let layers = head.extra_within(7, 1, MOST_LAYERS)? as u8;
        let activation = match head.extra_within(8, 0, 3)? {
            0 => Activation::Identity,
            1 => Activation::Relu,
            2 => Activation::Tanh,
            _ => Activation::Logistic,
        };
        let (mut rows, mut widest, mut operations, mut are_double) = (head.features, 0, 0_u64, false);
        for number in 0..layers {
            let layer = Layer::read(tensors, number, rows)?;
            operations = operations.saturating_add(product(layer.columns, rows.saturating_add(40)));
            are_double |= layer.weight.are_double() || layer.bias.are_double();
            rows = layer.columns;
            if number + 1 < layers {
                widest = widest.max(rows);
            }
        }
        if rows != head.scores() {
            return Err(ParseError::WrongShape { array: "weight", expected: [1, head.scores()], got: [1, rows] });
        }
        Ok(Self { tensors: *tensors, layers, activation, widest, operations, are_double })
    }

    fn scratch_len(&self, _head: &Head) -> usize {
        self.widest.saturating_mul(2)
    }

    fn operations(&self, _head: &Head) -> u64 {
        self.operations
    }

    fn are_double(&self) -> bool {
        self.are_double
    }

    fn row<N: Number>(
        &self,
        head: &Head,
        _wanted: Wanted,
        x: &[N],
        out: &mut [N],
        scratch: &mut [N],
    ) -> Result<(), InferenceError> {
        let corrupted = InferenceError::ModelCorrupted;
        let (mut from, mut to) = scratch.split_at_mut_checked(self.widest).ok_or(corrupted)?;
        let mut rows = head.features;
        for number in 0..self.layers {
            let layer = Layer::read(&self.tensors, number, rows).map_err(|_| corrupted)?;
            let input = if number == 0 { x } else { from.get(..rows).ok_or(corrupted)? };
            if number + 1 == self.layers {
                layer.run(input, out);
                return Ok(());
            }
            let output = to.get_mut(..layer.columns).ok_or(corrupted)?;
            layer.run(input, output);
            output.iter_mut().for_each(|x| *x = self.activation.of(*x));
            core::mem::swap(&mut from, &mut to);
            rows = layer.columns;
        }
        Ok(())
    }

    #[cfg(feature = "alloc")]
    fn block<T: Real>(&self, head: &Head) -> Result<Box<dyn Block<T> + 'a>, ParseError>
    where
        Self: 'a,
    {
        let (mut layers, mut rows) = (Vec::new(), head.features);
        for number in 0..self.layers {
            let layer = Layer::read(&self.tensors, number, rows)?;
            let dense = Dense::of_columns(layer.weight, [rows, layer.columns], layer.bias)?;
            layers.push((dense, layer.columns));
            rows = layer.columns;
        }
        Ok(Box::new(MlpBlock { layers, activation: self.activation, widest: self.widest }))
    }
}

/// Many rows at a time, layer by layer.
#[cfg(feature = "alloc")]
struct MlpBlock<'a, T> {
    layers: Vec<(Dense<'a, T>, usize)>,
    activation: Activation,
    widest: usize,
}

#[cfg(feature = "alloc")]
impl<T: Real> Block<T> for MlpBlock<'_, T> {
    fn scratch_len(&self, rows: usize) -> usize {
        2 * rows * self.widest
    }

    fn run(&self, _: Wanted, x: Rows<'_, T>, out: &mut [T], scratch: &mut [T]) -> Result<(), InferenceError> {
        let n = x.len();
        let (mut from, mut to) = scratch.split_at_mut(n * self.widest);
        let (last, before) = self.layers.split_last().ok_or(InferenceError::ModelCorrupted)?;
        let mut columns = x.columns();
        for (place, (dense, width)) in before.iter().enumerate() {
            let input = if place == 0 {
                x
            } else {
                Rows::new(from, n, columns, columns).ok_or(InferenceError::ModelCorrupted)?
            };
            dense.run(input, self.activation.kernel(), &mut to[..n * width])?;
            core::mem::swap(&mut from, &mut to);
            columns = *width;
        }
        let input = if before.is_empty() {
            x
        } else {
            Rows::new(from, n, columns, columns).ok_or(InferenceError::ModelCorrupted)?
        };
        last.0.run(input, None, out)
    }
}
