//! What k-means computes of data.

use train::{Points, assign, potentials};

use crate::{
    call::{Answer, Call, none},
    linear::tuple,
    operand::with_real,
    reduce::{real, whole},
    train_arrays::{Arrays, wanted},
    train_linear::{Real, arguments, asked},
};

pub(crate) fn assign_means(call: &Call) -> Answer {
    let [x, weights, centers, labels, distances, sums, totals] = arguments(call)?;
    let threads = asked(call)?;
    let arrays = [
        (x, "x"),
        (weights, "weights"),
        (centers, "centers"),
        (labels, "labels"),
        (distances, "distances"),
        (sums, "sums"),
        (totals, "totals"),
    ];
    let wanted = wanted(arrays, 4);
    let held = Arrays::hold(&wanted, arrays, 4)?;
    let dtype = held.real(0)?;
    let ([rows, columns], [groups, _]) = (held.shape(0)?, held.shape(2)?);
    let flops = 2.0 * (rows * columns) as f64 * (groups + 1) as f64;
    let round = with_real!(Real { dtype }, "x", T => {
        // SAFETY: the slices are used inside this call only, while the arrays are held.
        unsafe {
            let points = Points { x: held.input::<T>(0)?, columns, weights: held.optional(1)? };
            let (centers, labels) = (held.input::<T>(2)?, held.output(3)?);
            let distances = if distances.is_some() { held.output::<T>(4)? } else { &mut [] };
            let (sums, totals) = (held.output(5)?, held.output(6)?);
            held.run("assign_means", threads, flops, |threads| {
                assign(points, centers, threads, labels, distances, sums, totals)
            })
        }
    })?;
    tuple([whole(round.moved as i64)?, real(round.inertia)?])
}

pub(crate) fn seed_potentials(call: &Call) -> Answer {
    let [x, weights, candidates, closest, out, sums] = arguments(call)?;
    let threads = asked(call)?;
    let arrays = [
        (x, "x"),
        (weights, "weights"),
        (candidates, "candidates"),
        (closest, "closest"),
        (out, "out"),
        (sums, "potentials"),
    ];
    let wanted = wanted(arrays, 2);
    let held = Arrays::hold(&wanted, arrays, 2)?;
    let dtype = held.real(0)?;
    let ([rows, columns], [count, _]) = (held.shape(0)?, held.shape(2)?);
    let flops = 2.0 * (rows * columns) as f64 * (count + 1) as f64;
    with_real!(Real { dtype }, "x", T => {
        // SAFETY: as in `assign_means`.
        unsafe {
            let points = Points { x: held.input::<T>(0)?, columns, weights: held.optional(1)? };
            let (candidates, closest) = (held.input(2)?, held.optional::<T>(3)?);
            let (out, sums) = (held.output::<T>(4)?, held.output(5)?);
            held.run("seed_potentials", threads, flops, |threads| {
                potentials(points, candidates, closest, threads, out, sums)
            })
        }
    })?;
    Ok(none())
}
