//! Scripts over one list of integers, ranges, and sorts.

use crate::Answer;
use support::*;

pub fn answer(operation: &str, arguments: &[&str]) -> Answer {
    match (operation, arguments) {
        ("lists.script", [script]) => Some(run(script)),
        ("lists.sort", [numbers]) => Some(sorts(&numbers_of(numbers))),
        ("lists.sort_floats", [numbers]) => {
            let items: List<f64> = numbers.split(' ').map(|word| word.parse().expect("a float")).collect();
            Some(Ok(repr_of(&(sorted(&items, false), sorted(&items, true))).to_string()))
        }
        ("range.all", [start, stop, step, index]) => Some(range(number(start), number(stop), number(step), index)),
        _ => None,
    }
}

fn number(word: &str) -> i64 {
    word.parse().expect("a number")
}

fn bound(word: &str) -> Option<i64> {
    word.parse().ok()
}

fn numbers_of(text: &str) -> Vec<i64> {
    text.split(' ').filter(|word| !word.is_empty()).map(number).collect()
}

fn run(script: &str) -> Result<String, Exc> {
    let list: List<i64> = List::new();
    let mut out = Vec::new();
    for step in script.split(';') {
        let words: Vec<&str> = step.split(' ').collect();
        let said = change(&list, words[0], &words[1..]);
        let said = said.unwrap_or_else(|exc| Str::from(format!("{}: {}", exc.kind().name, exc.text())));
        out.push(format!("{said} {}", repr_of(&list)));
    }
    Ok(out.join("|"))
}

fn change(list: &List<i64>, verb: &str, words: &[&str]) -> Result<Str, Exc> {
    let at = |place: usize| number(words[place]);
    let tail = |from: usize| words[from..].iter().map(|word| number(word)).collect::<Vec<i64>>();
    match verb {
        "append" => list.append(at(0)),
        "extend" => list.extend(tail(0)),
        "insert" => list.insert(at(0), at(1)),
        "set" => list.set_item(at(0), at(1))?,
        "del" => list.del_item(at(0))?,
        "reverse" => list.reverse(),
        "clear" => list.clear(),
        "sort" => list.sort(at(0) == 1),
        "remove" => list.remove(&at(0))?,
        "del_slice" => list.del_slice(bound(words[0]), bound(words[1])),
        "del_step" => list.del_slice_step(bound(words[0]), bound(words[1]), at(2))?,
        "set_slice" => list.set_slice(bound(words[0]), bound(words[1]), tail(2)),
        "set_step" => list.set_slice_step(bound(words[0]), bound(words[1]), at(2), tail(3))?,
        "times" => list.repeat_in_place(at(0)),
        "add_self" => list.extend(list),
        _ => return asked(list, verb, words),
    }
    Ok(Str::new())
}

fn asked(list: &List<i64>, verb: &str, words: &[&str]) -> Result<Str, Exc> {
    let at = |place: usize| number(words[place]);
    Ok(match verb {
        "item" => str_of(&list.item(at(0))?),
        "pop" => str_of(&list.pop()?),
        "pop_at" => str_of(&list.pop_at(at(0))?),
        "index" => str_of(&list.index(&at(0))?),
        "index_between" => str_of(&list.index_between(&at(0), bound(words[1]), bound(words[2]))?),
        "count" => str_of(&list.count(&at(0))),
        "contains" => str_of(&list.contains(&at(0))),
        "slice" => str_of(&list.slice(bound(words[0]), bound(words[1]))),
        "slice_step" => str_of(&list.slice_step(bound(words[0]), bound(words[1]), at(2))?),
        "reversed" => str_of(&list.reversed().collect::<List<i64>>()),
        "min" => str_of(&min_of(list)?),
        "max" => str_of(&max_of(list)?),
        "sum" => str_of(&sum_small(list, 0)),
        "tuple" => str_of(&list.tuple()),
        "unpack" => str_of(&List::from(unpack::<i64, 3>(list)?.to_vec())),
        "unpack_rest" => {
            let (first, rest, last) = unpack_rest(list, 1, 1)?;
            str_of(&(List::from(first), rest, List::from(last)))
        }
        other => panic!("no verb {other}"),
    })
}

fn sorts(numbers: &[i64]) -> Result<String, Exc> {
    let pairs: List<(i64, i64)> = numbers.iter().enumerate().map(|(at, number)| (*number, at as i64)).collect();
    let up = sorted_by_key(&pairs, false, |pair| Ok(pair.0))?;
    let down = sorted_by_key(&pairs, true, |pair| Ok(pair.0))?;
    let compared = pairs.copy();
    compared.sort_by_compare(false, |a, b| Ok((a.0 % 5) - (b.0 % 5)))?;
    let whole = sorted(&pairs, true);
    let least = min_by_key(&pairs, |pair| Ok(pair.0))?;
    let most = max_by_key(&pairs, |pair| Ok(pair.0))?;
    Ok(repr_of(&((up, down), (compared, whole), least, most)).to_string())
}

fn range(start: i64, stop: i64, step: i64, index: &str) -> Result<String, Exc> {
    let range = Range::new(start, stop, step)?;
    let numbers = numbers_of(index);
    let item = range.item(numbers[0]).map_or_else(|exc| exc.text(), |item| str_of(&item));
    let slice = range.slice_step(Some(numbers[1]), Some(numbers[2]), numbers[3]);
    let slice = slice.map_or_else(|exc| exc.text(), |slice| str_of(&slice));
    let found = range.index(numbers[0]).map_or_else(|exc| exc.text(), |at| str_of(&at));
    let lists = (range.iter().collect::<List<i64>>(), range.reversed().collect::<List<i64>>());
    let claims = (range.len(), range.contains(numbers[0]), range.truth(), hash_of(&range) == hash_of(&range));
    Ok(format!("{} {item} {slice} {found} {} {}", repr_of(&range), repr_of(&lists), repr_of(&claims)))
}
