//! Networks of dense layers, trained by small batches of rows, in single precision.
//!
//! One call is one pass over the rows. What decides how many passes there are, and by how much steps shrink, stands in
//! Python, where it costs nothing beside a pass. Products are those of `trueno`, which add their terms in the same order
//! for any number of threads; all the rest is done by one thread, so that results are the same bits for any number.
//!
//! `heads.rs` makes slopes and losses of scores, `optimizer.rs` makes steps of slopes.

use trueno::{Epilogue, Kernels, Right, Unary, View, ViewMut, kernels};

use crate::{
    Error,
    error::{require_groups, require_length, require_setting},
    heads::{self, Chosen},
    optimizer::{Moments, Optimizer, Step},
    random::Random,
    wide::wide,
};

/// What follows the sums of a hidden layer.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Activation {
    /// Nothing.
    Identity,
    /// What is above zero, else zero.
    Relu,
    /// The hyperbolic tangent.
    Tanh,
    /// The logistic function.
    Logistic,
}

impl Activation {
    fn kernel(self) -> Option<Unary<f32>> {
        match self {
            Self::Identity => None,
            Self::Relu => Some(Unary::Relu),
            Self::Tanh => Some(Unary::Tanh),
            Self::Logistic => Some(Unary::Sigmoid),
        }
    }
}

/// Rows and columns from which on it repays to lay the right side of a product out first, as `trueno` by itself does
/// with right sides that are larger than so many elements.
const LEAST_LAID: usize = 32;
const MOST_LAID: usize = 80 << 10;

/// A network, and how it is trained.
#[derive(Debug, Clone, Copy)]
pub struct Network<'a> {
    /// Columns of the input, of each hidden layer, and of the scores.
    pub widths: &'a [usize],
    /// What follows hidden layers.
    pub activation: Activation,
    /// Half of this times the squared weights is added to the loss of a batch.
    pub alpha: f32,
    /// The share of hidden numbers that a batch goes without; the others are raised to make up for them.
    pub dropout: f32,
    /// Rows of a batch.
    pub batch: usize,
    /// What makes steps of gradients.
    pub optimizer: Optimizer,
    /// Where the random numbers of this pass begin.
    pub seed: u64,
}

impl Network<'_> {
    /// Numbers that are learned: of each layer the weights (rows, columns), then the biases (columns,).
    pub fn parameters(&self) -> usize {
        self.widths.windows(2).map(|pair| (pair[0] + 1) * pair[1]).sum()
    }
}

/// What rows should be.
#[derive(Debug, Clone, Copy)]
pub enum Wanted<'a> {
    /// (n,), each the index of a class. One score tells two classes apart, several are those of as many classes.
    Classes(&'a [i32]),
    /// (n, m) numbers, as many a row as there are scores.
    Numbers(&'a [f32]),
}

/// Rows with what they should be.
#[derive(Debug, Clone, Copy)]
pub struct Examples<'a> {
    /// (n, d), rows one behind the other.
    pub x: &'a [f32],
    /// What each row should be.
    pub wanted: Wanted<'a>,
    /// (n,); 1 each where there are none.
    pub weights: Option<&'a [f64]>,
    /// (n,), the rows in the order in which they are taken; that in which they stand where there is none.
    pub order: Option<&'a [i64]>,
}

impl Examples<'_> {
    fn check(&self, network: &Network<'_>) -> Result<usize, Error> {
        let (&columns, &scores) = match network.widths {
            [first, .., last] => (first, last),
            _ => return Err(setting("widths", network.widths.len(), "two or more")),
        };
        require_setting("widths", !network.widths.contains(&0), 0, "above 0 each")?;
        require_setting("batch", network.batch > 0, network.batch, "1 or more")?;
        require_setting("dropout", (0.0..1.0).contains(&network.dropout), network.dropout, "from 0 to below 1")?;
        let rows = self.x.len() / columns;
        require_length("x", rows * columns, self.x)?;
        match self.wanted {
            Wanted::Classes(classes) => require_groups("y", scores.max(2), rows, Some(classes))?,
            Wanted::Numbers(numbers) => require_length("y", rows * scores, numbers)?,
        }
        self.weights.map_or(Ok(()), |weights| require_length("weights", rows, weights))?;
        if let Some(order) = self.order {
            require_length("order", rows, order)?;
            let is_row = |&place: &i64| usize::try_from(place).is_ok_and(|place| place < rows);
            if let Some(place) = order.iter().find(|place| !is_row(place)) {
                return Err(setting("order", place, "rows that there are"));
            }
        }
        Ok(rows)
    }

    /// The row that comes at this place.
    fn at(&self, place: usize) -> usize {
        self.order.map_or(place, |order| order[place] as usize)
    }
}

