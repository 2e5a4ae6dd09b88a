//! K-means: rows go to their nearest centre, centres to the mean of their rows.
//!
//! For each row it is known how far at most its own centre is, and how far at least every other one. As long as centres
//! have not moved so far that these could have changed places, the row is not looked at again.

use std::sync::{Mutex, MutexGuard, PoisonError};

use crate::{
    Error,
    error::{require_length, require_setting},
    nearest::{TALL, Tiled, panels, products},
    segments::{self, add},
    threads,
    wide::wide,
};

/// Numbers of rows that repay a segment of their own.
const SEGMENT_NUMBERS: usize = 1 << 17;

/// Rows that begin a segment are a multiple of this.
const GRANULE: usize = 64;

/// Rows that are to be grouped; they should lie around zero, because distances are made of products.
#[derive(Clone, Copy)]
pub struct Points<'a, T> {
    /// (n, d), rows one behind the other.
    pub x: &'a [T],
    /// Columns of `x`.
    pub columns: usize,
    /// (n,), the squared length of each row.
    pub lengths: &'a [T],
    /// (n,); 1 each where there are none.
    pub weights: Option<&'a [f64]>,
}

impl<'a, T: Tiled> Points<'a, T> {
    fn check(&self) -> Result<(), Error> {
        require_setting("x", self.columns > 0, self.columns, "of one column or more")?;
        require_length("x", self.lengths.len() * self.columns, self.x)?;
        self.weights.map_or(Ok(()), |weights| require_length("weights", self.lengths.len(), weights))
    }

    fn row(&self, row: usize) -> &'a [T] {
        &self.x[row * self.columns..(row + 1) * self.columns]
    }

    fn weight(&self, row: usize) -> f64 {
        self.weights.map_or(1.0, |weights| weights[row])
    }

    fn segments(&self) -> usize {
        segments::count(self.lengths.len(), (SEGMENT_NUMBERS / self.columns).max(GRANULE))
    }

    /// Four of some rows; the last stands for those that there are not.
    fn four(&self, rows: &[usize]) -> [&'a [T]; TALL] {
        std::array::from_fn(|i| self.row(rows[i.min(rows.len() - 1)]))
    }
}

/// What is known of each row: its centre, how far that is at most, and how far every other one at least.
pub struct Known<'a, T> {
    /// (n,), -1 at first.
    pub labels: &'a mut [i32],
    /// (n,).
    pub upper: &'a mut [T],
    /// (n,).
    pub lower: &'a mut [T],
}

impl<'a, T: Tiled> Known<'a, T> {
    fn check(&self, rows: usize) -> Result<(), Error> {
        require_length("labels", rows, self.labels)?;
        require_length("upper", rows, self.upper)?;
        require_length("lower", rows, self.lower)
    }

    /// Cut where segments are; who does a segment takes its piece.
    fn cut(self, segments: usize, rows: usize) -> Vec<Mutex<Known<'a, T>>> {
        let Known { mut labels, mut upper, mut lower } = self;
        let mut pieces = Vec::with_capacity(segments);
        for place in 0..segments {
            let (first, last) = segments::bounds(rows, segments, GRANULE, place);
            let (some_labels, some_upper, some_lower);
            (some_labels, labels) = labels.split_at_mut(last - first);
            (some_upper, upper) = upper.split_at_mut(last - first);
            (some_lower, lower) = lower.split_at_mut(last - first);
            pieces.push(Mutex::new(Known { labels: some_labels, upper: some_upper, lower: some_lower }));
        }
        pieces
    }
}

fn locked<T>(piece: &Mutex<T>) -> MutexGuard<'_, T> {
    piece.lock().unwrap_or_else(PoisonError::into_inner)
}

/// What a round of [`assign`] found.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Round {
    /// Rows that went to another centre than before.
    pub moved: usize,
    /// Weighted sum of squared distances to the nearest centre; of the rows that were looked at alone.
    pub inertia: f64,
}

