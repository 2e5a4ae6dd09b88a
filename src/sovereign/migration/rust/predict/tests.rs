//! Models of every family, made of generated numbers: both ways to a prediction agree, whatever the batch and the
//! threads; and files that nobody vouches for are refused.

use std::{format, string::String, vec, vec::Vec};

use container::{Suite, a2};

mod agreement;
mod file;
mod hostile;
mod text;

/// Numbers from a linear congruential generator.
pub(crate) struct Random(u64);

impl Random {
    pub(crate) fn new(seed: u64) -> Self {
        Self(seed.wrapping_mul(0x9E37_79B9_7F4A_7C15) | 1)
    }

    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        self.0 >> 33
    }

    /// A whole number from `least` to `most`.
    pub(crate) fn within(&mut self, least: usize, most: usize) -> usize {
        least + self.next() as usize % (most - least + 1)
    }

    /// A number of single precision in -2..2, so that both precisions see the same one.
    pub(crate) fn number(&mut self) -> f64 {
        f64::from((self.next() as f64 / (1_u64 << 29) as f64 - 2.0) as f32)
    }

    pub(crate) fn numbers(&mut self, n: usize) -> Vec<f64> {
        (0..n).map(|_| self.number()).collect()
    }
}

/// Arrays of a model that is to become a file.
#[derive(Clone, Default)]
pub(crate) struct Arrays(pub(crate) Vec<Array>);

#[derive(Clone)]
pub(crate) struct Array {
    pub(crate) name: String,
    dtype: container::Dtype,
    pub(crate) shape: Vec<u64>,
    bytes: Vec<u8>,
}

impl Arrays {
    /// A model with these 16 numbers, the rest zero.
    pub(crate) fn new(numbers: &[i32]) -> Self {
        let mut model = numbers.to_vec();
        model.resize(16, 0);
        Self::default().integers("model", &[16], &model)
    }

    fn with(mut self, name: &str, dtype: container::Dtype, shape: &[usize], bytes: Vec<u8>) -> Self {
        let shape = shape.iter().map(|&side| side as u64).collect();
        self.0.push(Array { name: name.into(), dtype, shape, bytes });
        self
    }

    pub(crate) fn floats(self, name: &str, shape: &[usize], numbers: &[f64], are_double: bool) -> Self {
        if are_double {
            let bytes = numbers.iter().flat_map(|x| x.to_le_bytes()).collect();
            return self.with(name, container::Dtype::F64, shape, bytes);
        }
        let bytes = numbers.iter().flat_map(|&x| (x as f32).to_le_bytes()).collect();
        self.with(name, container::Dtype::F32, shape, bytes)
    }

    pub(crate) fn integers(self, name: &str, shape: &[usize], numbers: &[i32]) -> Self {
        let bytes = numbers.iter().flat_map(|x| x.to_le_bytes()).collect();
        self.with(name, container::Dtype::I32, shape, bytes)
    }

    pub(crate) fn bytes(self, name: &str, bytes: &[u8]) -> Self {
        self.with(name, container::Dtype::U8, &[bytes.len()], bytes.to_vec())
    }

    /// The arrays of another model under a prefix.
    pub(crate) fn inside(mut self, step: usize, other: Self) -> Self {
        self.0.extend(other.0.into_iter().map(|array| Array { name: format!("{step}/{}", array.name), ..array }));
        self
    }

    /// A file of layout A2.
    pub(crate) fn file(&self) -> Vec<u8> {
        let tensors: Vec<_> = self
            .0
            .iter()
            .map(|array| a2::NewTensor { name: &array.name, dtype: array.dtype, shape: &array.shape })
            .collect();
        let plan = a2::plan("{}", &tensors, 0, Suite::Legacy).expect("the arrays should make a file");
        let mut file = plan.start;
        file.resize(plan.end as usize, 0);
        for (array, &offset) in self.0.iter().zip(&plan.offsets) {
            file[offset as usize..][..array.bytes.len()].copy_from_slice(&array.bytes);
        }
        let checksum = container::crc32(0, &file);
        file.extend_from_slice(&checksum.to_le_bytes());
        file
    }
}

