use std::collections::HashMap;

fn count(n: i64) -> HashMap<String, i64> {
    let mut counts = HashMap::new();
    for i in 0..n {
        *counts.entry(format!("w{}", i * 7919 % 5003)).or_insert(0) += 1;
    }
    counts
}

fn main() {
    let counts = count(400_000);
    println!("{} {}", counts.len(), counts["w7"]);
}
