//! K-means: rows go to their nearest centre, centres to the mean of their rows, both in one pass over the data.

use trueno::{Element, Epilogue, Kernels, Right, View, ViewMut, kernels};

use crate::{
    Error,
    error::require_length,
    number::Number,
    segments::{self, add},
    threads,
    wide::wide,
};

/// Rows of a block.
const ROWS: usize = 256;

/// Numbers of rows that repay a segment of their own.
const SEGMENT_NUMBERS: usize = 1 << 17;

/// Rows that are to be grouped.
#[derive(Clone, Copy)]
pub struct Points<'a, T> {
    /// (n, d), rows one behind the other.
    pub x: &'a [T],
    /// Columns of `x`.
    pub columns: usize,
    /// (n,); 1 each where there are none.
    pub weights: Option<&'a [f64]>,
}

impl<T> Points<'_, T> {
    fn rows(&self) -> Result<usize, Error> {
        let rows = self.x.len().checked_div(self.columns).unwrap_or(0);
        require_length("x", rows * self.columns, self.x)?;
        self.weights.map_or(Ok(()), |weights| require_length("weights", rows, weights))?;
        Ok(rows)
    }
}

/// What a round of [`assign`] found.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Round {
    /// Rows that went to another centre than before.
    pub moved: usize,
    /// Weighted sum of squared distances to the nearest centre, up to rounding of the products.
    pub inertia: f64,
}

/// Lay into `labels` (n,) the nearest of `centers` (k, d) of each row, the first of equally near ones, into `distances`
/// (n,) the squared distances, into `sums` (k, d) the weighted sums of each centre's rows, and into `totals` (k,) their
/// weights.
///
/// `labels` are read before they are written, to tell how many changed. `distances` may be empty. Distances come from
/// products of matrices, so data should lie around zero. Equal in every bit for any number of threads.
///
/// Source: Lloyd 1982. Differs: assigning and adding are one pass over memory.
pub fn assign<T: Scored + Element>(
    points: Points<'_, T>,
    centers: &[T],
    threads: usize,
    labels: &mut [i32],
    distances: &mut [T],
    sums: &mut [f64],
    totals: &mut [f64],
) -> Result<Round, Error> {
    let (rows, d, k) = (points.rows()?, points.columns, totals.len());
    require_length("centers", k * d, centers)?;
    require_length("labels", rows, labels)?;
    require_length("sums", k * d, sums)?;
    if !distances.is_empty() {
        require_length("distances", rows, distances)?;
    }
    // Half the squared length of a centre less the product with it orders centres as the distance does.
    let halves: Vec<T> = centers.chunks_exact(d.max(1)).map(|center| T::of(0.5 * squares(center))).collect();
    let segments = segments::count(rows, (SEGMENT_NUMBERS / d.max(1)).max(ROWS));
    let shares = Shares::new(segments, rows, labels, distances);
    let work = |place| {
        let mut taken = shares.take(place);
        let (first, last) = segments::bounds(rows, segments, ROWS, place);
        let mut part = Part { moved: 0, inertia: 0.0, sums: vec![0.0; k * d], totals: vec![0.0; k] };
        let mut scores = vec![T::of(0.0); ROWS * k];
        for start in (first..last).step_by(ROWS) {
            let end = last.min(start + ROWS);
            let block = Points {
                x: &points.x[start * d..end * d],
                columns: d,
                weights: points.weights.map(|weights| &weights[start..end]),
            };
            let scores = &mut scores[..(end - start) * k];
            products(kernels(), block, centers, k, scores)?;
            let (labels, distances) = taken.next(end - start);
            settle(block, scores, &halves, labels, distances, &mut part);
        }
        Ok::<_, Error>(part)
    };
    sums.fill(0.0);
    totals.fill(0.0);
    let mut round = Round { moved: 0, inertia: 0.0 };
    for part in threads::map(threads, segments, work) {
        let part = part?;
        add(sums, &part.sums);
        add(totals, &part.totals);
        round.moved += part.moved;
        round.inertia += part.inertia;
    }
    Ok(round)
}

fn squares<T: Number>(row: &[T]) -> f64 {
    row.iter().map(|value| value.double() * value.double()).sum()
}

/// Products of each row of a block with each centre.
fn products<T: Number + Element>(
    kernels: &Kernels,
    block: Points<'_, T>,
    centers: &[T],
    k: usize,
    out: &mut [T],
) -> Result<(), Error> {
    let (rows, d) = (out.len() / k, block.columns);
    let (x, turned) = (View::new(block.x, rows, d)?, View::new(centers, k, d)?.transposed());
    kernels.matmul(x, Right::View(turned), Epilogue::default(), &mut ViewMut::new(out, rows, k)?, 1)?;
    Ok(())
}

struct Part {
    moved: usize,
    inertia: f64,
    sums: Vec<f64>,
    totals: Vec<f64>,
}