/// A forest of five perfect trees of three levels: the mean of `k` columns, or with `way` 1 the sum of one, two classes.
fn forest(random: &mut Random, d: usize, k: usize, way: i32, are_double: bool) -> Arrays {
    const TREES: usize = 5;
    let key = |x: f32| if x.is_sign_negative() { !x.to_bits() } else { x.to_bits() ^ (1 << 31) };
    let (mut nodes, mut facts) = (Vec::new(), Vec::new());
    for tree in 0..TREES {
        facts.extend([15 * tree as i32, 8 * tree as i32, 0, 3]);
        for node in 0..15_u32 {
            let threshold = random.numbers(1)[0] as f32;
            let (feature, missing) = (random.within(0, d.min(256) - 1) as u32, random.within(0, 1) as u32);
            let (low, high) = if node < 7 {
                (feature | missing << 8 | (2 * node + 1) << 9, key(threshold))
            } else {
                (1 << 8 | node << 9, 0xFFC0_0000 + (node - 7))
            };
            nodes.extend([low as i32, high as i32]);
        }
    }
    let (link, outputs, classes) = if way == 0 { (0, k as i32, k as i32) } else { (1, 2, 2) };
    Arrays::new(&[1, 4, d as i32, outputs, link, classes, 0, TREES as i32, way, 3, 8])
        .integers("nodes", &[15 * TREES, 2], &nodes)
        .integers("trees", &[TREES, 4], &facts)
        .floats("value", &[8 * TREES, k], &random.numbers(8 * TREES * k), are_double)
}

