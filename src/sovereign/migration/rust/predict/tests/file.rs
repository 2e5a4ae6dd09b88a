//! Images out of files: as they are, out of payloads, out of payloads of other programs, and not out of anything else.

use std::{borrow::Cow, vec, vec::Vec};

use container::{Compression, Flags, ModelType, NewFile, Suite};

use super::{Arrays, models};
use crate::{FileError, ModelView, ParseError, Wanted, image_of};

fn around(model_type: ModelType, payload: &[u8], flags: u8) -> Vec<u8> {
    let file = NewFile {
        model_type,
        metadata: &[0x80],
        payload,
        uncompressed_size: payload.len() as u32,
        compression: Compression::None,
        flags: Flags::of_bits(flags).expect("the bits are known"),
        quality_score: 0,
        suite: Suite::Legacy,
        cipher_mode: 0,
    };
    file.to_bytes(&[]).expect("the parts should make a file")
}

#[test]
fn an_image_is_found_in_both_layouts() {
    for (name, arrays) in models(3, true) {
        let image = arrays.file();
        assert!(matches!(image_of(&image), Ok(Cow::Borrowed(found)) if found == image), "{name}");
        let packed = around(ModelType::Custom, &image, 0);
        assert!(matches!(image_of(&packed), Ok(Cow::Owned(found)) if found == image), "{name}");
    }
}

fn answer(file: &[u8], x: &[f32]) -> Vec<f32> {
    let image = image_of(file).expect("the file holds a model");
    let view = ModelView::from_bytes(&image).expect("the image is whole");
    let mut out = vec![0.0; view.columns(Wanted::Values)];
    view.row(Wanted::Values, x, &mut out, &mut vec![0.0; view.scratch_len()]).expect("the row has the right length");
    out
}

fn list(numbers: &[f32]) -> Vec<u8> {
    let mut bytes = (numbers.len() as u64).to_le_bytes().to_vec();
    bytes.extend(numbers.iter().flat_map(|x| x.to_le_bytes()));
    bytes
}

#[test]
fn payloads_of_other_programs_answer_by_their_arithmetic() {
    let mut line = vec![1];
    line.extend(list(&[1.5, -2.0]));
    line.extend(0.25_f32.to_le_bytes());
    let rest = [&[0; 4][..], &100_u64.to_le_bytes(), &[0; 4]].concat();
    let regression = around(ModelType::LinearRegression, &[&line[..], &[1]].concat(), 0);
    assert_eq!(answer(&regression, &[2.0, 1.0]), [1.25]);
    let logistic = around(ModelType::LogisticRegression, &[&line[..], &rest].concat(), 0);
    let chance = 1.0 / (1.0 + (-1.25_f32).exp());
    assert!((answer(&logistic, &[2.0, 1.0])[1] - chance).abs() < 1e-6);
    let machine = around(ModelType::Svm, &[&line[..], &[0; 4], &rest].concat(), 0);
    assert_eq!(answer(&machine, &[2.0, 1.0]), [1.25]);
    let mut groups = [&2_u64.to_le_bytes()[..], &10_u64.to_le_bytes(), &[0; 4], &[0], &[1]].concat();
    groups.extend(list(&[0.0, 0.0, 5.0, 5.0]));
    groups.extend([&2_u64.to_le_bytes()[..], &2_u64.to_le_bytes(), &[0], &[0; 4], &0_u64.to_le_bytes()].concat());
    assert_eq!(answer(&around(ModelType::KMeans, &groups, 0), &[4.0, 6.0]), [1.0]);
}

#[test]
fn what_holds_no_model_is_told_from_what_is_damaged() {
    let image = Arrays::new(&[1, 1, 1, 1]).floats("coef", &[1, 1], &[1.0], true).file();
    let mut damaged = around(ModelType::Custom, &image, 0);
    let last = damaged.len() - 9;
    damaged[last] ^= 1;
    assert!(matches!(image_of(&damaged), Err(FileError::File(_))));
    assert!(matches!(image_of(&around(ModelType::Custom, &image[..40], 0)), Err(FileError::File(_))));
    let nothing = Err(FileError::Model(ParseError::UnsupportedModelType));
    assert_eq!(image_of(&around(ModelType::Knn, b"?", 0)).map(drop), nothing);
    assert_eq!(image_of(&around(ModelType::Custom, &around(ModelType::Custom, &image, 0), 0)).map(drop), nothing);
}
