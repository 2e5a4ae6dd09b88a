//! Values show, compare and change as in CPython.

use support::*;

#[test]
fn containers_show_as_python_shows_them() {
    let xs = list![1i64, 2, 3];
    xs.append(4);
    assert_eq!(repr_of(&xs), "[1, 2, 3, 4]");
    let words: Dict<Str, i64> = dict! {Str::from("a") => 1, Str::from("b'") => 2};
    *words.entry_or(Str::from("a"), || 0) += 5;
    assert_eq!(repr_of(&words), "{'a': 6, \"b'\": 2}");
    assert_eq!(repr_of(&(1i64, Str::from("x"))), "(1, 'x')");
    assert_eq!(repr_of(&(1.0f64,)), "(1.0,)");
    assert_eq!(xs.item(9).unwrap_err().text(), "list index out of range");
    assert_eq!(words.get_item(&Str::from("zz")).unwrap_err().text(), "'zz'");
}

#[test]
fn a_list_in_itself_shows_dots() {
    #[derive(Clone)]
    struct Ring(List<Ring>);
    impl Object for Ring {
        fn write_repr(&self, out: &mut String) {
            self.0.write_repr(out);
        }
        fn equals(&self, other: &Self) -> bool {
            self.0.is(&other.0)
        }
        fn hash(&self) -> u64 {
            0
        }
        fn type_name(&self) -> &'static str {
            "list"
        }
    }
    let ring: List<Ring> = List::new();
    ring.append(Ring(ring.clone()));
    assert_eq!(repr_of(&ring), "[[...]]");
    ring.clear();
}

#[test]
fn a_dict_keeps_its_order_over_deletions_and_growth() {
    let dict: Dict<i64, i64> = Dict::new();
    let mut model: Vec<(i64, i64)> = Vec::new();
    let mut state = 1u64;
    for round in 0..20_000 {
        state = state.wrapping_mul(6364136223846793005).wrapping_add(1442695040888963407);
        let key = (state >> 40) as i64 % 300;
        if state >> 33 & 3 == 0 {
            let at = model.iter().position(|pair| pair.0 == key);
            assert_eq!(dict.take(&key).is_some(), at.is_some());
            at.map(|at| model.remove(at));
        } else if state >> 33 & 31 == 1 {
            assert_eq!(dict.popitem().ok(), model.pop());
        } else {
            dict.set_item(key, round);
            match model.iter_mut().find(|pair| pair.0 == key) {
                Some(pair) => pair.1 = round,
                None => model.push((key, round)),
            }
        }
        assert_eq!(dict.len(), model.len() as i64);
        if round % 100 == 0 {
            assert_eq!(dict.items().collect::<Vec<_>>(), model);
            assert!((0..300).all(|key| dict.get(&key) == model.iter().find(|pair| pair.0 == key).map(|pair| pair.1)));
        }
    }
}

#[test]
fn a_dict_of_letters_or_codes_translates() {
    let letters: Dict<Str, Option<Str>> = dict! {Str::from("a") => Some(Str::from("xy")), Str::from("é") => None};
    assert_eq!(Str::from("aébc").translate(&translation_table(&letters)), "xybc");
    let codes: Dict<i64, i64> = dict! {98_i64 => 233_i64};
    assert_eq!(Str::from("abc").translate(&translation_table(&codes)), "aéc");
}
