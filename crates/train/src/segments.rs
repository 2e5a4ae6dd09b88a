//! Rows in segments that do not depend on the number of threads, so that sums over them come out equal in every bit.

/// The most segments that rows are cut into: more than processors of most machines, few enough to add up.
const MOST: usize = 16;

/// How many segments so many rows get, when one should hold `least` of them at least.
pub(crate) fn count(rows: usize, least: usize) -> usize {
    (rows / least.max(1)).clamp(1, MOST)
}

/// The first row of segment `place`, and the one behind its last, on a border of `granule` rows.
pub(crate) fn bounds(rows: usize, segments: usize, granule: usize, place: usize) -> (usize, usize) {
    let granules = rows.div_ceil(granule);
    let border = |place: usize| (granules * place / segments * granule).min(rows);
    (border(place), border(place + 1))
}

/// Add numbers to others, place by place.
pub(crate) fn add(out: &mut [f64], values: &[f64]) {
    out.iter_mut().zip(values).for_each(|(out, value)| *out += value);
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn segments_cover_all_rows_once_and_begin_at_borders() {
        for (rows, segments, granule) in [(1, 1, 8), (1000, 16, 64), (17, 3, 4), (0, 1, 8)] {
            let mut reached = 0;
            for place in 0..segments {
                let (first, last) = bounds(rows, segments, granule, place);
                assert_eq!(first, reached);
                assert!(first % granule == 0 || first == rows);
                reached = last;
            }
            assert_eq!(reached, rows);
        }
    }
}
