//! How often each call was made, how long it took, and how often it failed.

use std::{collections::HashMap, io::Write};

use crate::{
    call::{Abi, Call},
    event::{Event, Outcome, What},
    sink::{Sink, Wants},
    write::names,
};

/// Steps between two powers of two: a quantile is at most one part in 32 off.
const STEPS: u32 = 32;
const BUCKETS: usize = (64 - 4) * STEPS as usize;

/// How the table is ordered.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Order {
    /// By all the time that a call took.
    #[default]
    Time,
    /// By how often it was made.
    Calls,
    /// By how often it failed.
    Errors,
    /// By its name.
    Name,
}

/// Durations of one call, in nanoseconds.
#[derive(Clone, Debug)]
pub struct Durations {
    /// How many.
    pub count: u64,
    /// How many of them failed.
    pub errors: u64,
    /// Their sum.
    pub total: u128,
    /// The shortest.
    pub least: u64,
    /// The longest.
    pub most: u64,
    mean: f64,
    squares: f64,
    buckets: Vec<u32>,
}

impl Durations {
    fn new() -> Self {
        Self { count: 0, errors: 0, total: 0, least: u64::MAX, most: 0, mean: 0.0, squares: 0.0, buckets: Vec::new() }
    }

    /// Count one.
    pub fn add(&mut self, duration: u64, is_error: bool) {
        self.count += 1;
        self.errors += u64::from(is_error);
        self.total += u128::from(duration);
        (self.least, self.most) = (self.least.min(duration), self.most.max(duration));
        // Welford 1962: the sum of squared distances from the mean, without losing digits.
        let distance = duration as f64 - self.mean;
        self.mean += distance / self.count as f64;
        self.squares += distance * (duration as f64 - self.mean);
        let bucket = bucket(duration);
        if bucket >= self.buckets.len() {
            self.buckets.resize(bucket + 1, 0);
        }
        self.buckets[bucket] = self.buckets[bucket].saturating_add(1);
    }

    /// The duration that this share of them does not exceed, between the shortest and the longest.
    #[must_use]
    pub fn quantile(&self, share: f64) -> u64 {
        let rank = ((share * self.count as f64).ceil() as u64).max(1);
        let mut seen = 0;
        for (bucket, count) in self.buckets.iter().enumerate() {
            seen += u64::from(*count);
            if seen >= rank {
                return upper(bucket).clamp(self.least, self.most);
            }
        }
        self.most
    }

    /// The standard deviation.
    #[must_use]
    pub fn deviation(&self) -> f64 {
        if self.count == 0 { 0.0 } else { (self.squares / self.count as f64).sqrt() }
    }
}

/// The bucket of a duration: exact below 32, then 32 of them for each doubling.
fn bucket(value: u64) -> usize {
    if value < u64::from(STEPS) {
        return value as usize;
    }
    let shift = 63 - value.leading_zeros() - STEPS.ilog2();
    let step = (value >> shift) as u32 - STEPS;
    ((shift + 1) * STEPS + step) as usize
}

/// The longest duration of a bucket.
fn upper(bucket: usize) -> u64 {
    debug_assert!(bucket < BUCKETS, "there is no such duration");
    let (doubling, step) = (bucket as u32 / STEPS, bucket as u32 % STEPS);
    if doubling == 0 { u64::from(step) } else { (u64::from(STEPS + step + 1) << (doubling - 1)) - 1 }
}

/// Counts calls and writes a table at the end.
pub struct Summary<W> {
    output: W,
    order: Order,
    rows: HashMap<(Abi, u32), Durations>,
}

impl<W: Write> Summary<W> {
    /// Write the table to `output`.
    pub fn new(output: W, order: Order) -> Self {
        Self { output, order, rows: HashMap::new() }
    }

