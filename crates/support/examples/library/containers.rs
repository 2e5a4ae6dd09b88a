//! `itertools`, `functools`, `heapq`, `bisect` and `collections`, on lists of integers.

use crate::question::{Answer, Question};
use support::*;

/// Integers with commas between them.
fn list(text: &str) -> Vec<i64> {
    text.split(',').filter(|part| !part.is_empty()).map(|part| part.parse().expect("an integer")).collect()
}

/// An argument as an iterator.
fn items(question: &Question, place: usize) -> Iter<i64> {
    Iter::infallible(list(question.text(place)).into_iter())
}

/// `repr(list(items))`.
fn shown<T: Object>(items: Result<Iter<T>, Exc>) -> Answer {
    Ok(repr(&items?.list()?).to_string())
}

/// The first items of an endless iterator.
fn few<T: Object + 'static>(items: Iter<T>) -> Answer {
    shown(itertools_islice(items, 0, Some(7), 1))
}

/// What these modules say.
pub fn answer(question: &Question) -> Option<Answer> {
    let (module, name) = question.name.split_once('.')?;
    match module {
        "itertools" => iterators(name, question),
        "heapq" => heaps(name, question),
        "deque" => Some(deque(question)),
        "counter" => Some(counters(name, question)),
        "functools" => functions(name, question),
        _ => None,
    }
}

fn iterators(name: &str, question: &Question) -> Option<Answer> {
    let first = || items(question, 0);
    let small = |item: i64| Ok(item < 3);
    Some(match name {
        "accumulate" => shown(Ok(itertools_accumulate(first(), |a, b| Ok(a * 2 + b), question.maybe_int(1)))),
        "chain" => shown(Ok(itertools_chain(vec![first(), items(question, 1), items(question, 2)]))),
        "combinations" => match question.int(1) {
            2 => shown(itertools_combinations::<i64, (i64, i64)>(first(), 2)),
            3 => shown(itertools_combinations::<i64, (i64, i64, i64)>(first(), 3)),
            r => shown(itertools_combinations::<i64, List<i64>>(first(), r)),
        },
        "combinations_with_replacement" => {
            shown(itertools_combinations_with_replacement::<i64, List<i64>>(first(), question.int(1)))
        }
        "permutations" => shown(itertools_permutations::<i64, List<i64>>(first(), question.maybe_int(1))),
        "product_repeat" => {
            shown(itertools_product_repeat::<i64, List<i64>>(vec![first(), items(question, 1)], question.int(2)))
        }
        "product2" => shown(itertools_product2(first(), items(question, 1))),
        "product3" => shown(itertools_product3(first(), items(question, 1), items(question, 2))),
        "compress" => shown(Ok(itertools_compress(first(), items(question, 1)))),
        "count" => few(itertools_count(question.int(0), question.int(1))),
        "count_float" => few(itertools_count_float(question.float(0), question.float(1))),
        "cycle" => few(itertools_cycle(first())),
        "repeat" => shown(Ok(itertools_repeat(question.int(0), question.maybe_int(1)))),
        "dropwhile" => shown(Ok(itertools_dropwhile(small, first()))),
        "takewhile" => shown(Ok(itertools_takewhile(small, first()))),
        "filterfalse" => shown(Ok(itertools_filterfalse(small, first()))),
        "groupby" => {
            let groups = itertools_groupby(first(), |item| Ok(item / 3));
            let listed = groups.map(|group| group.and_then(|(key, group)| Ok((key, group.list()?))));
            shown(Ok(Iter::fallible(listed)))
        }
        // Groups that are looked at only when the next one was asked for are empty.
        "groupby_late" => groups_late(first()),
        "islice" => shown(itertools_islice(first(), question.int(1), question.maybe_int(2), question.int(3))),
        "islice_rest" => islice_rest(first(), question),
        "pairwise" => shown(Ok(itertools_pairwise(first()))),
        "starmap" => {
            let pairs = itertools_pairwise(first());
            shown(Ok(itertools_starmap(|(a, b): (i64, i64)| Ok(a * b), pairs)))
        }
        "tee" => tee(first()),
        "zip_longest2" => shown(Ok(itertools_zip_longest2(first(), items(question, 1), -1, -2))),
        "zip_longest3" => {
            let parts = (first(), items(question, 1), items(question, 2));
            shown(Ok(itertools_zip_longest3(parts, (-1, -2, -3))))
        }
        _ => return None,
    })
}