fn setting(name: &'static str, value: impl std::fmt::Display, allowed: &'static str) -> Error {
    Error::Setting { name, value: value.to_string(), allowed }
}

/// Pass over all rows once, a step for each batch; the mean of the losses of batches, by rows, each before its step.
///
/// Shapes: `parameters` as [`Network::parameters`] says, `moments` the same, or empty where the optimizer has none. A batch
/// whose weights are all zero makes no step. Nothing is allocated once the first batch has begun.
pub fn pass(
    network: &Network<'_>,
    examples: &Examples<'_>,
    threads: usize,
    parameters: &mut [f32],
    moments: Moments<'_>,
) -> Result<f64, Error> {
    let rows = examples.check(network)?;
    require_length("parameters", network.parameters(), parameters)?;
    moments.check(&network.optimizer, parameters.len())?;
    let mut work = Work::new(network, rows, threads);
    let (mut moments, mut loss) = (moments, 0.0);
    for (number, first) in (0..rows).step_by(network.batch).enumerate() {
        let last = rows.min(first + network.batch);
        work.load(examples, first, last);
        let total = work.chosen.total();
        if total > 0.0 {
            loss += (last - first) as f64 * work.slopes(examples.wanted, parameters, number as u64)? / total;
            work.step(parameters, &mut moments, number, total);
        }
    }
    Ok(loss / rows as f64)
}

/// What one pass needs beside what it is given.
struct Work<'a> {
    network: &'a Network<'a>,
    kernels: &'static Kernels,
    threads: usize,
    /// Where the parameters of each layer begin.
    starts: Vec<usize>,
    chosen: Chosen,
    /// (batch, width) of the input and of what each layer makes of it.
    values: Vec<Vec<f32>>,
    /// (batch, width) for each hidden layer: 0, or what a number that stays is raised by. Empty without dropout.
    masks: Vec<Vec<f32>>,
    /// (batch, widest): how the loss changes with the sums of a layer, and with those of the one before.
    here: Vec<f32>,
    before: Vec<f32>,
    gradient: Vec<f32>,
    /// Room for the right side of a product.
    room: Vec<f32>,
}

impl<'a> Work<'a> {
    fn new(network: &'a Network<'a>, rows: usize, threads: usize) -> Self {
        let (batch, widths) = (network.batch.min(rows), network.widths);
        let zeros = |columns: usize| vec![0.0; batch * columns];
        let hidden = if network.dropout > 0.0 { &widths[1..widths.len() - 1] } else { &[] };
        let widest = widths[1..].iter().copied().max().unwrap_or(0);
        let mut starts = vec![0];
        for pair in widths.windows(2) {
            starts.push(starts[starts.len() - 1] + (pair[0] + 1) * pair[1]);
        }
        let kernels = kernels();
        // The last batch may have any number of rows up to the others'.
        let deepest = |pair: &[usize]| batch.max(pair[0]).min(MOST_LAID / pair[1]);
        let laid = |pair: &[usize]| kernels.packed_len::<f32>(deepest(pair), pair[1]).unwrap_or(0);
        let room = widths.windows(2).map(laid).max().unwrap_or(0);
        Self {
            network,
            kernels,
            threads,
            starts,
            chosen: Chosen::with_room(batch),
            values: widths.iter().map(|&width| zeros(width)).collect(),
            masks: hidden.iter().map(|&width| zeros(width)).collect(),
            here: zeros(widest),
            before: zeros(widest),
            gradient: vec![0.0; network.parameters()],
            room: vec![0.0; room + LINE],
        }
    }

    /// Take the rows of a batch.
    fn load(&mut self, examples: &Examples<'_>, first: usize, last: usize) {
        let columns = self.network.widths[0];
        self.chosen.clear();
        for (out, place) in self.values[0].chunks_exact_mut(columns).zip(first..last) {
            let row = examples.at(place);
            out.copy_from_slice(&examples.x[row * columns..(row + 1) * columns]);
            self.chosen.push(row, examples.weights.map_or(1.0, |weights| weights[row]));
        }
    }