/// Send rows to the nearest of `centers` (k, d), the first of equally near ones, and bring `sums` (k, d) of each centre's
/// weighted rows and `totals` (k,) of their weights up to date.
///
/// `shifts` (k,) says how far each centre has moved since the round before; without it every row is looked at, and
/// labels of -1 tell that nothing is in the sums yet. Equal in every bit for any number of threads. Cost: 2 * d * k for
/// each row that is looked at.
///
/// Source: Lloyd 1982, with the bounds of Hamerly 2010. Differs: bounds leave room for the rounding of products, and a row
/// that is looked at is compared with all centres at once.
pub fn assign<T: Tiled>(
    points: Points<'_, T>,
    centers: &[T],
    shifts: Option<&[f64]>,
    threads: usize,
    known: Known<'_, T>,
    sums: &mut [f64],
    totals: &mut [f64],
) -> Result<Round, Error> {
    let (rows, d, k) = (points.lengths.len(), points.columns, totals.len());
    points.check()?;
    known.check(rows)?;
    require_setting("centers", k > 0 && k <= i32::MAX as usize, k, "one or more")?;
    require_length("centers", k * d, centers)?;
    require_length("sums", k * d, sums)?;
    shifts.map_or(Ok(()), |shifts| require_length("shifts", k, shifts))?;
    if let Some(label) = known.labels.iter().find(|&&label| !(-1..k as i64).contains(&i64::from(label))) {
        require_setting("labels", false, label, "-1, or below the number of centres")?;
    }
    let task = Task::new(points, centers, shifts, k);
    let segments = points.segments();
    let pieces = known.cut(segments, rows);
    let work = |place: usize| {
        let (first, _) = segments::bounds(rows, segments, GRANULE, place);
        task.run(first, &mut locked(&pieces[place]))
    };
    let mut round = Round { moved: 0, inertia: 0.0 };
    for part in threads::map(threads, segments, work) {
        if let Some((change, weights)) = &part.change {
            add(sums, change);
            add(totals, weights);
        }
        round.moved += part.moved;
        round.inertia += part.inertia;
    }
    Ok(round)
}

/// What all threads know.
struct Task<'a, T> {
    points: Points<'a, T>,
    k: usize,
    panels: Vec<T>,
    /// Half the squared length of each centre.
    halves: Vec<T>,
    /// How far each centre has moved, and how far the farthest of the others.
    moves: Option<Vec<(f64, f64)>>,
    /// Half the distance of each centre to its nearest other one.
    spaces: Vec<f64>,
    /// How much a squared distance may be off, in parts of the squared lengths of row and farthest centre.
    rounding: f64,
    longest: f64,
}

/// What a segment found.
struct Part {
    moved: usize,
    inertia: f64,
    /// Changes of sums and totals, where a row moved.
    change: Option<(Vec<f64>, Vec<f64>)>,
}

impl<'a, T: Tiled> Task<'a, T> {
    fn new(points: Points<'a, T>, centers: &[T], shifts: Option<&[f64]>, k: usize) -> Self {
        let d = points.columns;
        let lengths: Vec<f64> =
            centers.chunks_exact(d).map(|row| row.iter().map(|x| x.double().powi(2)).sum()).collect();
        Self {
            points,
            k,
            panels: panels(centers, d),
            halves: lengths.iter().map(|length| T::of(0.5 * length)).collect(),
            moves: shifts.map(farthest_others),
            spaces: if shifts.is_some() { half_spaces(centers, d) } else { Vec::new() },
            rounding: 4.0 * (d as f64).sqrt() * T::EPSILON,
            longest: lengths.iter().copied().fold(0.0, f64::max),
        }
    }

    fn run(&self, first: usize, known: &mut Known<'_, T>) -> Part {
        let mut part = Part { moved: 0, inertia: 0.0, change: None };
        let rows = known.labels.len();
        let stale: Vec<usize> = match &self.moves {
            Some(moves) => stale(known, moves, &self.spaces).into_iter().map(|row| first + row).collect(),
            None => (first..first + rows).collect(),
        };
        look(self, &stale, first, known, &mut part);
        part
    }

