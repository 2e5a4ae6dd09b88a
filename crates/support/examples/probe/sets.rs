//! Scripts over two sets, of integers or of pairs: each step changes one and tells it.

use crate::Answer;
use support::*;

pub fn answer(operation: &str, arguments: &[&str]) -> Answer {
    let [script] = arguments else {
        return None;
    };
    match operation {
        "sets.integers" => Some(run(script, |word| word.parse::<i64>().expect("an integer"))),
        "sets.pairs" => Some(run(script, |word| {
            let number: i64 = word.parse().expect("an integer");
            (number.div_euclid(7), number.rem_euclid(7))
        })),
        "sets.floats" => Some(run(script, |word| word.parse::<f64>().expect("a number") / 4.0)),
        "sets.frozen" => Some(run(script, |word| {
            let number: i64 = word.parse().expect("an integer");
            (number..number + number.rem_euclid(4)).collect::<FrozenSet<i64>>()
        })),
        _ => None,
    }
}

fn run<T: Object + Clone + 'static>(script: &str, item: fn(&str) -> T) -> Result<String, Exc> {
    let (mut a, mut b) = (Set::<T>::new(), Set::<T>::new());
    let mut out = Vec::new();
    for step in script.split(';') {
        let mut words = step.split(' ');
        let verb = words.next().expect("a verb");
        let items: Vec<T> = words.map(item).collect();
        change(verb, items, &mut a, &b)?;
        if verb == "swap" {
            std::mem::swap(&mut a, &mut b);
        }
        out.push(repr_of(&a).to_string());
    }
    Ok(out.join("|"))
}

fn change<T: Object + Clone + 'static>(verb: &str, items: Vec<T>, a: &mut Set<T>, b: &Set<T>) -> Result<(), Exc> {
    match verb {
        "new" => *a = items.into_iter().collect(),
        "literal" => *a = Set::literal(items),
        "of_dict" => *a = Set::of_dict(&items.into_iter().map(|item| (item, ())).collect()),
        "of_set" => *a = Set::of(b),
        "of_frozen" => *a = Set::of(&b.frozen()),
        "add" => items.into_iter().for_each(|item| a.add(item)),
        "discard" => items.iter().for_each(|item| a.discard(item)),
        "extend" => a.extend(items),
        "pop" => drop(a.pop()),
        "clear" => a.clear(),
        "union" => *a = a.union(b),
        "intersection" => *a = a.intersection(b),
        "difference" => *a = a.difference(b),
        "toggle" => *a = a.symmetric_difference(b),
        "update" => a.update(b),
        "keep" => a.intersection_update(b),
        "without" => a.difference_update(b),
        "flip" => a.symmetric_difference_update(b),
        "difference_items" => *a = a.difference_items(items),
        "intersection_items" => *a = a.intersection_items(items),
        "update_dict" => a.update_dict(&items.into_iter().map(|item| (item, ())).collect()),
        _ => {}
    }
    Ok(())
}