/// Labels and distances, cut where segments are, each piece taken by who does the segment.
struct Shares<'a, T>(Vec<std::sync::Mutex<Share<'a, T>>>);

struct Share<'a, T> {
    labels: &'a mut [i32],
    distances: &'a mut [T],
}

impl<'a, T> Shares<'a, T> {
    fn new(segments: usize, rows: usize, mut labels: &'a mut [i32], mut distances: &'a mut [T]) -> Self {
        let mut shares = Vec::with_capacity(segments);
        for place in 0..segments {
            let (first, last) = segments::bounds(rows, segments, ROWS, place);
            let (some, rest) = labels.split_at_mut(last - first);
            labels = rest;
            let length = if distances.is_empty() { 0 } else { last - first };
            let (near, rest) = distances.split_at_mut(length);
            distances = rest;
            shares.push(std::sync::Mutex::new(Share { labels: some, distances: near }));
        }
        Self(shares)
    }

    fn take(&self, place: usize) -> std::sync::MutexGuard<'_, Share<'a, T>> {
        self.0[place].lock().unwrap_or_else(std::sync::PoisonError::into_inner)
    }
}

impl<T> Share<'_, T> {
    /// The labels and distances of the next rows.
    fn next(&mut self, rows: usize) -> (&mut [i32], &mut [T]) {
        let (labels, rest) = std::mem::take(&mut self.labels).split_at_mut(rows);
        self.labels = rest;
        let length = rows.min(self.distances.len());
        let (distances, rest) = std::mem::take(&mut self.distances).split_at_mut(length);
        self.distances = rest;
        (labels, distances)
    }
}

wide! {
    /// From products to labels, distances and sums of a block.
    fn settle<T: Scored>(
        block: Points<'_, T>, scores: &[T], halves: &[T], labels: &mut [i32], distances: &mut [T], part: &mut Part
    ) {
        let (d, k) = (block.columns, halves.len());
        for (row, (label, scores)) in labels.iter_mut().zip(scores.chunks_exact(k)).enumerate() {
            let (mut best, mut nearest) = (halves[0] - scores[0], 0);
            for (place, (half, score)) in halves.iter().zip(scores).enumerate().skip(1) {
                let score = *half - *score;
                if score < best {
                    (best, nearest) = (score, place);
                }
            }
            part.moved += usize::from(*label != nearest as i32);
            *label = nearest as i32;
            let values = &block.x[row * d..(row + 1) * d];
            let weight = block.weights.map_or(1.0, |weights| weights[row]);
            part.totals[nearest] += weight;
            let sums = &mut part.sums[nearest * d..(nearest + 1) * d];
            if block.weights.is_some() {
                sums.iter_mut().zip(values).for_each(|(sum, value)| *sum += weight * value.double());
            } else {
                sums.iter_mut().zip(values).for_each(|(sum, value)| *sum += value.double());
            }
            if let Some(distance) = distances.get_mut(row) {
                let near = (squares_in_lanes(values) + 2.0 * best.double()).max(0.0);
                part.inertia += weight * near;
                *distance = T::of(near);
            }
        }
    }
}

/// The sum of squares in eight lanes, so that additions do not wait for each other.
#[inline(always)]
fn squares_in_lanes<T: Number>(row: &[T]) -> f64 {
    let mut lanes = [0.0; 8];
    let blocks = row.chunks_exact(8);
    let rest: f64 = blocks.remainder().iter().map(|value| value.double() * value.double()).sum();
    for block in blocks {
        for (lane, value) in lanes.iter_mut().zip(block) {
            *lane += value.double() * value.double();
        }
    }
    lanes.iter().sum::<f64>() + rest
}

/// A number whose scores can be taken from each other and compared.
pub trait Scored: Number + std::ops::Sub<Output = Self> + PartialOrd {}

impl<T: Number + std::ops::Sub<Output = Self> + PartialOrd> Scored for T {}

