//! What k-means computes of data.

use train::{Known, Points, assign, potentials};

use crate::{
    call::{Answer, Call, none},
    linear::tuple,
    operand::with_real,
    reduce::{real, whole},
    train_arrays::{Arrays, wanted},
    train_linear::{Real, arguments, asked},
};

pub(crate) fn assign_means(call: &Call) -> Answer {
    let [x, lengths, weights, centers, shifts, labels, upper, lower, sums, totals] = arguments(call)?;
    let threads = asked(call)?;
    let arrays = [
        (x, "x"),
        (lengths, "lengths"),
        (weights, "weights"),
        (centers, "centers"),
        (shifts, "shifts"),
        (labels, "labels"),
        (upper, "upper"),
        (lower, "lower"),
        (sums, "sums"),
        (totals, "totals"),
    ];
    let wanted = wanted(arrays, 5);
    let held = Arrays::hold(&wanted, arrays, 5)?;
    let dtype = held.real(0)?;
    let ([rows, columns], [groups, _]) = (held.shape(0)?, held.shape(3)?);
    let flops = 2.0 * (rows * columns) as f64 * (groups + 1) as f64;
    let round = with_real!(Real { dtype }, "x", T => {
        // SAFETY: the slices are used inside this call only, while the arrays are held.
        unsafe {
            let (x, lengths) = (held.input::<T>(0)?, held.input(1)?);
            let points = Points { x, columns, lengths, weights: held.optional(2)? };
            let (centers, shifts) = (held.input::<T>(3)?, held.optional(4)?);
            let known = Known { labels: held.output(5)?, upper: held.output(6)?, lower: held.output(7)? };
            let (sums, totals) = (held.output(8)?, held.output(9)?);
            held.run("assign_means", threads, flops, |threads| {
                assign(points, centers, shifts, threads, known, sums, totals)
            })
        }
    })?;
    tuple([whole(round.moved as i64)?, real(round.inertia)?])
}

pub(crate) fn seed_potentials(call: &Call) -> Answer {
    let [x, lengths, weights, candidates, closest, out, sums] = arguments(call)?;
    let threads = asked(call)?;
    let arrays = [
        (x, "x"),
        (lengths, "lengths"),
        (weights, "weights"),
        (candidates, "candidates"),
        (closest, "closest"),
        (out, "out"),
        (sums, "potentials"),
    ];
    let wanted = wanted(arrays, 2);
    let held = Arrays::hold(&wanted, arrays, 2)?;
    let dtype = held.real(0)?;
    let ([rows, columns], [count, _]) = (held.shape(0)?, held.shape(3)?);
    let flops = 2.0 * (rows * columns) as f64 * (count + 1) as f64;
    with_real!(Real { dtype }, "x", T => {
        // SAFETY: as in `assign_means`.
        unsafe {
            let (x, lengths) = (held.input::<T>(0)?, held.input(1)?);
            let points = Points { x, columns, lengths, weights: held.optional(2)? };
            let (candidates, closest) = (held.input(3)?, held.optional::<T>(4)?);
            let (out, sums) = (held.output::<T>(5)?, held.output(6)?);
            held.run("seed_potentials", threads, flops, |threads| {
                potentials(points, candidates, closest, threads, out, sums)
            })
        }
    })?;
    Ok(none())
}
