fn count(limit: usize) -> i64 {
    let mut marks = vec![true; limit + 1];
    let mut found = 0;
    for n in 2..=limit {
        if marks[n] {
            found += 1;
            let mut m = n * n;
            while m <= limit {
                marks[m] = false;
                m += n;
            }
        }
    }
    found
}

fn main() {
    println!("{}", count(3_000_000));
}
