use super::*;

const SETTINGS: Boosting = Boosting {
    rounds: 20,
    learning_rate: 0.1,
    max_leaf_nodes: Some(8),
    max_depth: usize::MAX,
    min_samples_leaf: 5,
    l2: 0.0,
    max_bins: 255,
    subsample: 1.0,
    patience: None,
    tol: 1e-7,
    seed: 1,
    threads: 1,
};

fn table(rows: usize, features: usize) -> (Vec<f32>, Vec<f64>) {
    let mut random = Random::of(5, 0);
    let x: Vec<f32> =
        (0..rows * features).map(|_| if random.below(20) == 0 { f32::NAN } else { random.unit() as f32 }).collect();
    let y = x.chunks_exact(features).map(|row| f64::from(row[0] + row[1] * row[2]).max(0.2)).collect();
    (x, y)
}

fn score(boosted: &Boosted, row: &[f32]) -> f64 {
    boosted.trees.iter().fold(boosted.init[0], |sum, tree| {
        let leaf = walk(tree, |_, node| {
            let value = row[node.feature as usize];
            if value.is_nan() { node.missing_left } else { value <= node.threshold }
        });
        sum + tree.values[leaf]
    })
}

#[test]
fn one_leaf_of_each_tree_moves_to_the_mean_of_its_residuals() {
    let (x, y) = table(300, 3);
    let settings = Boosting { rounds: 1, learning_rate: 1.0, ..SETTINGS };
    let boosted = fit(Table { x: &x, y: &y, weights: None }, 3, None, Loss::SquaredError, &settings).unwrap();
    let scores: Vec<f64> = x.chunks_exact(3).map(|row| score(&boosted, row)).collect();
    for leaf in 0..boosted.trees[0].values.len() {
        let value = boosted.init[0] + boosted.trees[0].values[leaf];
        let members: Vec<f64> = scores.iter().zip(&y).filter(|(score, _)| **score == value).map(|(_, y)| *y).collect();
        let mean = members.iter().sum::<f64>() / members.len() as f64;
        assert!(members.len() >= 5 && (mean - value).abs() < 1e-7, "{mean} instead of {value}");
    }
}

#[test]
fn the_first_split_gains_most_of_all() {
    let (x, y) = table(60, 3);
    let settings = Boosting { rounds: 1, max_leaf_nodes: Some(2), min_samples_leaf: 3, l2: 0.5, ..SETTINGS };
    let boosted = fit(Table { x: &x, y: &y, weights: None }, 3, None, Loss::SquaredError, &settings).unwrap();
    let gain = |rows: &[usize]| {
        let sum: f64 = rows.iter().map(|&row| boosted.init[0] - y[row]).sum();
        sum * sum / (rows.len() as f64 + 0.5)
    };
    let all: Vec<usize> = (0..60).collect();
    let mut most = 0.0_f64;
    for feature in 0..3 {
        for threshold in
            all.iter().map(|row| x[row * 3 + feature]).filter(|value| !value.is_nan()).chain([f32::INFINITY])
        {
            for missing_left in [false, true] {
                let (left, right): (Vec<usize>, Vec<usize>) = all.iter().partition(|&&row| {
                    let value = x[row * 3 + feature];
                    if value.is_nan() { missing_left } else { value <= threshold }
                });
                if left.len() >= 3 && right.len() >= 3 {
                    most = most.max(gain(&left) + gain(&right) - gain(&all));
                }
            }
        }
    }
    let found = boosted.importances.iter().sum::<f64>();
    assert!((found / most - 1.0).abs() < 1e-6, "{found} instead of {most}");
}

#[test]
fn every_loss_falls_and_is_the_same_for_any_number_of_threads() {
    let (x, y) = table(6000, 20);
    let classes: Vec<f64> = y.iter().map(|y| f64::from(u8::from(*y > 0.4)) + f64::from(u8::from(*y > 0.9))).collect();
    let two: Vec<f64> = classes.iter().map(|class| class.min(1.0)).collect();
    let cases = [
        (Loss::SquaredError, &y),
        (Loss::AbsoluteError, &y),
        (Loss::LogLoss { classes: 2 }, &two),
        (Loss::LogLoss { classes: 3 }, &classes),
    ];
    for (loss, y) in cases {
        let table = Table { x: &x, y, weights: None };
        let one = fit(table, 20, None, loss, &SETTINGS).unwrap();
        assert!(one.train_losses.windows(2).all(|pair| pair[1] < pair[0]), "{loss:?}: {:?}", one.train_losses);
        assert_eq!(one.trees.len(), 20 * loss.outputs());
        let two = fit(table, 20, None, loss, &Boosting { threads: 3, ..SETTINGS }).unwrap();
        assert_eq!(one, two);
    }
}

#[test]
fn scores_kept_while_it_grows_are_those_of_the_trees() {
    let (x, y) = table(500, 4);
    let settings = Boosting { subsample: 0.6, ..SETTINGS };
    let table = Table { x: &x, y: &y, weights: None };
    let boosted = fit(table, 4, Some(table), Loss::SquaredError, &settings).unwrap();
    let losses = x.chunks_exact(4).zip(&y).map(|(row, y)| 0.5 * (score(&boosted, row) - y).powi(2));
    let mean = losses.sum::<f64>() / 500.0;
    assert_eq!(boosted.train_losses, boosted.validation_losses);
    assert!((mean - boosted.train_losses[19]).abs() < 1e-12);
}

#[test]
fn it_ends_when_validation_no_longer_improves() {
    let (x, y) = table(400, 4);
    let noise: Vec<f64> = (0..400).map(|row| Random::of(9, row).unit()).collect();
    let settings = Boosting { rounds: 200, patience: Some(3), ..SETTINGS };
    let (table, other) = (Table { x: &x, y: &noise, weights: None }, Table { x: &x, y: &y, weights: None });
    let boosted = fit(table, 4, Some(other), Loss::SquaredError, &settings).unwrap();
    assert!(boosted.trees.len() < 50, "{}", boosted.trees.len());
    assert_eq!(boosted.validation_losses.len(), boosted.trees.len());
}

#[test]
fn the_median_halves_the_weight() {
    assert_eq!(loss::median(vec![(3.0, 1.0), (1.0, 1.0), (2.0, 1.0)]), 2.0);
    assert_eq!(loss::median(vec![(1.0, 1.0), (2.0, 1.0)]), 1.5);
    assert_eq!(loss::median(vec![(1.0, 3.0), (2.0, 1.0)]), 1.0);
}