fn groups_late(items: Iter<i64>) -> Answer {
    let groups: Vec<(i64, Iter<i64>)> = itertools_groupby(items, |item| Ok(item / 3)).collect::<Result<_, _>>()?;
    let listed: Result<Vec<(i64, List<i64>)>, Exc> =
        groups.into_iter().map(|(key, group)| Ok((key, group.list()?))).collect();
    Ok(repr(&List::from(listed?)).to_string())
}

fn islice_rest(items: Iter<i64>, question: &Question) -> Answer {
    let slice = itertools_islice(items.clone(), question.int(1), question.maybe_int(2), question.int(3))?;
    let taken = slice.list()?;
    Ok(format!("{} {}", repr(&taken), repr(&items.list()?)))
}

fn tee(items: Iter<i64>) -> Answer {
    let copies = itertools_tee(items, 2)?;
    let first = copies[0].step()?;
    let (second, rest) = (copies[1].list()?, copies[0].list()?);
    Ok(format!("{} {} {}", repr(&first), repr(&second), repr(&rest)))
}

fn heaps(name: &str, question: &Question) -> Option<Answer> {
    let heap = List::from(list(question.text(0)));
    let number = || question.int(1);
    let with_heap = |result: Result<String, Exc>| result.map(|text| format!("{text} {}", repr(&heap)));
    let span = || (question.int(2), question.maybe_int(3));
    Some(match name {
        "heapify" => {
            heapq_heapify(&heap);
            Ok(repr(&heap).to_string())
        }
        "heappush" => {
            heapq_heappush(&heap, number());
            Ok(repr(&heap).to_string())
        }
        "heappop" => with_heap(heapq_heappop(&heap).map(|item| item.to_string())),
        "heapreplace" => with_heap(heapq_heapreplace(&heap, number()).map(|item| item.to_string())),
        "heappushpop" => with_heap(Ok(heapq_heappushpop(&heap, number()).to_string())),
        // Keys that are often equal show whether the order of equal items is kept.
        "nlargest" => {
            heapq_nlargest_by(number(), items(question, 0), |item| Ok(item / 10)).map(|all| repr(&all).to_string())
        }
        "nsmallest" => {
            heapq_nsmallest_by(number(), items(question, 0), |item| Ok(item / 10)).map(|all| repr(&all).to_string())
        }
        "merge" => {
            shown(Ok(heapq_merge(vec![items(question, 0), items(question, 1), items(question, 2)], question.flag(3))))
        }
        "bisect_left" => bisect_left(&heap, &number(), span().0, span().1).map(|place| place.to_string()),
        "bisect_right" => bisect_right(&heap, &number(), span().0, span().1).map(|place| place.to_string()),
        "bisect_left_by" => {
            bisect_left_by(&heap, &number(), span(), |item| Ok(item / 10)).map(|place| place.to_string())
        }
        "bisect_right_by" => {
            bisect_right_by(&heap, &number(), span(), |item| Ok(item / 10)).map(|place| place.to_string())
        }
        "insort_left" => with_heap(bisect_insort_left(&heap, number(), span().0, span().1).map(|()| String::new())),
        "insort_right" => with_heap(bisect_insort_right(&heap, number(), span().0, span().1).map(|()| String::new())),
        _ => return None,
    })
}

/// A deque of the items and bound of the first arguments, and what each of the further steps makes of it.
fn deque(question: &Question) -> Answer {
    let deque = Deque::bounded(list(question.text(0)), question.maybe_int(1))?;
    let mut out = Vec::new();
    for step in &question.fields[2..] {
        let step = Question::read(&step.replace(' ', "\t"));
        let result = deque_step(&deque, &step);
        out.push(result.unwrap_or_else(|exc| format!("!{}: {}", exc.kind().name, exc.text())));
        out.push(repr(&deque).to_string());
    }
    Ok(out.join("|"))
}

