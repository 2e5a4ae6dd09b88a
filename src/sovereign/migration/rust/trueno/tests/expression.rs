//! Fused expressions equal their steps one by one.

use super::*;
use crate::{Binary, Program, ProgramError, Reduction, Step, Term, Ternary};

const A: Term<f32> = Term::Input(0);
const B: Term<f32> = Term::Input(1);
const C: Term<f32> = Term::Input(2);

/// `a * b + c * 2 - 1`.
fn chain() -> Vec<Step<f32>> {
    vec![
        Step::Zip(Binary::Mul, A, B),
        Step::Zip(Binary::Mul, C, Term::Number(2.0)),
        Step::Zip(Binary::Add, Term::Value(0), Term::Value(1)),
        Step::Zip(Binary::Sub, Term::Value(2), Term::Number(1.0)),
    ]
}

#[test]
fn a_chain_has_the_values_of_its_formula_at_every_length() {
    let program = Program::new(&chain(), 3).unwrap();
    for kernels in available() {
        for n in lengths() {
            let (a, b, c) = (numbers(n, 1), numbers(n, 2), numbers(n, 3));
            let inputs = [Operand::Slice(&a[..]), Operand::Slice(&b[..]), Operand::Slice(&c[..])];
            let mut out = vec![9.0; n + 1];
            kernels.evaluate(&program, &inputs, &mut out[..n]).unwrap();
            assert_eq!(out[n], 9.0, "{kernels:?} n={n}");
            for i in 0..n {
                let exact = f64::from(a[i]) * f64::from(b[i]) + f64::from(c[i]) * 2.0 - 1.0;
                assert!((f64::from(out[i]) - exact).abs() <= 8.0 * U32, "{kernels:?} n={n} at {i}");
            }
        }
    }
}

#[test]
fn inputs_may_be_numbers_or_the_output() {
    let program = Program::new(&chain(), 3).unwrap();
    for kernels in available() {
        let mut out = [3.0_f32; 1500];
        kernels.evaluate(&program, &[Operand::Out, Operand::Scalar(2.0), Operand::Out], &mut out).unwrap();
        assert_eq!(out, [11.0; 1500], "{kernels:?}");
    }
}

#[test]
fn all_operations_stand_in_a_program() {
    let steps = [
        Step::Map(Unary::Square, A),
        Step::Blend(Ternary::Lerp, A, B, Term::Number(0.5)),
        Step::Zip(Binary::Maximum, Term::Value(0), Term::Value(1)),
        Step::Map(Unary::Sqrt, Term::Value(2)),
        Step::Zip(Binary::Sub, Term::Value(3), Term::Value(0)),
    ];
    let program = Program::new(&steps, 2).unwrap();
    for kernels in available() {
        let (a, b) = ([4.0, 0.5, 1.0], [2.0, 17.5, 1.0]);
        let mut out = [0.0; 3];
        kernels.evaluate(&program, &[Operand::Slice(&a), Operand::Slice(&b)], &mut out).unwrap();
        assert_eq!(out, [4.0 - 16.0, 3.0 - 0.25, 0.0], "{kernels:?}");
    }
}

#[test]
fn a_product_that_is_used_twice_stays_a_product() {
    // With p = a * b rounded, p + p - 2p is 0; joining one use would leave the rounding behind.
    let steps = [
        Step::Zip(Binary::Mul, A, B),
        Step::Zip(Binary::Add, Term::Value(0), Term::Value(0)),
        Step::Zip(Binary::Mul, Term::Value(0), Term::Number(2.0)),
        Step::Zip(Binary::Sub, Term::Value(1), Term::Value(2)),
    ];
    let program = Program::new(&steps, 2).unwrap();
    for kernels in available().into_iter().filter(|kernels| kernels.backend() != Backend::Scalar) {
        let (a, b, mut out) = (numbers(50, 4), numbers(50, 5), [1.0; 50]);
        kernels.evaluate(&program, &[Operand::Slice(&a), Operand::Slice(&b)], &mut out).unwrap();
        assert_eq!(out, [0.0; 50], "{kernels:?}");
    }
}

#[test]
fn a_sum_with_a_product_is_rounded_once_where_the_set_can() {
    let steps = [Step::Zip(Binary::Mul, A, B), Step::Zip(Binary::Add, C, Term::Value(0))];
    let program = Program::new(&steps, 3).unwrap();
    // (1 + e)(1 - e) - 1 is -e² when it is rounded once, 0 when the product is rounded first.
    let e = 1.0 / 4096.0_f32.powi(1) / 2.0;
    for kernels in available() {
        let mut out = [9.0_f32];
        let inputs = [Operand::Scalar(1.0 + e), Operand::Scalar(1.0 - e), Operand::Scalar(-1.0)];
        kernels.evaluate(&program, &inputs, &mut out).unwrap();
        let unfused = matches!(kernels.backend(), Backend::Sse2 | Backend::WasmSimd128);
        assert_eq!(out, [if unfused { 0.0 } else { -e * e }], "{kernels:?}");
    }
}

