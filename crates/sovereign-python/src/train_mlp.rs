//! Networks, trained on arrays.

use pyo3::prelude::*;
use train::{
    Moments, Optimizer,
    mlp::{Activation, Examples, Network, Wanted, pass},
};

use crate::{
    call::{Answer, Call},
    errors::Failure,
    reduce::real,
    train_arrays::{Arrays, wanted},
    train_linear::{arguments, asked},
    train_trees::{settings, unknown},
};

/// What a network is and how it is trained, as the dict holds it.
#[derive(FromPyObject)]
#[pyo3(from_item_all)]
struct Settings {
    widths: Vec<usize>,
    activation: String,
    head: String,
    alpha: f64,
    dropout: f64,
    batch: usize,
    seed: u64,
    solver: String,
    rate: f64,
    momentum: f64,
    is_ahead: bool,
    beta_1: f64,
    beta_2: f64,
    epsilon: f64,
    steps: u64,
}

impl Settings {
    fn activation(&self) -> Result<Activation, Failure> {
        match self.activation.as_str() {
            "identity" => Ok(Activation::Identity),
            "relu" => Ok(Activation::Relu),
            "tanh" => Ok(Activation::Tanh),
            "logistic" => Ok(Activation::Logistic),
            _ => Err(unknown("activation", self.activation.clone(), "identity, relu, tanh or logistic")),
        }
    }

    fn optimizer(&self) -> Result<Optimizer, Failure> {
        match self.solver.as_str() {
            "sgd" => Ok(Optimizer::Descent { rate: self.rate, momentum: self.momentum, is_ahead: self.is_ahead }),
            "adam" => Ok(Optimizer::Adam {
                rate: self.rate,
                first: self.beta_1,
                second: self.beta_2,
                epsilon: self.epsilon,
                steps: self.steps,
            }),
            _ => Err(unknown("solver", self.solver.clone(), "sgd or adam")),
        }
    }
}

pub(crate) fn train_mlp(call: &Call) -> Answer {
    let [x, y, weights, order, parameters, first, second, facts] = arguments(call)?;
    let threads = asked(call)?;
    Python::attach(|py| {
        let facts: Settings = settings(py, facts)?;
        let arrays = [
            (x, "x"),
            (y, "y"),
            (weights, "weights"),
            (order, "order"),
            (parameters, "parameters"),
            (first, "first"),
            (second, "second"),
        ];
        let wanted = wanted(arrays, 3);
        let held = Arrays::hold(&wanted, arrays, 3)?;
        let network = Network {
            widths: &facts.widths,
            activation: facts.activation()?,
            alpha: facts.alpha as f32,
            dropout: facts.dropout as f32,
            batch: facts.batch,
            optimizer: facts.optimizer()?,
            seed: facts.seed,
        };
        let [rows, _] = held.shape(0)?;
        let flops = 6.0 * rows as f64 * network.parameters() as f64;
        // SAFETY: the slices are used inside this call only, while the arrays are held.
        let loss = unsafe {
            let wanted = match facts.head.as_str() {
                "classes" => Wanted::Classes(held.input(1)?),
                "numbers" => Wanted::Numbers(held.input(1)?),
                _ => return Err(unknown("head", facts.head, "classes or numbers")),
            };
            let examples = Examples { x: held.input(0)?, wanted, weights: held.optional(2)?, order: held.optional(3)? };
            let parameters = held.output(4)?;
            let second = if second.is_some() { held.output(6)? } else { &mut [] };
            let moments = Moments { first: held.output(5)?, second };
            held.run("train_mlp", threads, flops, |threads| pass(&network, &examples, threads, parameters, moments))?
        };
        real(loss)
    })
}