    /// Send a row to its centre.
    #[inline(always)]
    fn settle(&self, row: usize, first: usize, scores: &[T], known: &mut Known<'_, T>, part: &mut Part) {
        let (best, nearest, second) = two_least(scores, &self.halves);
        let length = self.points.lengths[row].double();
        let (near, slack) = (length + 2.0 * best, self.rounding * (length + self.longest));
        part.inertia += self.points.weight(row) * near.max(0.0);
        let place = row - first;
        known.upper[place] = T::of((near + slack).max(0.0).sqrt());
        known.lower[place] = T::of((length + 2.0 * second - slack).max(0.0).sqrt());
        let before = known.labels[place];
        if before == nearest as i32 {
            return;
        }
        known.labels[place] = nearest as i32;
        part.moved += 1;
        let d = self.points.columns;
        let (sums, totals) = part.change.get_or_insert_with(|| (vec![0.0; self.k * d], vec![0.0; self.k]));
        let (values, weight) = (self.points.row(row), self.points.weight(row));
        add_row(values, weight, &mut sums[nearest * d..(nearest + 1) * d]);
        totals[nearest] += weight;
        if let Ok(before) = usize::try_from(before) {
            add_row(values, -weight, &mut sums[before * d..(before + 1) * d]);
            totals[before] -= weight;
        }
    }
}

wide! {
    /// Send these rows to their centres.
    fn look<T: Tiled>(task: &Task<'_, T>, rows: &[usize], first: usize, known: &mut Known<'_, T>, part: &mut Part) {
        let (points, stride) = (task.points, task.panels.len() / task.points.columns);
        let mut scores = vec![T::of(0.0); TALL * stride];
        for four in rows.chunks(TALL) {
            products(points.four(four), &task.panels, points.columns, stride, &mut scores);
            for (&row, scores) in four.iter().zip(scores.chunks_exact(stride)) {
                task.settle(row, first, &scores[..task.k], known, part);
            }
        }
    }
}

/// The least of the halves less the products, its place, and the second least.
#[inline(always)]
fn two_least<T: Tiled>(scores: &[T], halves: &[T]) -> (f64, usize, f64) {
    let (mut best, mut nearest, mut second) = (f64::INFINITY, 0, f64::INFINITY);
    for (place, (score, half)) in scores.iter().zip(halves).enumerate() {
        let score = half.double() - score.double();
        second = if score < best { best } else { second.min(score) };
        nearest = if score < best { place } else { nearest };
        best = best.min(score);
    }
    (best, nearest, second)
}

/// How far each centre has moved, and the farthest of the others.
fn farthest_others(shifts: &[f64]) -> Vec<(f64, f64)> {
    let farthest = (0..shifts.len()).max_by(|&a, &b| shifts[a].total_cmp(&shifts[b])).unwrap_or(0);
    let second =
        shifts.iter().enumerate().filter(|&(place, _)| place != farthest).map(|(_, &shift)| shift).fold(0.0, f64::max);
    let other = |place| if place == farthest { second } else { shifts[farthest] };
    shifts.iter().enumerate().map(|(place, &shift)| (shift, other(place))).collect()
}

/// Half the distance of each centre to its nearest other one.
fn half_spaces<T: Tiled>(centers: &[T], d: usize) -> Vec<f64> {
    let distance = |a: &[T], b: &[T]| a.iter().zip(b).map(|(a, b)| (a.double() - b.double()).powi(2)).sum::<f64>();
    let rows: Vec<&[T]> = centers.chunks_exact(d).collect();
    let least = |place: usize| {
        let others = rows.iter().enumerate().filter(|&(other, _)| other != place);
        0.5 * others.map(|(_, other)| distance(rows[place], other)).fold(f64::INFINITY, f64::min).sqrt()
    };
    (0..rows.len()).map(least).collect()
}

