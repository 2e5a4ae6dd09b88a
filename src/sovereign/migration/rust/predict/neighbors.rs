//! Family 6, neighbors: what the nearest of all points say, found by looking at every one.
//!
//! `points` (n, d), `targets` (n,) int32 class indexes or (n, m) floats. Place 7: neighbours k; 8: they count 0 alike, 1 by
//! one over their distance; 9: distance 0 Euclidean, 1 Manhattan, 2 Chebyshev, 3 cosine, 4 Minkowski; 10: the order of
//! the last. Of equally far points the first counts. Where no distance is a number, the outputs are NaN.

#[cfg(feature = "alloc")]
use alloc::{boxed::Box, vec::Vec};

#[cfg(feature = "alloc")]
use crate::batch::{Block, Centred, Numbers, Real, Rows};
use crate::{
    Family, Floats, Head, InferenceError, Integers, Number, ParseError, Scope, Tensors, Wanted, model::product,
};

/// Points, at most: their numbers are kept in single precision while a row is computed.
const MOST_POINTS: usize = 1 << 24;

/// Points with what is known of them.
#[derive(Debug, Clone, Copy)]
pub struct Neighbors<'a> {
    points: Floats<'a>,
    targets: Targets<'a>,
    n: usize,
    k: usize,
    metric: Metric,
    are_weighted: bool,
}