/// Every kind of model that reads numbers; the seed decides on its size.
pub(crate) fn models(seed: u64, are_double: bool) -> Vec<(&'static str, Arrays)> {
    let random = &mut Random::new(seed);
    let (d, k) = (random.within(1, 40), random.within(2, 9));
    let linear = |random: &mut Random, d: usize, m: usize, outputs: usize, link: i32, classes: usize| {
        Arrays::new(&[1, 1, d as i32, outputs as i32, link, classes as i32])
            .floats("coef", &[m, d], &random.numbers(m * d), are_double)
            .floats("intercept", &[m], &random.numbers(m), are_double)
    };
    let scaling = |random: &mut Random, d: usize, way: i32| {
        let factor: Vec<f64> = random.numbers(d).iter().map(|x| f64::from((x.abs() + 0.25) as f32)).collect();
        Arrays::new(&[1, 2, d as i32, d as i32, 0, 0, 0, way])
            .floats("shift", &[d], &random.numbers(d), are_double)
            .floats("factor", &[d], &factor, are_double)
    };
    let projection = |random: &mut Random, d: usize, k: usize| {
        Arrays::new(&[1, 3, d as i32, k as i32]).floats("mean", &[d], &random.numbers(d), are_double).floats(
            "components",
            &[k, d],
            &random.numbers(k * d),
            are_double,
        )
    };
    let centres = |random: &mut Random, d: usize, outputs: usize| {
        Arrays::new(&[1, 5, d as i32, outputs as i32]).floats("centroids", &[k, d], &random.numbers(k * d), are_double)
    };
    let (n, near) = (random.within(k + 1, if seed % 4 == 0 { 700 } else { 60 }), random.within(1, k) as i32);
    let neighbors = |random: &mut Random, classes: usize, weights: i32, metric: i32| {
        let outputs = if classes == 0 { 2 } else { classes };
        let head = [1, 6, d as i32, outputs as i32, 0, classes as i32, 0, near, weights, metric, 3];
        let arrays = Arrays::new(&head).floats("points", &[n, d], &random.numbers(n * d), are_double);
        if classes == 0 {
            return arrays.floats("targets", &[n, 2], &random.numbers(2 * n), are_double);
        }
        let targets: Vec<i32> = (0..n).map(|_| random.within(0, classes - 1) as i32).collect();
        arrays.integers("targets", &[n], &targets)
    };
    let mlp = |random: &mut Random, widths: &[usize], activation: i32, link: i32, outputs: usize| {
        let layers = widths.len() - 1;
        let head = [1, 8, widths[0] as i32, outputs as i32, link, outputs as i32, 0, layers as i32, activation];
        (0..layers).fold(Arrays::new(&head), |arrays, layer| {
            let [rows, columns] = [widths[layer], widths[layer + 1]];
            let weights: Vec<f64> =
                random.numbers(rows * columns).iter().map(|x| f64::from((x / rows as f64) as f32)).collect();
            arrays.floats(&format!("weight.{layer}"), &[rows, columns], &weights, are_double).floats(
                &format!("bias.{layer}"),
                &[columns],
                &random.numbers(columns),
                are_double,
            )
        })
    };
    let variance: Vec<f64> = random.numbers(k * d).iter().map(|x| f64::from((x.abs() + 0.5) as f32)).collect();
    let bayes = Arrays::new(&[1, 7, d as i32, k as i32, 5, k as i32])
        .floats("mean", &[k, d], &random.numbers(k * d), are_double)
        .floats("variance", &[k, d], &variance, are_double)
        .floats("log_prior", &[k], &random.numbers(k), are_double);
    let limits = scaling(random, d, 0).floats("low", &[d], &vec![-0.5; d], are_double).floats(
        "high",
        &[d],
        &vec![0.75; d],
        are_double,
    );
    let scale: Vec<f64> = random.numbers(k).iter().map(|x| f64::from((x.abs() + 0.5) as f32)).collect();
    let imputing = Arrays::new(&[1, 13, d as i32, d as i32 + 1])
        .floats("fill", &[d], &random.numbers(d), are_double)
        .integers("indicator", &[1], &[d as i32 - 1]);
    let norm = |way| Arrays::new(&[1, 14, d as i32, d as i32, 0, 0, 0, way]);
    let hidden = random.within(1, 40);
    let piped = Arrays::new(&[1, 12, d as i32, k as i32, 2, k as i32, 0, 3])
        .inside(0, scaling(random, d, 0))
        .inside(1, projection(random, d, 3))
        .inside(2, linear(random, 3, k, k, 2, k));
    let clustered = Arrays::new(&[1, 12, d as i32, 1, 0, 0, 0, 2])
        .inside(0, scaling(random, d, 1))
        .inside(1, centres(random, d, 1));
    let distances = Arrays::new(&[1, 12, d as i32, 2, 1, 2, 0, 2])
        .inside(0, centres(random, d, k))
        .inside(1, linear(random, k, 1, 2, 1, 2));
    let vote = Arrays::new(&[1, 16, d as i32, k as i32, 0, k as i32, 0, 3])
        .inside(0, linear(random, d, k, k, 2, k))
        .inside(1, bayes.clone())
        .inside(2, piped.clone())
        .floats("weights", &[3], &[1.0, 0.5, 2.0], are_double);
    vec![
        ("regression", linear(random, d, 1, 1, 0, 0)),
        ("regression of several targets", linear(random, d, k, k, 0, 0)),
        ("logistic", linear(random, d, 1, 2, 1, 2)),
        ("softmax", linear(random, d, k, k, 2, k)),
        ("one versus rest", linear(random, d, k, k, 3, k)),
        ("decision of two", linear(random, d, 1, 1, 4, 2)),
        ("decision of several", linear(random, d, k, k, 4, k)),
        ("multinomial", linear(random, d, k, k, 5, k)),
        ("standard", scaling(random, d, 0)),
        ("range", scaling(random, d, 1)),
        ("limits", limits),
        ("projection", projection(random, d, k)),
        ("whitening", projection(random, d, k).floats("scale", &[k], &scale, are_double)),
        ("projection on one", projection(random, d, 1)),
        ("centres", centres(random, d, 1)),
        ("distances", centres(random, d, k)),
        ("neighbors", neighbors(random, k, 0, 0)),
        ("neighbors by distance", neighbors(random, k, 1, 0)),
        ("neighbors' values", neighbors(random, 0, 1, 0)),
        ("neighbors in Manhattan", neighbors(random, 0, 0, 1)),
        ("neighbors by Chebyshev", neighbors(random, k, 0, 2)),
        ("neighbors by angle", neighbors(random, k, 1, 3)),
        ("neighbors by Minkowski", neighbors(random, k, 1, 4)),
        ("bayes", bayes),
        ("one layer", mlp(random, &[d, k], 1, 2, k)),
        ("two layers", mlp(random, &[d, hidden, k], 2, 2, k)),
        ("network", mlp(random, &[d, hidden, 7, k], 1, 0, k)),
        ("deep network", mlp(random, &[d, 5, hidden, 3, 1], 3, 1, 2)),
        ("imputing", imputing),
        ("norm 1", norm(0)),
        ("norm 2", norm(1)),
        ("norm max", norm(2)),
        ("forest", forest(random, d, k, 0, are_double)),
        ("boosted trees", forest(random, d, 1, 1, are_double)),
        ("pipeline", piped),
        ("pipeline of clusters", clustered),
        ("pipeline of distances", distances),
        ("vote", vote),
    ]
}