wide! {
    /// Move the bounds as centres have moved; the rows whose nearest centre may be another one now.
    fn stale<T: Tiled>(known: &mut Known<'_, T>, moves: &[(f64, f64)], spaces: &[f64]) -> Vec<usize> {
        let mut found = Vec::new();
        for (row, ((label, upper), lower)) in
            known.labels.iter().zip(known.upper.iter_mut()).zip(known.lower.iter_mut()).enumerate()
        {
            let Ok(label) = usize::try_from(*label) else {
                found.push(row);
                continue;
            };
            let (own, other) = moves[label];
            // The next numbers above and below: rounding must not make a bound better than it is.
            let (far, near) = ((upper.double() + own) * (1.0 + 1e-6), (lower.double() - other) * (1.0 - 1e-6));
            *upper = T::of(far);
            *lower = T::of(near);
            if far >= near.max(spaces[label]) {
                found.push(row);
            }
        }
        found
    }
}

wide! {
    fn add_row<T: Tiled>(row: &[T], factor: f64, out: &mut [f64]) {
        out.iter_mut().zip(row).for_each(|(out, value)| *out += factor * value.double());
    }
}

/// For each of the rows `candidates` (t,) the squared distances of all rows from it, no larger than `closest` (n,) lets
/// them be, into `out` (n, t), and the weighted sums of these into `potentials` (t,).
///
/// One step of k-means++. Equal in every bit for any number of threads.
///
/// Source: Arthur & Vassilvitskii 2007.
pub fn potentials<T: Tiled>(
    points: Points<'_, T>,
    candidates: &[i64],
    closest: Option<&[T]>,
    threads: usize,
    out: &mut [T],
    potentials: &mut [f64],
) -> Result<(), Error> {
    let (rows, d, t) = (points.lengths.len(), points.columns, candidates.len());
    points.check()?;
    require_length("out", t * rows, out)?;
    require_length("potentials", t, potentials)?;
    closest.map_or(Ok(()), |closest| require_length("closest", rows, closest))?;
    let (mut centers, mut lengths) = (Vec::with_capacity(t * d), Vec::with_capacity(t));
    for &candidate in candidates {
        let place = usize::try_from(candidate).ok().filter(|&place| place < rows);
        require_setting("candidates", place.is_some(), candidate, "rows that there are")?;
        centers.extend_from_slice(points.row(place.unwrap_or(0)));
        lengths.push(points.lengths[place.unwrap_or(0)].double());
    }
    let panels = panels(&centers, d);
    let segments = points.segments();
    let mut pieces = Vec::with_capacity(segments);
    let mut rest = out;
    for place in 0..segments {
        let (first, last) = segments::bounds(rows, segments, GRANULE, place);
        let some;
        (some, rest) = rest.split_at_mut((last - first) * t);
        pieces.push(Mutex::new(some));
    }
    let work = |place: usize| {
        let (first, last) = segments::bounds(rows, segments, GRANULE, place);
        let mut piece = locked(&pieces[place]);
        let stride = panels.len() / d;
        let (mut scores, mut sums) = (vec![T::of(0.0); TALL * stride], vec![0.0; t]);
        for start in (first..last).step_by(TALL) {
            let four: Vec<usize> = (start..last.min(start + TALL)).collect();
            products(points.four(&four), &panels, d, stride, &mut scores);
            for (row, scores) in four.into_iter().zip(scores.chunks_exact(stride)) {
                let (length, weight) = (points.lengths[row].double(), points.weight(row));
                let bound = closest.map_or(f64::INFINITY, |closest| closest[row].double());
                let found = &mut piece[(row - first) * t..(row - first + 1) * t];
                for ((found, score), (other, sum)) in found.iter_mut().zip(scores).zip(lengths.iter().zip(&mut sums)) {
                    let distance = (length + other - 2.0 * score.double()).max(0.0).min(bound);
                    *found = T::of(distance);
                    *sum += weight * distance;
                }
            }
        }
        sums
    };
    let answers = threads::map(threads, segments, work);
    potentials.fill(0.0);
    answers.iter().for_each(|sums| add(potentials, sums));
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    struct Data {
        x: Vec<f32>,
        lengths: Vec<f32>,
    }

    fn data() -> Data {
        let x: Vec<f32> =
            (0..4000).map(|place| ((place * 7919 + place * place % 89 + 13) % 101) as f32 / 50.0 - 1.0).collect();
        let lengths = x.chunks(4).map(|row| row.iter().map(|x| x * x).sum()).collect();
        Data { x, lengths }
    }

    impl Data {
        fn points<'a>(&'a self, weights: Option<&'a [f64]>) -> Points<'a, f32> {
            Points { x: &self.x, columns: 4, lengths: &self.lengths, weights }
        }
    }

    fn distance(a: &[f32], b: &[f32]) -> f64 {
        a.iter().zip(b).map(|(a, b)| f64::from(a - b).powi(2)).sum()
    }

    /// Rounds with bounds; labels and sums after each.
    fn rounds(data: &Data, weights: &[f64], threads: usize, count: usize) -> (Vec<i32>, Vec<f32>, Vec<f64>, Vec<f64>) {
        let mut centers: Vec<f32> = data.x[40..60].to_vec();
        let (mut labels, mut upper, mut lower) = (vec![-1; 1000], vec![0.0; 1000], vec![0.0; 1000]);
        let (mut sums, mut totals, mut shifts) = (vec![0.0; 20], vec![0.0; 5], None);
        let mut used = centers.clone();
        for _ in 0..count {
            let known = Known { labels: &mut labels, upper: &mut upper, lower: &mut lower };
            let points = data.points(Some(weights));
            assign(points, &centers, shifts.as_deref(), threads, known, &mut sums, &mut totals).unwrap();
            used.clone_from(&centers);
            for (place, center) in centers.iter_mut().enumerate() {
                *center = (sums[place] / totals[place / 4]) as f32;
            }
            shifts =
                Some(used.chunks(4).zip(centers.chunks(4)).map(|(a, b)| distance(a, b).sqrt()).collect::<Vec<_>>());
        }
        (labels, used, sums, totals)
    }

    #[test]
    fn every_row_is_with_its_nearest_center_after_any_number_of_rounds() {
        let data = data();
        let weights: Vec<f64> = (0..1000).map(|row| f64::from(row % 3)).collect();
        for count in [1, 2, 9] {
            let (labels, centers, sums, totals) = rounds(&data, &weights, 1, count);
            for (row, label) in data.x.chunks(4).zip(&labels) {
                let nearest = centers.chunks(4).map(|center| distance(row, center)).fold(f64::INFINITY, f64::min);
                assert!(distance(row, &centers[4 * *label as usize..][..4]) <= nearest + 1e-5);
            }
            let mut expected = vec![0.0; 20];
            for (row, label) in labels.iter().enumerate() {
                add_row(&data.x[4 * row..4 * row + 4], weights[row], &mut expected[4 * *label as usize..][..4]);
            }
            assert!(sums.iter().zip(&expected).all(|(a, b)| (a - b).abs() < 1e-9));
            assert!((totals.iter().sum::<f64>() - weights.iter().sum::<f64>()).abs() < 1e-9);
            assert_eq!((labels, sums), {
                let again = rounds(&data, &weights, 3, count);
                (again.0, again.2)
            });
        }
    }

    #[test]
    fn potentials_are_sums_of_distances_that_closest_bounds() {
        let data = data();
        let closest = vec![0.5_f32; 1000];
        let (mut out, mut sums) = (vec![0.0; 2000], vec![0.0; 2]);
        potentials(data.points(None), &[3, 7], Some(&closest), 2, &mut out, &mut sums).unwrap();
        let expected: f64 = data.x.chunks(4).map(|row| distance(row, &data.x[28..32]).min(0.5)).sum();
        assert!((sums[1] - expected).abs() < 1e-3);
        assert!(out[6].abs() < 1e-6 && out[15].abs() < 1e-6);
        assert!(potentials(data.points(None), &[1000], None, 1, &mut out[..1000], &mut sums[..1]).is_err());
    }
}