    /// The sum of the losses of this batch times its weights, with the penalty; its derivatives are in `gradient`, without.
    fn slopes(&mut self, wanted: Wanted<'_>, parameters: &[f32], number: u64) -> Result<f64, Error> {
        self.forward(parameters, number)?;
        let (rows, layers) = (self.chosen.len(), self.starts.len() - 1);
        let scores = self.network.widths[layers];
        let slopes = &mut self.here[..rows * scores];
        slopes.copy_from_slice(&self.values[layers][..rows * scores]);
        let loss = heads::slopes(wanted, &self.chosen, scores, slopes);
        self.backward(parameters)?;
        Ok(loss + 0.5 * f64::from(self.network.alpha) * self.squares(parameters))
    }

    /// The weights of layer `layer` (rows, columns), and its biases.
    fn layer<'b>(&self, layer: usize, parameters: &'b [f32]) -> (View<'b, f32>, &'b [f32]) {
        let (rows, columns) = (self.network.widths[layer], self.network.widths[layer + 1]);
        let (weights, biases) = parameters[self.starts[layer]..self.starts[layer + 1]].split_at(rows * columns);
        // The split has just made it as long as its shape says.
        (View::new(weights, rows, columns).expect("weights of a layer fill its shape"), biases)
    }

    fn forward(&mut self, parameters: &[f32], number: u64) -> Result<(), Error> {
        let (rows, layers) = (self.chosen.len(), self.starts.len() - 1);
        for layer in 0..layers {
            let (weights, biases) = self.layer(layer, parameters);
            let [depth, columns] = weights.shape();
            let (inputs, outputs) = self.values.split_at_mut(layer + 1);
            let (x, out) = (&inputs[layer][..rows * depth], &mut outputs[0][..rows * columns]);
            let is_hidden = layer + 1 < layers;
            let activation = if is_hidden { self.network.activation.kernel() } else { None };
            let epilogue = Epilogue { bias: Some(biases), activation, accumulate: false };
            let (x, mut view) = (View::new(x, rows, depth)?, ViewMut::new(out, rows, columns)?);
            let threads = self.threads;
            multiply(self.kernels, x, weights, epilogue, &mut view, threads, &mut self.room)?;
            if let Some(mask) = self.masks.get_mut(layer) {
                let random = Random::of(self.network.seed, number * layers as u64 + layer as u64);
                let mask = &mut mask[..rows * columns];
                draw(random, self.network.dropout, mask);
                hide(mask, out);
            }
        }
        Ok(())
    }

    /// From slopes of the scores to those of all parameters.
    fn backward(&mut self, parameters: &[f32]) -> Result<(), Error> {
        let rows = self.chosen.len();
        for layer in (0..self.starts.len() - 1).rev() {
            let (weights, _) = self.layer(layer, parameters);
            let [depth, columns] = weights.shape();
            let x = View::new(&self.values[layer][..rows * depth], rows, depth)?;
            let slopes = &self.here[..rows * columns];
            let right = View::new(slopes, rows, columns)?;
            let (out, biases) = self.gradient[self.starts[layer]..self.starts[layer + 1]].split_at_mut(depth * columns);
            let mut out = ViewMut::new(out, depth, columns)?;
            let plain = Epilogue::default();
            let threads = self.threads;
            multiply(self.kernels, x.transposed(), right, plain, &mut out, threads, &mut self.room)?;
            add_rows(slopes, biases);
            if layer == 0 {
                break;
            }
            let before = &mut self.before[..rows * depth];
            let (turned, mut out) = (Right::View(weights.transposed()), ViewMut::new(before, rows, depth)?);
            self.kernels.matmul(right, turned, plain, &mut out, threads)?;
            let values = &self.values[layer][..rows * depth];
            match self.masks.get(layer - 1) {
                None => derive(self.network.activation, values, before),
                Some(mask) => {
                    let kept = 1.0 - self.network.dropout;
                    derive_kept(self.network.activation, kept, values, &mask[..rows * depth], before);
                }
            }
            std::mem::swap(&mut self.here, &mut self.before);
        }
        Ok(())
    }

    /// The sum of the squares of all weights.
    fn squares(&self, parameters: &[f32]) -> f64 {
        let weights = |(layer, pair): (usize, &[usize])| &parameters[self.starts[layer]..][..pair[0] * pair[1]];
        self.network.widths.windows(2).enumerate().map(|each| sum_of_squares(weights(each))).sum()
    }

    /// Move the parameters; only weights are drawn towards zero.
    fn step(&self, parameters: &mut [f32], moments: &mut Moments<'_>, number: usize, total: f64) {
        let step = Step::new(&self.network.optimizer, number, 1.0 / total as f32);
        for (layer, pair) in self.network.widths.windows(2).enumerate() {
            let (begin, end) = (self.starts[layer], self.starts[layer + 1]);
            let middle = begin + pair[0] * pair[1];
            for (range, alpha) in [(begin..middle, self.network.alpha), (middle..end, 0.0)] {
                step.take(alpha, &self.gradient[range.clone()], &mut parameters[range.clone()], moments.part(range));
            }
        }
    }
}

