//! Convolutions on every backend that this machine has, against the seven loops that define them.

use std::{vec, vec::Vec};

use crate::{
    Convolution, Element, Error,
    matmul::tests::{available, numbers},
};

/// One pixel of the output and the sum of the amounts of its terms.
fn pixel<T: Element>(
    x: &[T],
    [_, channels, height, width]: [usize; 4],
    w: &[T],
    [out_channels, group_channels, down, right]: [usize; 4],
    convolution: &Convolution,
    [image, channel, y, x_at]: [usize; 4],
) -> (f64, f64) {
    let group = channel / (out_channels / convolution.groups);
    let (mut sum, mut magnitude) = (0.0, 0.0);
    for c in 0..group_channels {
        for r in 0..down {
            for s in 0..right {
                let row = (y * convolution.stride[0] + r) as isize - convolution.padding[0] as isize;
                let column = (x_at * convolution.stride[1] + s) as isize - convolution.padding[1] as isize;
                if (0..height as isize).contains(&row) && (0..width as isize).contains(&column) {
                    let plane = image * channels + group * group_channels + c;
                    let seen = x[(plane * height + row as usize) * width + column as usize].to_f64();
                    let product = seen * w[((channel * group_channels + c) * down + r) * right + s].to_f64();
                    sum += product;
                    magnitude += product.abs();
                }
            }
        }
    }
    (sum, magnitude)
}

fn check<T: Element>(image_shape: [usize; 4], weight_shape: [usize; 4], convolution: Convolution, threads: usize) {
    let elements = |shape: [usize; 4]| shape.iter().product::<usize>();
    let (x, w) = (numbers::<T>(elements(image_shape), 1), numbers::<T>(elements(weight_shape), 2));
    let bias = numbers::<T>(weight_shape[0], 3);
    let shape = convolution.output(image_shape, weight_shape).unwrap();
    let rounding = if size_of::<T>() == 4 { f64::from(f32::EPSILON) } else { f64::EPSILON };
    for kernels in available() {
        for bias in [None, Some(&bias[..])] {
            let mut out = vec![T::NAN; elements(shape)];
            kernels.conv2d(&x, image_shape, &w, weight_shape, bias, convolution, &mut out, threads).unwrap();
            let mut got = out.iter();
            for image in 0..shape[0] {
                for channel in 0..shape[1] {
                    for at in 0..shape[2] * shape[3] {
                        let place = [image, channel, at / shape[3], at % shape[3]];
                        let (sum, magnitude) = pixel(&x, image_shape, &w, weight_shape, &convolution, place);
                        let bias = bias.map_or(0.0, |bias| bias[channel].to_f64());
                        let terms = weight_shape[1..].iter().product::<usize>();
                        let bound = (terms + 4) as f64 * rounding * (magnitude + bias.abs());
                        let got = got.next().unwrap().to_f64();
                        let what = (kernels.backend(), image_shape, weight_shape, convolution);
                        assert!((got - sum - bias).abs() <= bound, "{what:?} {place:?}: {got} {}", sum + bias);
                    }
                }
            }
        }
    }
}

#[test]
fn convolutions_keep_their_bound_for_strides_padding_and_groups() {
    let plain = Convolution::default();
    check::<f32>([1, 1, 1, 1], [1, 1, 1, 1], plain, 1);
    check::<f32>([2, 3, 9, 11], [5, 3, 3, 3], plain, 1);
    check::<f64>([2, 3, 9, 11], [5, 3, 3, 2], Convolution { padding: [1, 2], ..plain }, 1);
    check::<f32>([1, 4, 13, 8], [6, 4, 3, 5], Convolution { stride: [2, 3], padding: [2, 4], ..plain }, 2);
    check::<f32>([2, 6, 7, 7], [9, 2, 3, 3], Convolution { groups: 3, padding: [1, 1], ..plain }, 1);
    check::<f32>([1, 5, 6, 20], [5, 1, 2, 4], Convolution { groups: 5, stride: [1, 2], ..plain }, 1);
    check::<f32>([1, 70, 5, 30], [17, 70, 3, 3], Convolution { padding: [1, 1], ..plain }, 1);
    check::<f32>([1, 2, 3, 4], [2, 2, 3, 4], Convolution { padding: [7, 9], ..plain }, 1);
    check::<f64>([1, 12, 10, 10], [8, 12, 1, 1], Convolution { stride: [3, 1], ..plain }, 1);
}

#[test]
fn threads_change_nothing_but_the_time() {
    let (x, w) = (numbers::<f32>(2 * 16 * 50 * 50, 1), numbers::<f32>(20 * 16 * 9, 2));
    let product = |threads| {
        let mut out = vec![0.0; 2 * 20 * 48 * 48];
        let (images, weights) = ([2, 16, 50, 50], [20, 16, 3, 3]);
        let convolution = Convolution::default();
        crate::kernels().conv2d(&x, images, &w, weights, None, convolution, &mut out, threads).unwrap();
        out
    };
    assert!(product(2) == product(1));
}

#[test]
fn nothing_to_do_is_done() {
    check::<f32>([0, 3, 5, 5], [2, 3, 3, 3], Convolution::default(), 1);
    check::<f32>([2, 3, 5, 5], [0, 3, 3, 3], Convolution::default(), 1);
    check::<f32>([1, 0, 5, 5], [2, 0, 3, 3], Convolution::default(), 1);
}

#[test]
fn what_does_not_fit_is_refused() {
    let plain = Convolution::default();
    let reason = |convolution: Convolution, images, weights| match convolution.output(images, weights) {
        Err(Error::Convolution(reason)) => reason,
        other => panic!("{other:?}"),
    };
    assert!(reason(plain, [1, 3, 5, 5], [2, 2, 3, 3]).contains("channels of the images"));
    assert!(reason(Convolution { groups: 0, ..plain }, [1, 0, 5, 5], [2, 2, 3, 3]).contains("channels of the images"));
    assert!(reason(Convolution { groups: 3, ..plain }, [1, 3, 5, 5], [2, 1, 3, 3]).contains("multiple of the groups"));
    assert!(reason(plain, [1, 1, 2, 5], [1, 1, 3, 3]).contains("larger than the padded image"));
    assert!(reason(Convolution { stride: [1, 0], ..plain }, [1, 1, 5, 5], [1, 1, 3, 3]).contains("at least 1"));
    assert!(reason(plain, [1, 1, 5, 5], [1, 1, 0, 3]).contains("at least 1"));
    assert!(
        reason(Convolution { padding: [usize::MAX, 0], ..plain }, [1, 1, 5, 5], [1, 1, 3, 3]).contains("too large")
    );
    let (x, mut out): (Vec<f32>, _) = (numbers(25, 1), [0.0; 9]);
    let short = crate::kernels().conv2d(&x[..24], [1, 1, 5, 5], &x[..9], [1, 1, 3, 3], None, plain, &mut out, 1);
    assert_eq!(short, Err(Error::LengthsDiffer { left: 24, right: 25 }));
    let bias = Some(&x[..2]);
    let wrong = crate::kernels().conv2d(&x, [1, 1, 5, 5], &x[..9], [1, 1, 3, 3], bias, plain, &mut out, 1);
    assert_eq!(wrong, Err(Error::ShapesDiffer { expected: [1, 1], got: [1, 2] }));
}