#[test]
fn reductions_stand_at_the_end() {
    let program = Program::new(&[Step::Map(Unary::Square, Term::Input(0))], 1).unwrap();
    for kernels in available() {
        for n in [1, 5, 1024, 1025, 3000] {
            let x: Vec<f64> = (0..n).map(|i| f64::from(i - n / 2)).collect();
            let squares: Vec<f64> = x.iter().map(|x| x * x).collect();
            let sum: f64 = squares.iter().sum();
            let wanted = [
                (Reduction::Sum, sum),
                (Reduction::Mean, sum / f64::from(n)),
                (Reduction::Min, 0.0),
                (Reduction::Max, squares[0].max(squares[n as usize - 1])),
            ];
            for (reduction, wanted) in wanted {
                let got = kernels.reduce(&program, &[Operand::Slice(&x)], n as usize, reduction);
                assert_eq!(got, Ok(Some(wanted)), "{kernels:?} {reduction:?} n={n}");
            }
        }
        let mut x = vec![1.0; 5000];
        x[10] = f64::NAN;
        for reduction in [Reduction::Sum, Reduction::Mean, Reduction::Min, Reduction::Max] {
            let got = kernels.reduce(&program, &[Operand::Slice(&x)], 5000, reduction).unwrap();
            assert!(got.unwrap().is_nan(), "{kernels:?} {reduction:?}");
            let nothing = kernels.reduce(&program, &[Operand::Slice(&[])], 0, reduction).unwrap();
            assert_eq!(nothing, if reduction == Reduction::Sum { Some(0.0) } else { None }, "{kernels:?}");
        }
    }
}

#[test]
fn many_steps_and_values_find_room() {
    // A sum of inputs in a chain of 63 steps, and a tree with eight values alive.
    let steps: Vec<_> =
        (0..64).map(|i| Step::Zip(Binary::Add, if i == 0 { A } else { Term::Value(i - 1) }, A)).collect();
    let program = Program::new(&steps, 1).unwrap();
    let mut out = [1.0; 40];
    kernels().evaluate(&program, &[Operand::Out], &mut out).unwrap();
    assert_eq!(out, [65.0; 40]);
    let mut tree: Vec<_> = (0..8).map(|i| Step::Zip(Binary::Mul, A, Term::Number(f32::from(i as u8)))).collect();
    (0..7).for_each(|i| {
        tree.push(Step::Zip(Binary::Maximum, Term::Value(i), Term::Value(if i == 0 { 7 } else { 7 + i })))
    });
    let program = Program::new(&tree, 1).unwrap();
    kernels().evaluate(&program, &[Operand::Scalar(2.0)], &mut out).unwrap();
    assert_eq!(out, [14.0; 40]);
}

#[test]
fn lists_that_are_no_expression_are_refused() {
    let refused = |steps: &[Step<f32>], inputs| match Program::new(steps, inputs) {
        Err(Error::Program(error)) => error,
        other => panic!("{other:?}"),
    };
    let step = Step::Map(Unary::Abs, A);
    assert_eq!(refused(&[], 0), ProgramError::Empty);
    assert_eq!(refused(&[step; 65], 1), ProgramError::TooLong { steps: 65, limit: 64 });
    assert_eq!(refused(&[step], 0), ProgramError::NoInput { step: 0, input: 0 });
    let own = Step::Map(Unary::Abs, Term::Value(1));
    assert_eq!(refused(&[step, own], 1), ProgramError::NoValue { step: 1, value: 1 });
    let mut wide: Vec<_> = (0..10).map(|_| step).collect();
    (0..9).for_each(|i| wide.push(Step::Zip(Binary::Add, Term::Value(i), Term::Value(if i == 0 { 9 } else { 9 + i }))));
    assert_eq!(refused(&wide, 1), ProgramError::TooWide { limit: 8 });
    for error in [ProgramError::Empty, ProgramError::NoInput { step: 0, input: 0 }, ProgramError::TooWide { limit: 8 }]
    {
        assert_eq!(Error::Program(error).to_string(), error.to_string());
    }
    assert!(ProgramError::NoValue { step: 1, value: 2 }.to_string().ends_with("before it: `2`"));
    assert!(ProgramError::TooLong { steps: 65, limit: 64 }.to_string().contains("`65` steps"));
}

#[test]
fn inputs_that_do_not_fit_are_refused() {
    let program = Program::new(&[Step::Zip(Binary::Add, A, B)], 2).unwrap();
    let mut out = [1.0; 2];
    let inputs = [Operand::Slice(&[0.0; 2][..]), Operand::Slice(&[0.0; 3])];
    assert_eq!(kernels().evaluate(&program, &inputs, &mut out), Err(Error::LengthsDiffer { left: 3, right: 2 }));
    assert_eq!(kernels().evaluate(&program, &inputs[..1], &mut out), Err(Error::InputsDiffer { given: 1, needed: 2 }));
    let place = [Operand::Out, Operand::Scalar(1.0)];
    assert_eq!(kernels().reduce(&program, &place, 2, Reduction::Sum), Err(Error::NoOutput));
    assert_eq!(out, [1.0; 2]);
    assert_eq!(Error::InputsDiffer { given: 1, needed: 2 }.to_string(), "an expression of `2` inputs was given: `1`");
    assert_eq!(Error::NoOutput.to_string(), "a reduction has no output that could be an operand");
}
