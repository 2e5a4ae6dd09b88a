fn filled(n: usize, step: usize) -> Vec<Vec<f64>> {
    (0..n)
        .map(|i| (0..n).map(|j| ((i * step + j) % 10) as f64).collect())
        .collect()
}

fn product(a: &[Vec<f64>], b: &[Vec<f64>]) -> f64 {
    let n = a.len();
    let mut total = 0.0;
    for i in 0..n {
        for j in 0..n {
            let mut sum = 0.0;
            for k in 0..n {
                sum += a[i][k] * b[k][j];
            }
            total += sum;
        }
    }
    total
}

fn main() {
    println!("{:?}", product(&filled(180, 3), &filled(180, 7)));
}
