use super::*;

const WIDTHS: [usize; 4] = [3, 5, 4, 3];

fn numbers(count: usize, about: usize) -> Vec<f32> {
    (0..count).map(|place| ((place * 7919 + about * 31 + 13) % 101) as f32 / 50.0 - 1.0).collect()
}

fn network(widths: &[usize], activation: Activation, optimizer: Optimizer) -> Network<'_> {
    Network { widths, activation, alpha: 0.1, dropout: 0.0, batch: 16, optimizer, seed: 5 }
}

fn descent(rate: f64) -> Optimizer {
    Optimizer::Descent { rate, momentum: 0.0, is_ahead: false }
}

fn run(network: &Network<'_>, examples: &Examples<'_>, threads: usize, parameters: &mut [f32]) -> f64 {
    let (mut first, mut second) = (vec![0.0; parameters.len()], vec![0.0; parameters.len()]);
    let is_adam = matches!(network.optimizer, Optimizer::Adam { .. });
    let moments = Moments { first: &mut first, second: if is_adam { &mut second } else { &mut [] } };
    pass(network, examples, threads, parameters, moments).unwrap()
}

/// What a step of descent of length 1 takes away, held against differences of losses.
fn require_gradient(network: &Network<'_>, examples: &Examples<'_>) {
    let parameters: Vec<f32> = numbers(network.parameters(), 3).iter().map(|x| 0.6 * x).collect();
    let still = Network { optimizer: descent(0.0), ..*network };
    let (mut moved, step) = (parameters.clone(), 1e-2_f32);
    run(network, examples, 1, &mut moved);
    for place in 0..parameters.len() {
        let loss = |by: f32| {
            let mut parameters = parameters.clone();
            parameters[place] += by;
            run(&still, examples, 1, &mut parameters)
        };
        let expected = (loss(step) - loss(-step)) / f64::from(2.0 * step);
        let found = f64::from(parameters[place] - moved[place]);
        assert!((found - expected).abs() < 3e-4 + 2e-3 * expected.abs(), "{place}: {found} {expected}");
    }
}

#[test]
fn gradients_are_those_of_the_loss() {
    let (x, weights) = (numbers(48, 1), (0..16).map(|row| f64::from(row % 3)).collect::<Vec<_>>());
    let (three, two): (Vec<i32>, Vec<i32>) = (0..16).map(|row| (row * 5 % 7 % 3, row % 2)).unzip();
    // As slopes are not divided by the number of targets, one of them is what losses can be held against.
    let targets = numbers(16, 2);
    for activation in [Activation::Identity, Activation::Tanh, Activation::Logistic] {
        for (scores, wanted) in
            [(3, Wanted::Classes(&three)), (1, Wanted::Classes(&two)), (1, Wanted::Numbers(&targets))]
        {
            for weights in [None, Some(&weights[..])] {
                let widths = [3, 5, 4, scores];
                let network = network(&widths, activation, descent(1.0));
                require_gradient(&network, &Examples { x: &x, wanted, weights, order: None });
                // The same seed hides the same numbers.
                require_gradient(
                    &Network { dropout: 0.4, ..network },
                    &Examples { x: &x, wanted, weights, order: None },
                );
            }
        }
    }
}

#[test]
fn relu_has_the_slope_of_its_side() {
    let (values, mask) = ([0.0, 2.0, 4.0, 0.0], [2.0, 2.0, 2.0, 0.0]);
    let mut slopes = [1.0, 3.0, -5.0, 7.0];
    derive(Activation::Relu, &values, &mut slopes);
    assert_eq!(slopes, [0.0, 3.0, -5.0, 0.0]);
    derive_kept(Activation::Relu, 0.5, &values, &mask, &mut slopes);
    assert_eq!(slopes, [0.0, 6.0, -10.0, 0.0]);
}

