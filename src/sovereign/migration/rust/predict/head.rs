//! What a model is: the array `model`, 16 whole numbers.
//!
//! | place | meaning |
//! |------:|---------|
//! |     0 | schema, 1 |
//! |     1 | family, see [`FamilyCode`] |
//! |     2 | features of a row; 0 where the input is text |
//! |     3 | columns of a prediction |
//! |     4 | link, see [`Link`] |
//! |     5 | classes; 0 where it is no classifier |
//! |     6 | flags of the family |
//! | 7..15 | further numbers of the family |

use crate::{ParseError, Tensors};

/// Numbers of the array.
const LENGTH: usize = 16;

/// The only schema there is.
const SCHEMA: i32 = 1;

/// The families, with the codes that the format gives them.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[allow(missing_docs, reason = "the names are those of the families")]
#[repr(u8)]
pub enum FamilyCode {
    Linear = 1,
    Scaling = 2,
    Projection = 3,
    Forest = 4,
    KMeans = 5,
    Neighbors = 6,
    GaussianNb = 7,
    Mlp = 8,
    Categories = 9,
    Text = 10,
    Ngram = 11,
    Pipeline = 12,
    Imputing = 13,
    RowNorm = 14,
    Clusters = 15,
    Vote = 16,
}

impl FamilyCode {
    /// Every family, in the order of the codes.
    pub const ALL: [Self; 16] = [
        Self::Linear,
        Self::Scaling,
        Self::Projection,
        Self::Forest,
        Self::KMeans,
        Self::Neighbors,
        Self::GaussianNb,
        Self::Mlp,
        Self::Categories,
        Self::Text,
        Self::Ngram,
        Self::Pipeline,
        Self::Imputing,
        Self::RowNorm,
        Self::Clusters,
        Self::Vote,
    ];

    /// The family of this code.
    pub fn of_code(code: i32) -> Option<Self> {
        Self::ALL.into_iter().find(|&family| family as i32 == code)
    }

    /// The name that Python and the documentation use.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Linear => "linear",
            Self::Scaling => "scaling",
            Self::Projection => "projection",
            Self::Forest => "forest",
            Self::KMeans => "k_means",
            Self::Neighbors => "neighbors",
            Self::GaussianNb => "gaussian_nb",
            Self::Mlp => "mlp",
            Self::Categories => "categories",
            Self::Text => "text",
            Self::Ngram => "ngram",
            Self::Pipeline => "pipeline",
            Self::Imputing => "imputing",
            Self::RowNorm => "row_norm",
            Self::Clusters => "clusters",
            Self::Vote => "vote",
        }
    }
}

/// What makes predictions of scores.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Link {
    /// Scores are predictions.
    Identity,
    /// One score becomes the probabilities of two classes.
    Logistic,
    /// Scores become probabilities by `exp(s) / sum of exp(s)`.
    Softmax,
    /// Each score becomes a probability by itself, and a row is divided by its sum.
    OneVsRest,
    /// Scores decide: the sign of one, the largest of several.
    Decision,
    /// Scores are logarithms of joint probabilities.
    LogJoint,
}

impl Link {
    fn of_code(code: i32) -> Option<Self> {
        match code {
            0 => Some(Self::Identity),
            1 => Some(Self::Logistic),
            2 => Some(Self::Softmax),
            3 => Some(Self::OneVsRest),
            4 => Some(Self::Decision),
            5 => Some(Self::LogJoint),
            _ => None,
        }
    }
}

/// The array `model`, checked.
#[derive(Debug, Clone, Copy)]
pub struct Head {
    /// Which family.
    pub family: FamilyCode,
    /// Features of a row; 0 where the input is text.
    pub features: usize,
    /// Columns of a prediction, at least 1.
    pub outputs: usize,
    /// What makes predictions of scores.
    pub link: Link,
    /// Classes; 0 where it is no classifier.
    pub classes: usize,
    /// Flags of the family.
    pub flags: u32,
    /// Places 7 to 15.
    more: [i32; 9],
}

impl Head {
    /// Read the array.
    pub fn read<'a>(tensors: &impl Tensors<'a>) -> Result<Self, ParseError> {
        let numbers = tensors.integers("model")?;
        let array = "model";
        if numbers.len() != LENGTH {
            return Err(ParseError::WrongShape { array, expected: [1, LENGTH], got: [1, numbers.len()] });
        }
        if numbers.get(0) != Some(SCHEMA) {
            return Err(ParseError::UnsupportedVersion);
        }
        let count = |place| numbers.count(place).ok_or(ParseError::WrongValue { array, place });
        let code = |place| numbers.get(place).unwrap_or(-1);
        let mut more = [0; 9];
        more.iter_mut().zip(numbers.iter().skip(7)).for_each(|(to, number)| *to = number);
        let head = Self {
            family: FamilyCode::of_code(code(1)).ok_or(ParseError::UnsupportedModelType)?,
            features: count(2)?,
            outputs: count(3)?,
            link: Link::of_code(code(4)).ok_or(ParseError::WrongValue { array, place: 4 })?,
            classes: count(5)?,
            flags: code(6) as u32,
            more,
        };
        let are_two = head.link != Link::Logistic || head.outputs == 2;
        if head.outputs == 0 || !are_two { Err(ParseError::WrongValue { array, place: 3 }) } else { Ok(head) }
    }

    /// The number at a place from 7 on.
    pub fn extra(&self, place: usize) -> i32 {
        place.checked_sub(7).and_then(|place| self.more.get(place)).copied().unwrap_or(0)
    }

    /// The number at a place from 7 on, from `least` to `most`.
    pub fn extra_within(&self, place: usize, least: i32, most: i32) -> Result<usize, ParseError> {
        let wrong = ParseError::WrongValue { array: "model", place };
        let number = self.extra(place);
        if number < least || number > most { Err(wrong) } else { usize::try_from(number).map_err(|_| wrong) }
    }

    /// Columns of the scores, from which the link makes the outputs.
    pub fn scores(&self) -> usize {
        if self.link == Link::Logistic { 1 } else { self.outputs }
    }

    /// That the family has this link only.
    pub(crate) fn require_identity(&self) -> Result<(), ParseError> {
        match self.link {
            Link::Identity => Ok(()),
            _ => Err(ParseError::WrongValue { array: "model", place: 4 }),
        }
    }

    /// That a prediction has so many columns.
    pub(crate) fn require_outputs(&self, columns: usize) -> Result<(), ParseError> {
        let wrong = ParseError::WrongValue { array: "model", place: 3 };
        if self.outputs == columns { Ok(()) } else { Err(wrong) }
    }
}