    fn sorted(&self) -> Vec<(String, &Durations)> {
        let mut rows: Vec<_> = self.rows.iter().map(|((abi, number), row)| (title(*abi, *number), row)).collect();
        rows.sort_by(|(name, a), (other, b)| {
            let by_number = match self.order {
                Order::Time => b.total.cmp(&a.total),
                Order::Calls => b.count.cmp(&a.count),
                Order::Errors => b.errors.cmp(&a.errors),
                Order::Name => std::cmp::Ordering::Equal,
            };
            by_number.then_with(|| name.cmp(other))
        });
        rows
    }
}

fn title(abi: Abi, number: u32) -> String {
    let name = names::call(&Call { abi, number, args: [0; 6], result: None });
    match abi {
        Abi::X86_64 => name.into_owned(),
        Abi::X32 => format!("{name} (x32)"),
        Abi::I386 => format!("{name} (i386)"),
    }
}

impl<W: Write> Sink for Summary<W> {
    fn wants(&self) -> Wants {
        Wants { arguments: false, tasks: false, begun: false, idle: false }
    }

    fn take(&mut self, event: &Event) -> std::io::Result<()> {
        // As with strace, a call that nobody came back from is not one that took a time.
        if let What::Call(ended) = &event.what {
            if !ended.is_unfinished {
                let row = self.rows.entry((ended.call.abi, ended.call.number)).or_insert_with(Durations::new);
                row.add(ended.duration, ended.error.is_some());
            }
        }
        Ok(())
    }

    fn end(&mut self, _: &Outcome) -> std::io::Result<()> {
        let rows = self.sorted();
        let total: u128 = rows.iter().map(|(_, row)| row.total).sum();
        let (calls, errors) =
            rows.iter().fold((0, 0), |(calls, errors), (_, row)| (calls + row.count, errors + row.errors));
        let mut text = String::from(
            "% time     seconds  usecs/call     calls    errors       min       p50       p99    stddev syscall\n",
        );
        let ruler = "------ ----------- ----------- --------- --------- --------- --------- --------- --------- ----------------\n";
        text += ruler;
        for (name, row) in &rows {
            let share = if total == 0 { 0.0 } else { 100.0 * row.total as f64 / total as f64 };
            text += &line(share, row.total, row.count, row.errors);
            let [least, middle, late] = [row.least, row.quantile(0.5), row.quantile(0.99)].map(|ns| ns as f64 / 1e3);
            text += &format!("{least:>9.1} {middle:>9.1} {late:>9.1} {:>9.1} {name}\n", row.deviation() / 1e3);
        }
        text += ruler;
        text += &line(100.0, total, calls, errors);
        text += &format!("{:>39} total\n", "");
        self.output.write_all(text.as_bytes())?;
        self.output.flush()
    }
}

fn line(share: f64, total: u128, calls: u64, errors: u64) -> String {
    let each = if calls == 0 { 0 } else { total / u128::from(calls) / 1000 };
    let errors = if errors == 0 { String::new() } else { errors.to_string() };
    format!("{share:>6.2} {:>11.6} {each:>11} {calls:>9} {errors:>9} ", total as f64 / 1e9)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_bucket_holds_what_it_says() {
        let mut value = 1_u64;
        while value < u64::MAX / 3 {
            for each in [value, value + 1, value * 2 - 1] {
                let bucket = bucket(each);
                assert!(each <= upper(bucket), "{each}");
                assert!(bucket == 0 || each > upper(bucket - 1), "{each}");
                assert!(upper(bucket) - each <= each / u64::from(STEPS), "{each}");
            }
            value = value * 3 / 2 + 1;
        }
    }

    #[test]
    fn quantiles_and_deviation_are_those_of_the_numbers() {
        let mut durations = Durations::new();
        for value in 1..=1000 {
            durations.add(value * 1000, value % 10 == 0);
        }
        assert_eq!((durations.count, durations.errors, durations.least, durations.most), (1000, 100, 1000, 1_000_000));
        assert!((durations.quantile(0.5) as f64 / 500_000.0 - 1.0).abs() < 0.04);
        assert!((durations.quantile(0.99) as f64 / 990_000.0 - 1.0).abs() < 0.04);
        assert!((durations.deviation() - 288_674.99).abs() < 0.01);
    }
}