fn deque_step(deque: &Deque<i64>, step: &Question) -> Answer {
    let number = || step.int(0);
    Ok(match step.name.as_str() {
        "append" => {
            deque.append(number());
            String::from("None")
        }
        "appendleft" => {
            deque.appendleft(number());
            String::from("None")
        }
        "pop" => deque.pop()?.to_string(),
        "popleft" => deque.popleft()?.to_string(),
        "extend" => {
            deque.extend(list(step.text(0)));
            String::from("None")
        }
        "extendleft" => {
            deque.extendleft(list(step.text(0)));
            String::from("None")
        }
        "rotate" => {
            deque.rotate(number());
            String::from("None")
        }
        "clear" => {
            deque.clear();
            String::from("None")
        }
        "count" => deque.count(&number()).to_string(),
        "index" => deque.index(&number())?.to_string(),
        "insert" => {
            deque.insert(number(), step.int(1))?;
            String::from("None")
        }
        "remove" => {
            deque.remove(&number())?;
            String::from("None")
        }
        "reverse" => {
            deque.reverse();
            String::from("None")
        }
        "item" => deque.item(number())?.to_string(),
        "set_item" => {
            deque.set_item(number(), step.int(1))?;
            String::from("None")
        }
        "del_item" => {
            deque.del_item(number())?;
            String::from("None")
        }
        "len" => deque.len().to_string(),
        "copy" => repr(&deque.copy()).to_string(),
        "repeat" => repr(&deque.repeat(number())).to_string(),
        "concat" => repr(&deque.concat(deque)).to_string(),
        "reversed" => repr(&deque.reversed().list()?).to_string(),
        "walk" => {
            let walk = deque.iter();
            walk.step()?;
            deque.append(number());
            repr(&walk.step()?).to_string()
        }
        other => panic!("unknown step {other:?}"),
    })
}

fn counters(name: &str, question: &Question) -> Answer {
    let a = counter_of(items(question, 0))?;
    let b = counter_of(items(question, 1))?;
    Ok(match name {
        "repr" => counter_repr(&a).to_string(),
        "most_common" => repr(&counter_most_common(&a, question.maybe_int(2))).to_string(),
        "elements" => repr(&counter_elements(&a).list()?).to_string(),
        "total" => counter_total(&a).to_string(),
        "add" => counter_repr(&counter_add(&a, &b)).to_string(),
        "sub" => counter_repr(&counter_sub(&a, &b)).to_string(),
        "and" => counter_repr(&counter_and(&a, &b)).to_string(),
        "or" => counter_repr(&counter_or(&a, &b)).to_string(),
        "subtract" => {
            counter_subtract_counts(&a, &b);
            format!(
                "{} {} {}",
                counter_repr(&a),
                counter_repr(&counter_positive(&a)),
                counter_repr(&counter_negative(&a))
            )
        }
        "update" => {
            counter_update_counts(&a, &b);
            repr(&a).to_string()
        }
        "equals" => repr(&(counter_equals(&a, &b), counter_within(&a, &b))).to_string(),
        "ordered" => ordered_repr(&a).to_string(),
        "default" => default_repr("<class 'int'>", &a).to_string(),
        other => panic!("unknown function {other:?}"),
    })
}

fn functions(name: &str, question: &Question) -> Option<Answer> {
    Some(match name {
        "reduce" => functools_reduce_first(|a, b| Ok(a * 3 - b), items(question, 0)).map(|total| total.to_string()),
        "sorted_cmp" => {
            let compare = |a: &i64, b: &i64| Ok(a / 10 - b / 10);
            let sorted = functools_sorted_cmp(list(question.text(0)), compare, question.flag(1));
            sorted.map(|sorted| repr(&List::from(sorted)).to_string())
        }
        "lru_cache" => {
            let cache = LruCache::new(question.maybe_int(1));
            let mut called = Vec::new();
            for key in list(question.text(0)) {
                if cache.get(&key).is_none() {
                    called.push(key);
                    cache.put(key, key);
                }
            }
            Ok(format!("{} {}", repr(&cache.cache_info()), repr(&List::from(called))))
        }
        _ => return None,
    })
}