#[derive(Debug, Clone, Copy)]
enum Targets<'a> {
    Classes(Integers<'a>),
    Values(Floats<'a>),
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Metric {
    Euclidean,
    Manhattan,
    Chebyshev,
    Cosine,
    Minkowski(u8),
}

impl Metric {
    fn read(head: &Head) -> Result<Self, ParseError> {
        Ok(match head.extra_within(9, 0, 4)? {
            0 => Self::Euclidean,
            1 => Self::Manhattan,
            2 => Self::Chebyshev,
            3 => Self::Cosine,
            _ => Self::Minkowski(head.extra_within(10, 1, 64)? as u8),
        })
    }

    /// A measure that grows with the distance.
    #[inline]
    fn measure<N: Number>(self, point: Floats<'_>, x: &[N]) -> N {
        match self {
            Self::Euclidean => point.fold_with(x, N::ZERO, |sum, p, x| sum + (x - p) * (x - p)),
            Self::Manhattan => point.fold_with(x, N::ZERO, |sum, p, x| sum + (x - p).abs()),
            Self::Chebyshev => point.fold_with(x, N::ZERO, |most, p, x| {
                let distance = (x - p).abs();
                if distance > most || distance.is_nan() { distance } else { most }
            }),
            Self::Cosine => {
                let start = (N::ZERO, N::ZERO, N::ZERO);
                let (dot, a, b) = point.fold_with(x, start, |(dot, a, b), p, x| (dot + p * x, a + p * p, b + x * x));
                let lengths = a.sqrt() * b.sqrt();
                // As scikit-learn: a vector of zeros is at right angles to everything.
                if lengths == N::ZERO { N::ONE } else { N::ONE - dot / lengths }
            }
            Self::Minkowski(order) => {
                point.fold_with(x, N::ZERO, |sum, p, x| sum + (x - p).abs().pow(N::of_single(order.into())))
            }
        }
    }

    /// The distance of a measure.
    #[inline]
    fn distance<N: Number>(self, measure: N) -> N {
        match self {
            Self::Euclidean => measure.sqrt(),
            Self::Manhattan | Self::Chebyshev | Self::Cosine => measure,
            Self::Minkowski(order) => measure.pow(N::ONE / N::of_single(order.into())),
        }
    }
}

impl<'a> Family<'a> for Neighbors<'a> {
    fn read(tensors: &Scope<'a>, head: &Head) -> Result<Self, ParseError> {
        head.require_identity()?;
        let tensor = tensors.get("points").ok_or(ParseError::Missing { array: "points" })?;
        let n = tensor.shape[0];
        let points = tensor.floats("points", [n, head.features])?;
        if n > MOST_POINTS {
            return Err(ParseError::UnsupportedModelType);
        }
        let targets = tensors.get("targets").ok_or(ParseError::Missing { array: "targets" })?;
        let targets = if head.classes == 0 {
            // A single target may stand as a vector.
            let shape = if targets.shape == [1, n] && head.outputs == 1 { [1, n] } else { [n, head.outputs] };
            Targets::Values(targets.floats("targets", shape)?)
        } else {
            head.require_outputs(head.classes)?;
            let classes = targets.integers("targets")?;
            if classes.len() != n {
                let got = [1, classes.len()];
                return Err(ParseError::WrongShape { array: "targets", expected: [1, n], got });
            }
            let is_class = |class: i32| usize::try_from(class).is_ok_and(|class| class < head.classes);
            if let Some(place) = classes.iter().position(|class| !is_class(class)) {
                return Err(ParseError::WrongValue { array: "targets", place });
            }
            Targets::Classes(classes)
        };
        let k = head.extra_within(7, 1, i32::MAX)?;
        if k > n {
            return Err(ParseError::WrongValue { array: "model", place: 7 });
        }
        let are_weighted = head.extra_within(8, 0, 1)? == 1;
        Ok(Self { points, targets, n, k, metric: Metric::read(head)?, are_weighted })
    }

    fn scratch_len(&self, _head: &Head) -> usize {
        self.k.saturating_mul(2)
    }

    fn operations(&self, head: &Head) -> u64 {
        let step = if matches!(self.metric, Metric::Minkowski(_)) { 60 } else { 4 };
        product(self.n, head.features.saturating_mul(step).saturating_add(self.k))
    }

    fn are_double(&self) -> bool {
        self.points.are_double()
    }

    fn row<N: Number>(
        &self,
        head: &Head,
        _wanted: Wanted,
        x: &[N],
        out: &mut [N],
        scratch: &mut [N],
    ) -> Result<(), InferenceError> {
        let mut nearest = Nearest::new(scratch, self.k).ok_or(InferenceError::ModelCorrupted)?;
        for place in 0..self.n {
            let measure = self.metric.measure(self.points.row(place, head.features), x);
            if measure < nearest.farthest() {
                nearest.insert(measure, N::of_double(place as f64));
            }
        }
        self.settle(head, nearest, out);
        Ok(())
    }

    #[cfg(feature = "alloc")]
    fn block<T: Real>(&self, head: &Head) -> Result<Box<dyn Block<T> + 'a>, ParseError>
    where
        Self: 'a,
    {
        if self.metric != Metric::Euclidean {
            return Ok(Box::new(crate::batch::ByRow { family: *self, head: *head }));
        }
        let (points, d) = (Numbers::of(self.points)?, head.features);
        let mean = crate::batch::mean_of(&points, d);
        let tiles = points.chunks(TILE * d.max(1)).map(|tile| Centred::about(tile, [tile.len() / d.max(1), d], &mean));
        let tiles = tiles.collect::<Result<Vec<_>, _>>()?;
        Ok(Box::new(NeighborsBlock { family: *self, head: *head, points, tiles, mean }))
    }
}

impl Neighbors<'_> {
    /// What the nearest points say together.
    fn settle<N: Number>(&self, head: &Head, nearest: Nearest<'_, N>, out: &mut [N]) {
        let Nearest { measures, places } = nearest;
        if !measures.last().is_some_and(|last| last.is_finite()) {
            out.iter_mut().for_each(|out| *out = N::NAN);
            return;
        }
        self.weigh(measures);
        let total = measures.iter().fold(N::ZERO, |sum, &weight| sum + weight);
        out.iter_mut().for_each(|out| *out = N::ZERO);
        for (&weight, place) in measures.iter().zip(places.iter()) {
            let place = place.double() as usize;
            match self.targets {
                Targets::Classes(classes) => {
                    let class = classes.count(place).and_then(|class| out.get_mut(class));
                    class.into_iter().for_each(|sum| *sum += weight);
                }
                Targets::Values(values) => {
                    let values = values.row(place, head.outputs);
                    out.iter_mut().zip(values.iter::<N>()).for_each(|(sum, value)| *sum += weight * value);
                }
            }
        }
        out.iter_mut().for_each(|sum| *sum = *sum / total);
    }

    /// Make weights of measures.
    fn weigh<N: Number>(&self, measures: &mut [N]) {
        if !self.are_weighted {
            measures.iter_mut().for_each(|weight| *weight = N::ONE);
        } else if measures.contains(&N::ZERO) {
            // Points at the very place are all that counts.
            measures.iter_mut().for_each(|weight| *weight = if *weight == N::ZERO { N::ONE } else { N::ZERO });
        } else {
            measures.iter_mut().for_each(|weight| *weight = N::ONE / self.metric.distance(*weight));
        }
    }
}

/// The nearest points so far, by rising measure.
struct Nearest<'b, N> {
    measures: &'b mut [N],
    places: &'b mut [N],
}

impl<'b, N: Number> Nearest<'b, N> {
    /// Room for `k` in the first `2k` numbers of `scratch`.
    fn new(scratch: &'b mut [N], k: usize) -> Option<Self> {
        let nearest = Self::found(scratch, k)?;
        nearest.measures.iter_mut().for_each(|measure| *measure = N::INFINITY);
        nearest.places.iter_mut().for_each(|place| *place = N::ZERO);
        Some(nearest)
    }

    /// Those that were put there before.
    fn found(scratch: &'b mut [N], k: usize) -> Option<Self> {
        let (measures, rest) = scratch.split_at_mut_checked(k)?;
        Some(Self { measures, places: rest.get_mut(..k)? })
    }

    /// The measure that a point must come below.
    #[inline]
    fn farthest(&self) -> N {
        self.measures.last().copied().unwrap_or(N::NAN)
    }