#[test]
fn parameters_are_equal_bits_for_any_number_of_threads() {
    let widths = [40, 300, 300, 3];
    let (x, classes) = (numbers(40 * 900, 4), (0..900).map(|row| row * 5 % 7 % 3).collect::<Vec<i32>>());
    let order: Vec<i64> = (0..900).map(|place| place * 7 % 900).collect();
    let examples = Examples { x: &x, wanted: Wanted::Classes(&classes), weights: None, order: Some(&order) };
    let adam = Optimizer::Adam { rate: 1e-3, first: 0.9, second: 0.999, epsilon: 1e-8, steps: 0 };
    let network = Network { dropout: 0.3, batch: 200, ..network(&widths, Activation::Relu, adam) };
    let trained = |threads| {
        let mut parameters: Vec<f32> = numbers(network.parameters(), 6).iter().map(|x| 0.1 * x).collect();
        let losses: Vec<f64> = (0..3).map(|_| run(&network, &examples, threads, &mut parameters)).collect();
        (losses, parameters)
    };
    let once = trained(1);
    assert!(once.0[2] < once.0[0], "{:?}", once.0);
    for threads in [1, 2, 7] {
        assert!(once == trained(threads), "{threads} threads");
    }
}

#[test]
fn so_many_numbers_are_hidden_and_the_mean_stays() {
    let mut mask = vec![0.0; 100_000];
    draw(Random::of(1, 0), 0.3, &mut mask);
    let hidden = mask.iter().filter(|&&kept| kept == 0.0).count();
    // Six standard deviations.
    assert!(hidden.abs_diff(30_000) < 870, "{hidden}");
    let mean = mask.iter().map(|&kept| f64::from(kept)).sum::<f64>() / 1e5;
    assert!((mean - 1.0).abs() < 0.0125, "{mean}");
}

#[test]
fn a_batch_without_weight_makes_no_step() {
    let x = numbers(96, 1);
    let classes = [0_i32; 32];
    let weights: Vec<f64> = (0..32).map(|row| f64::from(u8::from(row < 16))).collect();
    let network = network(&WIDTHS, Activation::Tanh, descent(0.1));
    let trained = |rows: usize| {
        let mut parameters = numbers(network.parameters(), 3);
        let (x, wanted) = (&x[..3 * rows], Wanted::Classes(&classes[..rows]));
        let loss =
            run(&network, &Examples { x, wanted, weights: Some(&weights[..rows]), order: None }, 1, &mut parameters);
        (loss * rows as f64, parameters)
    };
    assert!(trained(32) == trained(16));
}

#[test]
fn what_does_not_fit_is_refused() {
    let (x, classes) = (numbers(48, 1), vec![0; 16]);
    let good = Examples { x: &x, wanted: Wanted::Classes(&classes), weights: None, order: None };
    let fits = |network: &Network<'_>, examples: &Examples<'_>| {
        let (mut parameters, mut first) = (vec![0.0; network.parameters()], vec![0.0; network.parameters()]);
        let moments = Moments { first: &mut first, second: &mut [] };
        pass(network, examples, 1, &mut parameters, moments).is_ok()
    };
    let network = network(&WIDTHS, Activation::Relu, descent(0.1));
    assert!(fits(&network, &good));
    assert!(!fits(&Network { batch: 0, ..network }, &good));
    assert!(!fits(&Network { dropout: 1.0, ..network }, &good));
    assert!(!fits(&Network { widths: &[3], ..network }, &good));
    assert!(!fits(&Network { widths: &[3, 0, 3], ..network }, &good));
    assert!(!fits(&network, &Examples { x: &x[1..], ..good }));
    assert!(!fits(&network, &Examples { order: Some(&[16; 16]), ..good }));
    assert!(!fits(&network, &Examples { order: Some(&[-1; 16]), ..good }));
    assert!(!fits(&network, &Examples { weights: Some(&[1.0]), ..good }));
    assert!(!fits(&network, &Examples { wanted: Wanted::Classes(&[3; 16]), ..good }));
    assert!(!fits(&network, &Examples { wanted: Wanted::Numbers(&[0.0; 16]), ..good }));
    let unsteady = Network { optimizer: Optimizer::Descent { rate: 1.0, momentum: 2.0, is_ahead: true }, ..network };
    assert!(!fits(&unsteady, &good));
}
