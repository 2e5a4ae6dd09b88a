use super::*;

fn table(rows: usize, features: usize) -> (Vec<f32>, Vec<i32>) {
    let mut random = Random::of(11, 0);
    let x: Vec<f32> = (0..rows * features).map(|_| random.unit() as f32).collect();
    let y = x.chunks_exact(features).map(|row| i32::from(row[0] + row[1] > 1.0) + i32::from(row[2] > 0.7)).collect();
    (x, y)
}

const GROWTH: Growth = Growth {
    max_depth: 8,
    min_samples_split: 2,
    min_samples_leaf: 1,
    min_weight_fraction_leaf: 0.0,
    max_leaf_nodes: None,
    min_impurity_decrease: 0.0,
    max_features: 2,
    random_thresholds: false,
};

const FOREST: Forest = Forest { trees: 7, draws: Some(400), fine: false, seed: 3, threads: 1 };

#[test]
fn trees_are_the_same_for_any_number_of_threads() {
    let (x, y) = table(400, 5);
    let target = Target::Classes { indexes: &y, count: 3, entropy: false };
    let one = fit(&x, 5, target, None, &GROWTH, &FOREST).unwrap();
    for threads in [2, 5] {
        assert_eq!(fit(&x, 5, target, None, &GROWTH, &Forest { threads, ..FOREST }).unwrap(), one);
    }
    assert_ne!(one[0], one[1]);
}

#[test]
fn whole_weights_are_repeated_rows() {
    let (x, y) = table(300, 5);
    let weights: Vec<f64> = (0..300).map(|row| f64::from(row % 4)).collect();
    let repeated: Vec<usize> =
        (0..300).flat_map(|row| std::iter::repeat_n(299 - row, weights[299 - row] as usize)).collect();
    let long_x: Vec<f32> = repeated.iter().flat_map(|&row| x[row * 5..][..5].iter().copied()).collect();
    let long_y: Vec<i32> = repeated.iter().map(|&row| y[row]).collect();
    for draws in [None, Some(450)] {
        let forest = Forest { draws, ..FOREST };
        let grow = |x: &[f32], y: &[i32], weights| {
            let target = Target::Classes { indexes: y, count: 3, entropy: false };
            let mut trees = fit(x, 5, target, weights, &GROWTH, &forest).unwrap();
            // How many rows there were is the one thing that may differ.
            trees.iter_mut().flat_map(|tree| &mut tree.nodes).for_each(|node| node.samples = 0);
            trees
        };
        assert!(grow(&x, &y, Some(&weights)) == grow(&long_x, &long_y, None));
    }
}

#[test]
fn rows_are_drawn_by_their_weight() {
    let x: Vec<f32> = (0..4).map(|row| row as f32).collect();
    let weights = [1.0, 2.0, 4.0, 1.0];
    let rows = Rows { x: &x, features: 1, used: &[0, 1, 2, 3], weights: Some(&weights) };
    let urn = Urn::new(&rows, Target::Numbers { values: &[0.0; 4], poisson: false });
    let counts = urn.draw(80_000, &mut Random::of(1, 1));
    for (count, weight) in counts.iter().zip(weights) {
        assert!((f64::from(*count) / 10_000.0 - weight).abs() < 0.06, "{counts:?}");
    }
}

#[test]
fn lengths_that_do_not_fit_are_refused() {
    let target = Target::Numbers { values: &[1.0, 2.0], poisson: false };
    let refused = fit(&[1.0, 2.0, 3.0], 2, target, None, &GROWTH, &FOREST);
    assert_eq!(refused, Err(Error::Lengths { name: "x", expected: 4, got: 3 }));
    let refused = fit(&[1.0, 2.0], 1, target, Some(&[0.0, 0.0]), &GROWTH, &FOREST);
    assert!(matches!(refused, Err(Error::Setting { name: "rows", .. })));
}