    /// Put a point in its place; the farthest drops out, and earlier points stay before equal ones.
    #[inline]
    fn insert(&mut self, measure: N, place: N) {
        let (mut measure, mut place) = (measure, place);
        for (other, number) in self.measures.iter_mut().zip(self.places.iter_mut()) {
            if measure < *other {
                core::mem::swap(&mut measure, other);
                core::mem::swap(&mut place, number);
            }
        }
    }
}

/// Points of a tile.
#[cfg(feature = "alloc")]
const TILE: usize = 512;

/// Numbers that are looked at together.
#[cfg(feature = "alloc")]
const TOGETHER: usize = 16;

/// Many rows at a time, by Euclidean distance.
///
/// A product of matrices says which points can be among the nearest, within an error that is known; only of those the
/// distance is computed. So the result is that of looking at each.
#[cfg(feature = "alloc")]
struct NeighborsBlock<'a, T: 'static> {
    family: Neighbors<'a>,
    head: Head,
    points: Numbers<'a, T>,
    tiles: Vec<Centred<T>>,
    mean: Vec<f64>,
}

#[cfg(feature = "alloc")]
impl<T: Real> Block<T> for NeighborsBlock<'_, T> {
    fn scratch_len(&self, rows: usize) -> usize {
        rows * (TILE + 2 * self.family.k)
    }

    fn run(&self, _: Wanted, x: Rows<'_, T>, out: &mut [T], scratch: &mut [T]) -> Result<(), InferenceError> {
        let (k, wrong) = (self.family.k, InferenceError::ModelCorrupted);
        let (products, nearest) = scratch.split_at_mut(x.len() * TILE);
        for room in nearest.chunks_exact_mut(2 * k).take(x.len()) {
            Nearest::new(room, k).ok_or(wrong)?;
        }
        for (number, tile) in self.tiles.iter().enumerate() {
            let products = &mut products[..x.len() * tile.len()];
            tile.products(x, products)?;
            for (i, room) in nearest.chunks_exact_mut(2 * k).take(x.len()).enumerate() {
                let mut nearest = Nearest::found(room, k).ok_or(wrong)?;
                let products = &products[i * tile.len()..][..tile.len()];
                self.look(x.row(i), number * TILE, tile, products, &mut nearest);
            }
        }
        for (i, room) in nearest.chunks_exact_mut(2 * k).take(x.len()).enumerate() {
            let nearest = Nearest::found(room, k).ok_or(wrong)?;
            let out = &mut out[i * self.head.outputs..][..self.head.outputs];
            self.family.settle(&self.head, nearest, out);
        }
        Ok(())
    }
}

#[cfg(feature = "alloc")]
impl<T: Real> NeighborsBlock<'_, T> {
    /// Put those points of a tile among the nearest that belong there.
    fn look(&self, x: &[T], first: usize, tile: &Centred<T>, products: &[T], nearest: &mut Nearest<'_, T>) {
        let from_mean: f64 = x.iter().zip(&self.mean).map(|(x, mean)| (x.double() - mean) * (x.double() - mean)).sum();
        let error = tile.error(x);
        // |x - p|² is below a bound only where the product is at least this.
        let least = |bound: T| {
            let rounded = bound.double() * (1.0 + 2.0 * (x.len() as f64 + 4.0) * T::unit());
            T::of_double((from_mean - rounded) / 2.0 - error)
        };
        let mut bound = least(nearest.farthest());
        for (group, products) in products.chunks(TOGETHER).enumerate() {
            if !products.iter().fold(false, |any, &product| any | (product >= bound)) {
                continue;
            }
            for (place, &product) in products.iter().enumerate() {
                if product < bound {
                    continue;
                }
                let place = first + group * TOGETHER + place;
                let measure = squared_distance(x, &self.points[place * x.len()..][..x.len()]);
                if measure < nearest.farthest() {
                    nearest.insert(measure, T::of_double(place as f64));
                    bound = least(nearest.farthest());
                }
            }
        }
    }
}

/// The sum of squared differences, in as many chains as the processor can hold.
#[cfg(feature = "alloc")]
#[inline]
fn squared_distance<T: Real>(x: &[T], point: &[T]) -> T {
    const LANES: usize = 8;
    let mut sums = [<T as Number>::ZERO; LANES];
    for (x, p) in x.chunks_exact(LANES).zip(point.chunks_exact(LANES)) {
        for (lane, sum) in sums.iter_mut().enumerate() {
            *sum += (x[lane] - p[lane]) * (x[lane] - p[lane]);
        }
    }
    let whole = x.len() / LANES * LANES;
    let rest = x[whole..].iter().zip(&point[whole..]);
    let rest = rest.fold(<T as Number>::ZERO, |sum, (&x, &p)| sum + (x - p) * (x - p));
    sums.iter().fold(rest, |sum, &lane| sum + lane)
}