/// For each of the rows `candidates` (t,) the squared distances of all rows from it, no larger than `closest` (n,) lets
/// them be, into `out` (t, n), and the weighted sums of these into `potentials` (t,).
///
/// One step of k-means++. Equal in every bit for any number of threads.
///
/// Source: Arthur & Vassilvitskii 2007.
pub fn potentials<T: Scored + Element>(
    points: Points<'_, T>,
    candidates: &[i64],
    closest: Option<&[T]>,
    threads: usize,
    out: &mut [T],
    potentials: &mut [f64],
) -> Result<(), Error> {
    let (rows, d, t) = (points.rows()?, points.columns, candidates.len());
    require_length("out", t * rows, out)?;
    require_length("potentials", t, potentials)?;
    closest.map_or(Ok(()), |closest| require_length("closest", rows, closest))?;
    let mut centers = Vec::with_capacity(t * d);
    for &candidate in candidates {
        let place = usize::try_from(candidate).ok().filter(|&place| place < rows);
        let place = place.ok_or_else(|| Error::Setting {
            name: "candidates",
            value: candidate.to_string(),
            allowed: "rows that there are",
        })?;
        centers.extend_from_slice(&points.x[place * d..(place + 1) * d]);
    }
    let lengths: Vec<f64> = centers.chunks_exact(d.max(1)).map(squares_in_lanes).collect();
    let segments = segments::count(rows, (SEGMENT_NUMBERS / d.max(1)).max(ROWS));
    let work = |place| {
        let (first, last) = segments::bounds(rows, segments, ROWS, place);
        let mut found = vec![T::of(0.0); t * (last - first)];
        let (mut scores, mut sums) = (vec![T::of(0.0); ROWS * t], vec![0.0; t]);
        for start in (first..last).step_by(ROWS) {
            let end = last.min(start + ROWS);
            let block = Points { x: &points.x[start * d..end * d], columns: d, weights: None };
            let scores = &mut scores[..(end - start) * t];
            products(kernels(), block, &centers, t, scores)?;
            for row in start..end {
                let length = squares_in_lanes(&points.x[row * d..(row + 1) * d]);
                let weight = points.weights.map_or(1.0, |weights| weights[row]);
                let bound = closest.map_or(f64::INFINITY, |closest| closest[row].double());
                for (candidate, score) in scores[(row - start) * t..(row - start + 1) * t].iter().enumerate() {
                    let distance = (length + lengths[candidate] - 2.0 * score.double()).max(0.0).min(bound);
                    found[candidate * (last - first) + row - first] = T::of(distance);
                    sums[candidate] += weight * distance;
                }
            }
        }
        Ok::<_, Error>((first, last, found, sums))
    };
    potentials.fill(0.0);
    for answer in threads::map(threads, segments, work) {
        let (first, last, found, sums) = answer?;
        add(potentials, &sums);
        for (candidate, found) in found.chunks_exact((last - first).max(1)).enumerate() {
            out[candidate * rows + first..candidate * rows + last].copy_from_slice(found);
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn points() -> Vec<f32> {
        (0..4000).map(|place| ((place * 7919 + 13) % 101) as f32 / 50.0 - 1.0).collect()
    }

    fn distance(a: &[f32], b: &[f32]) -> f64 {
        a.iter().zip(b).map(|(a, b)| f64::from(a - b).powi(2)).sum()
    }

    #[test]
    fn every_row_goes_to_its_nearest_center_for_any_threads() {
        let x = points();
        let centers = &x[40..60];
        let weights: Vec<f64> = (0..1000).map(|row| f64::from(row % 3)).collect();
        let points = Points { x: &x, columns: 4, weights: Some(&weights) };
        let run = |threads| {
            let (mut labels, mut distances) = (vec![-1; 1000], vec![0.0; 1000]);
            let (mut sums, mut totals) = (vec![0.0; 20], vec![0.0; 5]);
            let round = assign(points, centers, threads, &mut labels, &mut distances, &mut sums, &mut totals).unwrap();
            (round, labels, distances, sums, totals)
        };
        let (round, labels, distances, sums, totals) = run(1);
        assert_eq!(round.moved, 1000);
        let mut inertia = 0.0;
        for (row, label) in labels.iter().enumerate() {
            let own = &x[4 * row..4 * row + 4];
            let nearest = centers.chunks(4).map(|center| distance(own, center)).fold(f64::INFINITY, f64::min);
            let found = distance(own, &centers[4 * *label as usize..4 * *label as usize + 4]);
            assert!(found <= nearest + 1e-5 && (f64::from(distances[row]) - found).abs() < 1e-5);
            inertia += weights[row] * found;
        }
        assert!((round.inertia - inertia).abs() < 1e-3);
        assert!((totals.iter().sum::<f64>() - weights.iter().sum::<f64>()).abs() < 1e-9);
        assert!(
            (sums[0]
                - (0..1000)
                    .filter(|&row| labels[row] == 0)
                    .map(|row| weights[row] * f64::from(x[4 * row]))
                    .sum::<f64>())
            .abs()
                < 1e-9
        );
        let again = run(3);
        assert_eq!((round, labels, sums), (again.0, again.1, again.3));
    }

    #[test]
    fn potentials_are_sums_of_distances_that_closest_bounds() {
        let x = points();
        let points = Points { x: &x, columns: 4, weights: None };
        let closest = vec![0.5_f32; 1000];
        let (mut out, mut sums) = (vec![0.0; 2000], vec![0.0; 2]);
        potentials(points, &[3, 7], Some(&closest), 2, &mut out, &mut sums).unwrap();
        let expected: f64 = x.chunks(4).map(|row| distance(row, &x[28..32]).min(0.5)).sum();
        assert!((sums[1] - expected).abs() < 1e-3);
        assert!(out[3].abs() < 1e-6 && out[1007].abs() < 1e-6);
        assert!(potentials::<f32>(points, &[1000], None, 1, &mut out[..1000], &mut sums[..1]).is_err());
    }
}
