//! Scripts over two dicts of integers: each step tells what it gives and what the first dict then is.

use crate::Answer;
use support::*;

pub fn answer(operation: &str, arguments: &[&str]) -> Answer {
    match (operation, arguments) {
        ("dicts.script", [script]) => Some(run(script)),
        _ => None,
    }
}

fn run(script: &str) -> Result<String, Exc> {
    let (mut a, mut b) = (Dict::<i64, i64>::new(), Dict::<i64, i64>::new());
    let mut out = Vec::new();
    for step in script.split(';') {
        let mut words = step.split(' ');
        let verb = words.next().expect("a verb");
        let numbers: Vec<i64> = words.map(|word| word.parse().expect("a number")).collect();
        if verb == "swap" {
            std::mem::swap(&mut a, &mut b);
        }
        let said = change(&a, &b, verb, &numbers).or_else(|| asked(&a, &b, verb, &numbers));
        let said = said.unwrap_or(Ok(Str::new()));
        let said = said.unwrap_or_else(|exc| Str::from(format!("{}: {}", exc.kind().name, exc.text())));
        out.push(format!("{said} {}", repr_of(&a)));
    }
    Ok(out.join("|"))
}

fn change(a: &Dict<i64, i64>, b: &Dict<i64, i64>, verb: &str, numbers: &[i64]) -> Option<Result<Str, Exc>> {
    match verb {
        "set" => a.set_item(numbers[0], numbers[1]),
        "add" => *a.entry_or(numbers[0], || 0) += numbers[1],
        "update" => a.update(b.items()),
        "update_self" => a.update(a.items()),
        "clear" => a.clear(),
        "fill" => (numbers[0]..numbers[0] + 40).for_each(|number| a.set_item(number * 7 % 41, number)),
        "empty" => (0..50).for_each(|number| a.take(&number).map_or((), |_| ())),
        "del" => return Some(a.del_item(&numbers[0]).map(|()| Str::new())),
        "pop" => return Some(a.pop(&numbers[0]).map(|value| str_of(&value))),
        "popitem" => return Some(a.popitem().map(|pair| str_of(&pair))),
        "move" => return Some(a.move_to_end(&numbers[0], true).map(|()| Str::new())),
        _ => return None,
    }
    Some(Ok(Str::new()))
}

fn asked(a: &Dict<i64, i64>, b: &Dict<i64, i64>, verb: &str, numbers: &[i64]) -> Option<Result<Str, Exc>> {
    Some(Ok(match verb {
        "get" => str_of(&a.get(&numbers[0])),
        "get_or" => str_of(&a.get_or(&numbers[0], -1)),
        "item" => return Some(a.get_item(&numbers[0]).map(|value| str_of(&value))),
        "contains" => str_of(&a.contains(&numbers[0])),
        "setdefault" => str_of(&a.setdefault(numbers[0], numbers[1])),
        "pop_or" => str_of(&a.pop_or(&numbers[0], -1)),
        "views" => str_of(&(a.keys(), a.values(), a.items(), a.len())),
        "reversed" => str_of(&(a.keys().rev().collect::<List<i64>>(), a.items().rev().collect::<List<(i64, i64)>>())),
        "merged" => str_of(&a.merged(b)),
        "copy" => str_of(&a.copy()),
        "equal" => str_of(&(a.equals(b), a.equals(&a.copy()))),
        "loop" => return Some(looped(a, numbers)),
        "common" => str_of(&a.keys().intersection(b.keys())),
        "either" => str_of(&a.keys().union(b.keys())),
        "only" => str_of(&a.keys().difference(b.keys())),
        "one" => str_of(&a.keys().symmetric_difference(b.keys())),
        _ => return None,
    }))
}

fn looped(a: &Dict<i64, i64>, numbers: &[i64]) -> Result<Str, Exc> {
    let mut count = 0;
    for key in a.checked(a.keys()) {
        count += key?;
        if count % 5 == 0 {
            a.set_item(numbers[0], count);
        }
    }
    Ok(str_of(&count))
}
