use super::*;
use crate::{
    criteria::{Classes, Measured, Member, Numbers},
    random::Random,
};

const GROWN: Growth = Growth {
    max_depth: usize::MAX,
    min_samples_split: 2,
    min_samples_leaf: 1,
    min_weight_fraction_leaf: 0.0,
    max_leaf_nodes: None,
    min_impurity_decrease: 0.0,
    max_features: usize::MAX,
    random_thresholds: false,
};

/// Small random rows: values from 0 to `most`, some missing where asked for.
fn rows(seed: u64, count: usize, features: usize, most: usize, missing: bool) -> Vec<f32> {
    let mut random = Random::of(seed, 0);
    let mut value = || if missing && random.below(5) == 0 { f32::NAN } else { random.below(most) as f32 };
    (0..count * features).map(|_| value()).collect()
}

fn binned<C: Code>(x: &[f32], features: usize) -> Binned<C> {
    let all: Vec<u32> = (0..(x.len() / features) as u32).collect();
    Binned::new(x, features, &all, None, C::BINS, 1)
}

/// The leaf value of a row, by the numbers themselves.
fn predict(tree: &Tree, row: &[f32], width: usize) -> Vec<f64> {
    let mut place = 0;
    loop {
        let node = &tree.nodes[place];
        if node.feature == LEAF {
            return tree.values[node.left as usize * width..][..width].to_vec();
        }
        let value = row[node.feature as usize];
        let goes_left = if value.is_nan() { node.missing_left } else { value <= node.threshold };
        place = node.left as usize + usize::from(!goes_left);
    }
}

fn gini(classes: &[u32], count: usize) -> f64 {
    let weight = classes.len() as f64;
    let share = |class| classes.iter().filter(|&&each| each == class).count() as f64 / weight;
    weight * (1.0 - (0..count as u32).map(|class| share(class) * share(class)).sum::<f64>())
}

/// The largest fall of impurity of all splits of these rows, tried one by one.
fn exhaustive(x: &[f32], features: usize, impurity: impl Fn(&[usize]) -> f64) -> f64 {
    let count = x.len() / features;
    let all: Vec<usize> = (0..count).collect();
    let mut most = f64::NEG_INFINITY;
    for feature in 0..features {
        let value = |row: &usize| x[row * features + feature];
        let mut thresholds: Vec<f32> = all.iter().map(value).filter(|value| !value.is_nan()).collect();
        thresholds.push(f32::INFINITY);
        for threshold in thresholds {
            for missing_left in [false, true] {
                let goes_left = |row: &&usize| if value(row).is_nan() { missing_left } else { value(row) <= threshold };
                let (left, right): (Vec<usize>, Vec<usize>) = all.iter().partition(goes_left);
                if !left.is_empty() && !right.is_empty() {
                    most = most.max(impurity(&all) - impurity(&left) - impurity(&right));
                }
            }
        }
    }
    most
}

#[test]
fn the_first_split_of_classes_is_the_best_of_all() {
    for seed in 0..60 {
        let (features, count) = (3, 3 + seed as usize % 20);
        let x = rows(seed, count, features, 2 + seed as usize % 7, seed % 2 == 1);
        let mut random = Random::of(seed, 1);
        let classes: Vec<u32> = (0..count).map(|_| random.below(3) as u32).collect();
        let sample = |row: usize| Member { row: row as u32, class: classes[row], weight: 1.0 };
        let growth = Growth { max_depth: 1, ..GROWN };
        let data = binned::<u8>(&x, features);
        let criterion = Classes::<3, false> { count: 3 };
        let tree =
            Grower::new(&data, &criterion, &growth, (0..count).map(sample).collect(), Random::of(seed, 2)).grow();
        let best = exhaustive(&x, features, |rows| gini(&rows.iter().map(|&row| classes[row]).collect::<Vec<_>>(), 3));
        let found = tree.importances.iter().sum::<f64>() * count as f64;
        if tree.nodes.len() > 1 {
            assert!((found - best).abs() < 1e-9, "seed {seed}: {found} instead of {best}");
        } else {
            let is_pure = classes.iter().all(|&class| class == classes[0]);
            assert!(is_pure || best == f64::NEG_INFINITY, "seed {seed}: no split, though {best}");
        }
    }
}