/// Numbers of a line of the cache.
const LINE: usize = 16;

/// [`Kernels::matmul`], whose right side is laid into `room` first where that repays: it is read once for every few rows
/// of the left side, and rows whose distance is a power of two drive each other out of the first cache.
fn multiply(
    kernels: &Kernels,
    a: View<'_, f32>,
    b: View<'_, f32>,
    epilogue: Epilogue<'_, f32>,
    out: &mut ViewMut<'_, f32>,
    threads: usize,
    room: &mut [f32],
) -> Result<(), Error> {
    let [depth, columns] = b.shape();
    if a.rows().min(columns) < LEAST_LAID || depth * columns > MOST_LAID {
        return Ok(kernels.matmul(a, Right::View(b), epilogue, out, threads)?);
    }
    let start = room.as_ptr().align_offset(size_of::<f32>() * LINE).min(LINE);
    let laid = kernels.pack(b, &mut room[start..])?;
    Ok(kernels.matmul(a, Right::Packed(&laid), epilogue, out, threads)?)
}

/// For each number 0, or what makes up for those that are 0; every one of them has random bits of its own place.
fn draw(mut random: Random, dropout: f32, mask: &mut [f32]) {
    let (bound, raised) = ((f64::from(dropout) * (1_u64 << 32) as f64) as u64, 1.0 / (1.0 - dropout));
    for pair in mask.chunks_mut(2) {
        let bits = random.bits();
        for (kept, bits) in pair.iter_mut().zip([bits & 0xffff_ffff, bits >> 32]) {
            *kept = if bits < bound { 0.0 } else { raised };
        }
    }
}

wide! {
    /// In lanes that do not depend on where the numbers lie, as those of `trueno` do.
    fn sum_of_squares(x: &[f32]) -> f64 {
        let (mut lanes, chunks) = ([0.0; 16], x.chunks_exact(16));
        let rest = chunks.remainder();
        for chunk in chunks {
            lanes.iter_mut().zip(chunk).for_each(|(lane, &x)| *lane += f64::from(x) * f64::from(x));
        }
        lanes.iter_mut().zip(rest).for_each(|(lane, &x)| *lane += f64::from(x) * f64::from(x));
        lanes.iter().sum()
    }
}

wide! {
    fn hide(mask: &[f32], out: &mut [f32]) {
        out.iter_mut().zip(mask).for_each(|(out, mask)| *out *= mask);
    }
}

wide! {
    /// The sums of the columns.
    fn add_rows(rows: &[f32], out: &mut [f32]) {
        out.fill(0.0);
        for row in rows.chunks_exact(out.len()) {
            out.iter_mut().zip(row).for_each(|(out, value)| *out += value);
        }
    }
}

wide! {
    /// Slopes of the sums of a layer from those of its values.
    fn derive(activation: Activation, values: &[f32], slopes: &mut [f32]) {
        let both = slopes.iter_mut().zip(values);
        match activation {
            Activation::Identity => {}
            Activation::Relu => both.for_each(|(slope, &value)| *slope = if value > 0.0 { *slope } else { 0.0 }),
            Activation::Tanh => both.for_each(|(slope, value)| *slope *= 1.0 - value * value),
            Activation::Logistic => both.for_each(|(slope, value)| *slope *= value * (1.0 - value)),
        }
    }
}

wide! {
    /// The same where some values are 0 and the others are raised.
    fn derive_kept(activation: Activation, kept: f32, values: &[f32], mask: &[f32], slopes: &mut [f32]) {
        let all = slopes.iter_mut().zip(mask).zip(values.iter().map(|value| value * kept));
        match activation {
            Activation::Identity => all.for_each(|((slope, mask), _)| *slope *= mask),
            Activation::Relu => {
                all.for_each(|((slope, mask), value)| *slope = if value > 0.0 { *slope * mask } else { 0.0 });
            }
            Activation::Tanh => all.for_each(|((slope, mask), value)| *slope *= mask * (1.0 - value * value)),
            Activation::Logistic => all.for_each(|((slope, mask), value)| *slope *= mask * value * (1.0 - value)),
        }
    }
}

#[cfg(test)]
mod tests;
