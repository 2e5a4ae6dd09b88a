//! `colorsys`: colours as RGB, HSV, HLS and YIQ, in floats between 0 and 1.
//!
//! `colorsys_rgb_to_hsv(r, g, b: f64) -> Result<(f64, f64, f64), Exc>`, `colorsys_hsv_to_rgb`, `colorsys_rgb_to_hls`,
//! `colorsys_hls_to_rgb`, `colorsys_rgb_to_yiq`, `colorsys_yiq_to_rgb`. Errors: of numbers outside, as Python's arithmetic has them.

use crate::{float_true_div, int_of_float, CMath, Exc};

/// Three parts of a colour.
pub type Color = (f64, f64, f64);

/// `hue % 1.0`.
pub fn color_turn(hue: f64) -> f64 {
    let rest = hue % 1.0;
    if rest == 0.0 {
        0.0
    } else if rest < 0.0 {
        rest + 1.0
    } else {
        rest
    }
}

/// The largest and the smallest part, each the first of its size.
pub fn color_extremes(r: f64, g: f64, b: f64) -> (f64, f64) {
    let largest = |a: f64, b: f64| if b > a { b } else { a };
    let smallest = |a: f64, b: f64| if b < a { b } else { a };
    (largest(largest(r, g), b), smallest(smallest(r, g), b))
}

/// The hue of a colour whose parts differ.
pub fn color_hue(r: f64, g: f64, b: f64) -> f64 {
    let (most, least) = color_extremes(r, g, b);
    let range = most - least;
    let (red, green, blue) = ((most - r) / range, (most - g) / range, (most - b) / range);
    let hue = if r == most {
        blue - green
    } else if g == most {
        2.0 + red - blue
    } else {
        4.0 + green - red
    };
    color_turn(hue / 6.0)
}

/// `colorsys.rgb_to_hsv`.
pub fn colorsys_rgb_to_hsv(r: f64, g: f64, b: f64) -> Result<Color, Exc> {
    let (most, least) = color_extremes(r, g, b);
    if least == most {
        return Ok((0.0, 0.0, most));
    }
    let saturation = float_true_div(most - least, most)?;
    Ok((color_hue(r, g, b), saturation, most))
}

/// `colorsys.hsv_to_rgb`.
pub fn colorsys_hsv_to_rgb(h: f64, s: f64, v: f64) -> Result<Color, Exc> {
    if s == 0.0 {
        return Ok((v, v, v));
    }
    int_of_float(h * 6.0)?;
    let sector = (h * 6.0).c_trunc();
    let rest = h * 6.0 - sector;
    let (p, q, t) = (v * (1.0 - s), v * (1.0 - s * rest), v * (1.0 - s * (1.0 - rest)));
    Ok(match (sector - 6.0 * (sector / 6.0).c_floor()) as i64 {
        0 => (v, t, p),
        1 => (q, v, p),
        2 => (p, v, t),
        3 => (p, q, v),
        4 => (t, p, v),
        _ => (v, p, q),
    })
}

/// `colorsys.rgb_to_hls`.
pub fn colorsys_rgb_to_hls(r: f64, g: f64, b: f64) -> Result<Color, Exc> {
    let (most, least) = color_extremes(r, g, b);
    let sum = most + least;
    let lightness = sum / 2.0;
    if least == most {
        return Ok((0.0, lightness, 0.0));
    }
    let below = if lightness <= 0.5 { sum } else { 2.0 - most - least };
    let saturation = float_true_div(most - least, below)?;
    Ok((color_hue(r, g, b), lightness, saturation))
}

/// One part of a colour from its hue.
pub fn color_part(low: f64, high: f64, hue: f64) -> f64 {
    let hue = color_turn(hue);
    if hue < 1.0 / 6.0 {
        low + (high - low) * hue * 6.0
    } else if hue < 0.5 {
        high
    } else if hue < 2.0 / 3.0 {
        low + (high - low) * (2.0 / 3.0 - hue) * 6.0
    } else {
        low
    }
}

/// `colorsys.hls_to_rgb`.
pub fn colorsys_hls_to_rgb(h: f64, l: f64, s: f64) -> Result<Color, Exc> {
    if s == 0.0 {
        return Ok((l, l, l));
    }
    let high = if l <= 0.5 { l * (1.0 + s) } else { l + s - l * s };
    let low = 2.0 * l - high;
    Ok((color_part(low, high, h + 1.0 / 3.0), color_part(low, high, h), color_part(low, high, h - 1.0 / 3.0)))
}

/// `colorsys.rgb_to_yiq`.
pub fn colorsys_rgb_to_yiq(r: f64, g: f64, b: f64) -> Result<Color, Exc> {
    let y = 0.30 * r + 0.59 * g + 0.11 * b;
    Ok((y, 0.74 * (r - y) - 0.27 * (b - y), 0.48 * (r - y) + 0.41 * (b - y)))
}

/// `colorsys.yiq_to_rgb`.
#[allow(clippy::manual_clamp)] // `clamp` keeps a NaN, and CPython compares one bound after the other
pub fn colorsys_yiq_to_rgb(y: f64, i: f64, q: f64) -> Result<Color, Exc> {
    let within = |part: f64| {
        if part < 0.0 {
            0.0
        } else if part > 1.0 {
            1.0
        } else {
            part
        }
    };
    let r = y + 0.9468822170900693 * i + 0.6235565819861433 * q;
    let g = y - 0.27478764629897834 * i - 0.6356910791873801 * q;
    let b = y - 1.1085450346420322 * i + 1.7090069284064666 * q;
    Ok((within(r), within(g), within(b)))
}