#[test]
fn the_first_split_of_numbers_is_the_best_of_all() {
    for seed in 0..60 {
        let (features, count) = (2, 4 + seed as usize % 30);
        let x = rows(seed, count, features, 3 + seed as usize % 50, seed % 2 == 1);
        let mut random = Random::of(seed, 1);
        let y: Vec<f64> = (0..count).map(|_| 1e6 + random.unit()).collect();
        let sample = |row: usize| Measured { row: row as u32, weight: 1.0, target: y[row] };
        let growth = Growth { max_depth: 1, ..GROWN };
        let data = binned::<u16>(&x, features);
        let criterion = Numbers::<false> { centre: y.iter().sum::<f64>() / count as f64 };
        let tree =
            Grower::new(&data, &criterion, &growth, (0..count).map(sample).collect(), Random::of(seed, 2)).grow();
        let best = exhaustive(&x, features, |rows| {
            let mean = rows.iter().map(|&row| y[row]).sum::<f64>() / rows.len() as f64;
            rows.iter().map(|&row| (y[row] - mean) * (y[row] - mean)).sum()
        });
        let found = tree.importances.iter().sum::<f64>() * count as f64;
        assert!((found - best).abs() < 1e-7, "seed {seed}: {found} instead of {best}");
    }
}

#[test]
fn a_tree_without_limits_tells_every_row() {
    for (seed, random_thresholds) in [(1, false), (2, true), (3, false), (4, true)] {
        let (features, count) = (4, 3000);
        let x: Vec<f32> = {
            let mut random = Random::of(seed, 0);
            (0..count * features).map(|_| random.unit() as f32 - 0.5).collect()
        };
        let mut random = Random::of(seed, 1);
        let classes: Vec<u32> = (0..count).map(|_| random.below(5) as u32).collect();
        let sample = |row: usize| Member { row: row as u32, class: classes[row], weight: 0.5 };
        let growth = Growth { random_thresholds, max_features: 2, ..GROWN };
        let data = binned::<u16>(&x, features);
        let criterion = Classes::<0, true> { count: 5 };
        let tree =
            Grower::new(&data, &criterion, &growth, (0..count).map(sample).collect(), Random::of(seed, 2)).grow();
        for (row, values) in x.chunks_exact(features).enumerate() {
            assert_eq!(predict(&tree, values, 5)[classes[row] as usize], 1.0);
        }
        let leaves = tree.nodes.iter().filter(|node| node.feature == LEAF).count();
        assert_eq!((leaves * 5, 2 * leaves - 1), (tree.values.len(), tree.nodes.len()));
        assert!(tree.nodes.iter().enumerate().all(|(place, node)| node.feature == LEAF || node.left as usize > place));
    }
}

#[test]
fn limits_of_leaves_are_kept() {
    let (features, count) = (3, 500);
    let x = rows(5, count, features, 400, true);
    let mut random = Random::of(5, 1);
    let samples: Vec<_> =
        (0..count).map(|row| Measured { row: row as u32, weight: random.unit(), target: random.unit() }).collect();
    let weight: f64 = samples.iter().map(|sample| sample.weight).sum();
    let data = binned::<u8>(&x, features);
    for random_thresholds in [false, true] {
        let growth = Growth {
            max_depth: 6,
            min_samples_leaf: 7,
            min_weight_fraction_leaf: 0.01,
            max_leaf_nodes: Some(20),
            random_thresholds,
            ..GROWN
        };
        let criterion = Numbers::<true> { centre: 0.0 };
        let tree = Grower::new(&data, &criterion, &growth, samples.clone(), Random::of(5, 2)).grow();
        let leaves: Vec<_> = tree.nodes.iter().filter(|node| node.feature == LEAF).collect();
        assert!((10..=20).contains(&leaves.len()), "{}", leaves.len());
        assert!(leaves.iter().all(|leaf| leaf.samples >= 7 && leaf.weight >= 0.01 * weight));
        assert!(tree.depth <= 6);
    }
}

#[test]
fn a_feature_that_is_constant_is_drawn_over() {
    let x: Vec<f32> = (0..20).flat_map(|row| [1.0, 2.0, row as f32, 4.0]).collect();
    let data = binned::<u8>(&x, 4);
    let criterion = Classes::<2, false> { count: 2 };
    let growth = Growth { max_features: 1, ..GROWN };
    for seed in 0..10 {
        let sample = |row: u32| Member { row, class: u32::from(row >= 13), weight: 1.0 };
        let tree = Grower::new(&data, &criterion, &growth, (0..20).map(sample).collect(), Random::of(seed, 0)).grow();
        assert_eq!((tree.nodes.len(), tree.nodes[0].feature, tree.nodes[0].threshold), (3, 2, 12.5));
    }
}
