//! A model of any family: read from an image, and asked for one row.
//!
//! [`Family`] is what each family implements, [`Model`] one of them, [`ModelView`] a model with its head. Models may
//! stand inside models, at most [`MOST_DEPTH`](crate::image::MOST_DEPTH) deep; those are read again for each row, so
//! that a view has one size whatever it holds.

#[cfg(feature = "alloc")]
use alloc::boxed::Box;

#[cfg(feature = "alloc")]
use crate::batch::{Block, ByRow, Real};
#[cfg(feature = "categories")]
use crate::categories::Categories;
#[cfg(feature = "clusters")]
use crate::clusters::Clusters;
#[cfg(feature = "forest")]
use crate::forest::Forest;
#[cfg(feature = "imputing")]
use crate::imputing::Imputing;
#[cfg(feature = "k_means")]
use crate::k_means::KMeans;
#[cfg(feature = "linear")]
use crate::linear::Linear;
#[cfg(feature = "mlp")]
use crate::mlp::Mlp;
#[cfg(feature = "naive_bayes")]
use crate::naive_bayes::GaussianNb;
#[cfg(feature = "neighbors")]
use crate::neighbors::Neighbors;
#[cfg(feature = "ngram")]
use crate::ngram::Ngram;
#[cfg(feature = "pipeline")]
use crate::pipeline::Pipeline;
#[cfg(feature = "projection")]
use crate::projection::Projection;
#[cfg(feature = "row_norm")]
use crate::row_norm::RowNorm;
#[cfg(feature = "scaling")]
use crate::scaling::Scaling;
#[cfg(feature = "text")]
use crate::text::Text;
#[cfg(feature = "vote")]
use crate::vote::Vote;
use crate::{FamilyCode, Head, Image, InferenceError, Number, ParseError, Scope, link};

/// What of a row is computed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Wanted {
    /// What the family gives before the link: decision values, distances, logarithms.
    Scores,
    /// What the link makes predictions of. Of most families that is the same.
    Values,
}

/// How a class index is read off.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Choice {
    /// There are no classes.
    Nothing,
    /// 1 where the only score is above zero.
    Sign,
    /// Where the largest score stands first.
    Largest,
    /// Where the smallest score stands first.
    Smallest,
    /// The prediction itself.
    Number,
}

impl Choice {
    /// What the index is read off, if there are classes.
    pub(crate) fn wanted(self) -> Option<Wanted> {
        match self {
            Self::Nothing => None,
            Self::Number | Self::Smallest => Some(Wanted::Values),
            Self::Sign | Self::Largest => Some(Wanted::Scores),
        }
    }

    /// The class index that a row of scores means.
    pub(crate) fn of<N: Number>(self, row: &[N]) -> i32 {
        let first = row.first().copied().unwrap_or(N::NAN);
        match self {
            Self::Nothing => 0,
            Self::Sign => i32::from(first > N::ZERO),
            Self::Number => first.double() as i32,
            Self::Largest => position(row, |a, b| a > b),
            Self::Smallest => position(row, |a, b| a < b),
        }
    }
}

/// Where the first number stands that none comes before; the first NaN where there is one, as NumPy has it.
fn position<N: Number>(row: &[N], comes_before: impl Fn(N, N) -> bool) -> i32 {
    let mut best = (0, row.first().copied().unwrap_or(N::NAN));
    for (place, &x) in row.iter().enumerate().skip(1) {
        if !best.1.is_nan() && (comes_before(x, best.1) || x.is_nan()) {
            best = (place, x);
        }
    }
    best.0 as i32
}

/// What a family of models does. Nothing here allocates or panics, but what the feature `alloc` adds.
pub trait Family<'a>: Copy + Send + Sync {
    /// Find the arrays and check that they go together.
    fn read(tensors: &Scope<'a>, head: &Head) -> Result<Self, ParseError>;

    /// Columns that [`Family::row`] writes; those of the scores, unless the family says otherwise.
    fn columns(&self, head: &Head, _wanted: Wanted) -> usize {
        head.scores()
    }

    /// Numbers of scratch memory that a row needs.
    fn scratch_len(&self, _head: &Head) -> usize {
        0
    }

    /// Multiplications, comparisons and look-ups of a row, at most.
    fn operations(&self, head: &Head) -> u64;

    /// Whether an array of it is of double precision, so that single precision would lose some.
    fn are_double(&self) -> bool;

    /// Compute the scores of one row. `x` has the features of the head, `out` the columns, `scratch` at least its length.
    fn row<N: Number>(
        &self,
        head: &Head,
        wanted: Wanted,
        x: &[N],
        out: &mut [N],
        scratch: &mut [N],
    ) -> Result<(), InferenceError>;

    /// As [`Family::row`], of a text.
    fn text<N: Number>(
        &self,
        _head: &Head,
        _wanted: Wanted,
        _text: &str,
        _out: &mut [N],
        _scratch: &mut [N],
    ) -> Result<(), InferenceError> {
        Err(InferenceError::WrongInput)
    }

    /// The same for many rows at a time; row by row, unless the family has a faster way.
    #[cfg(feature = "alloc")]
    fn block<T: Real>(&self, head: &Head) -> Result<Box<dyn Block<T> + 'a>, ParseError>
    where
        Self: 'a,
    {
        Ok(Box::new(ByRow { family: *self, head: *head }))
    }
}

/// A model of one family.
#[derive(Debug, Clone, Copy)]
#[non_exhaustive]
#[allow(missing_docs, reason = "the names are those of the families")]
pub enum Model<'a> {
    #[cfg(feature = "linear")]
    Linear(Linear<'a>),
    #[cfg(feature = "scaling")]
    Scaling(Scaling<'a>),
    #[cfg(feature = "projection")]
    Projection(Projection<'a>),
    #[cfg(feature = "forest")]
    Forest(Forest<'a>),
    #[cfg(feature = "k_means")]
    KMeans(KMeans<'a>),
    #[cfg(feature = "neighbors")]
    Neighbors(Neighbors<'a>),
    #[cfg(feature = "naive_bayes")]
    GaussianNb(GaussianNb<'a>),
    #[cfg(feature = "mlp")]
    Mlp(Mlp<'a>),
    #[cfg(feature = "categories")]
    Categories(Categories<'a>),
    #[cfg(feature = "text")]
    Text(Text<'a>),
    #[cfg(feature = "ngram")]
    Ngram(Ngram<'a>),
    #[cfg(feature = "pipeline")]
    Pipeline(Pipeline<'a>),
    #[cfg(feature = "imputing")]
    Imputing(Imputing<'a>),
    #[cfg(feature = "row_norm")]
    RowNorm(RowNorm),
    #[cfg(feature = "clusters")]
    Clusters(Clusters),
    #[cfg(feature = "vote")]
    Vote(Vote<'a>),
}

/// Do this with the family that a model is of.
macro_rules! with_family {
    ($model:expr, $family:ident => $body:expr) => {
        match $model {
            #[cfg(feature = "linear")]
            $crate::model::Model::Linear($family) => $body,
            #[cfg(feature = "scaling")]
            $crate::model::Model::Scaling($family) => $body,
            #[cfg(feature = "projection")]
            $crate::model::Model::Projection($family) => $body,
            #[cfg(feature = "forest")]
            $crate::model::Model::Forest($family) => $body,
            #[cfg(feature = "k_means")]
            $crate::model::Model::KMeans($family) => $body,
            #[cfg(feature = "neighbors")]
            $crate::model::Model::Neighbors($family) => $body,
            #[cfg(feature = "naive_bayes")]
            $crate::model::Model::GaussianNb($family) => $body,
            #[cfg(feature = "mlp")]
            $crate::model::Model::Mlp($family) => $body,
            #[cfg(feature = "categories")]
            $crate::model::Model::Categories($family) => $body,
            #[cfg(feature = "text")]
            $crate::model::Model::Text($family) => $body,
            #[cfg(feature = "ngram")]
            $crate::model::Model::Ngram($family) => $body,
            #[cfg(feature = "pipeline")]
            $crate::model::Model::Pipeline($family) => $body,
            #[cfg(feature = "imputing")]
            $crate::model::Model::Imputing($family) => $body,
            #[cfg(feature = "row_norm")]
            $crate::model::Model::RowNorm($family) => $body,
            #[cfg(feature = "clusters")]
            $crate::model::Model::Clusters($family) => $body,
            #[cfg(feature = "vote")]
            $crate::model::Model::Vote($family) => $body,
        }
    };
}
pub(crate) use with_family;

impl<'a> Model<'a> {
    fn read(tensors: &Scope<'a>, head: &Head) -> Result<Self, ParseError> {
        match head.family {
            #[cfg(feature = "linear")]
            FamilyCode::Linear => Linear::read(tensors, head).map(Self::Linear),
            #[cfg(feature = "scaling")]
            FamilyCode::Scaling => Scaling::read(tensors, head).map(Self::Scaling),
            #[cfg(feature = "projection")]
            FamilyCode::Projection => Projection::read(tensors, head).map(Self::Projection),
            #[cfg(feature = "forest")]
            FamilyCode::Forest => Forest::read(tensors, head).map(Self::Forest),
            #[cfg(feature = "k_means")]
            FamilyCode::KMeans => KMeans::read(tensors, head).map(Self::KMeans),
            #[cfg(feature = "neighbors")]
            FamilyCode::Neighbors => Neighbors::read(tensors, head).map(Self::Neighbors),
            #[cfg(feature = "naive_bayes")]
            FamilyCode::GaussianNb => GaussianNb::read(tensors, head).map(Self::GaussianNb),
            #[cfg(feature = "mlp")]
            FamilyCode::Mlp => Mlp::read(tensors, head).map(Self::Mlp),
            #[cfg(feature = "categories")]
            FamilyCode::Categories => Categories::read(tensors, head).map(Self::Categories),
            #[cfg(feature = "text")]
            FamilyCode::Text => Text::read(tensors, head).map(Self::Text),
            #[cfg(feature = "ngram")]
            FamilyCode::Ngram => Ngram::read(tensors, head).map(Self::Ngram),
            #[cfg(feature = "pipeline")]
            FamilyCode::Pipeline => Pipeline::read(tensors, head).map(Self::Pipeline),
            #[cfg(feature = "imputing")]
            FamilyCode::Imputing => Imputing::read(tensors, head).map(Self::Imputing),
            #[cfg(feature = "row_norm")]
            FamilyCode::RowNorm => RowNorm::read(tensors, head).map(Self::RowNorm),
            #[cfg(feature = "clusters")]
            FamilyCode::Clusters => Clusters::read(tensors, head).map(Self::Clusters),
            #[cfg(feature = "vote")]
            FamilyCode::Vote => Vote::read(tensors, head).map(Self::Vote),
            #[cfg(not(feature = "families"))]
            _ => Err(ParseError::UnsupportedModelType),
        }
    }
}

/// A model that reads its numbers from the bytes of a file, wherever these lie.
#[derive(Debug, Clone, Copy)]
pub struct ModelView<'a> {
    pub(crate) head: Head,
    pub(crate) model: Model<'a>,
}

/// A prediction without a heap.
///
/// Implementations use only stack, finish after a number of steps that the model fixes, and never panic.
pub trait PredictNoStd {
    /// Bytes of stack that [`PredictNoStd::predict_no_std`] takes at most, as the compiler of a small processor lays it
    /// out.
    const MAX_STACK_BYTES: usize;

    /// Steps of a prediction at most: multiplications, comparisons and look-ups. What a step costs is the processor's.
    fn most_operations(&self) -> u64;

    /// Compute the prediction of one row.
    ///
    /// # Errors
    /// [`InferenceError::DimensionMismatch`] where the row has another length than the model has features,
    /// [`InferenceError::OutputBufferTooSmall`] where `output` is shorter than a prediction,
    /// [`InferenceError::ScratchTooSmall`] where the model needs more memory on the way than the fixed buffer has, and
    /// [`InferenceError::NumericalInstability`] where a result is not finite.
    fn predict_no_std(&self, input: &[f32], output: &mut [f32]) -> Result<(), InferenceError>;
}

/// Numbers of scratch memory that a prediction has on the stack.
const FIXED_SCRATCH: usize = 64;

impl<'a> ModelView<'a> {
    /// Read the model of a file; nothing of it is copied but its head.
    pub fn from_bytes(bytes: &'a [u8]) -> Result<Self, ParseError> {
        Self::of(&Image::open(bytes)?.root())
    }

    /// As [`ModelView::from_bytes`], of bytes whose checksum was compared before.
    pub fn from_verified_bytes(bytes: &'a [u8]) -> Result<Self, ParseError> {
        Self::of(&Image::open_verified(bytes)?.root())
    }

    /// Read the model whose arrays these are.
    pub fn of(tensors: &Scope<'a>) -> Result<Self, ParseError> {
        let head = Head::read(tensors)?;
        let model = Model::read(tensors, &head)?;
        Ok(Self { head, model })
    }

    /// What the model is.
    pub fn head(&self) -> &Head {
        &self.head
    }

    /// Columns of what is wanted: of the values after the link.
    pub fn columns(&self, wanted: Wanted) -> usize {
        let columns = with_family!(&self.model, family => family.columns(&self.head, wanted));
        if wanted == Wanted::Values { columns.max(self.head.outputs) } else { columns }
    }

    /// Numbers of scratch memory that [`ModelView::predict_with`] needs.
    pub fn scratch_len(&self) -> usize {
        with_family!(&self.model, family => family.scratch_len(&self.head))
    }

    /// Whether an array of the model is of double precision.
    pub fn are_double(&self) -> bool {
        with_family!(&self.model, family => family.are_double())
    }

    /// How class indexes are read off.
    pub(crate) fn choice(&self) -> Choice {
        match (&self.model, self.head.classes) {
            #[cfg(feature = "k_means")]
            (Model::KMeans(_), _) if self.head.outputs == 1 => Choice::Number,
            #[cfg(feature = "k_means")]
            (Model::KMeans(_), _) => Choice::Smallest,
            #[cfg(feature = "pipeline")]
            (Model::Pipeline(pipeline), _) => pipeline.choice(),
            (_, 0) => Choice::Nothing,
            // The only class is where the only score is largest.
            (_, classes) if self.head.scores() == 1 && classes > 1 => Choice::Sign,
            _ => Choice::Largest,
        }
    }

    /// Steps of a prediction at most, see [`PredictNoStd::most_operations`].
    pub fn operations(&self) -> u64 {
        with_family!(&self.model, family => family.operations(&self.head))
    }

    /// What the family gives of one row, before the link.
    pub(crate) fn scores<N: Number>(
        &self,
        wanted: Wanted,
        x: &[N],
        out: &mut [N],
        scratch: &mut [N],
    ) -> Result<(), InferenceError> {
        with_family!(&self.model, family => family.row(&self.head, wanted, x, out, scratch))
    }

    /// As [`ModelView::scores`], of a text.
    pub(crate) fn text_scores<N: Number>(
        &self,
        wanted: Wanted,
        text: &str,
        out: &mut [N],
        scratch: &mut [N],
    ) -> Result<(), InferenceError> {
        with_family!(&self.model, family => family.text(&self.head, wanted, text, out, scratch))
    }

    /// Compute scores or values of one row; NaN and infinities come out as they do.
    pub fn row<N: Number>(
        &self,
        wanted: Wanted,
        x: &[N],
        out: &mut [N],
        scratch: &mut [N],
    ) -> Result<(), InferenceError> {
        if x.len() != self.head.features {
            return Err(InferenceError::DimensionMismatch { expected: self.head.features, got: x.len() });
        }
        let (scores, all) = self.room(wanted, out, scratch.len())?;
        with_family!(&self.model, family => family.row(&self.head, wanted, x, scores, scratch))?;
        self.finish(wanted, out, all);
        Ok(())
    }

    /// As [`ModelView::row`], of a text.
    pub fn text<N: Number>(
        &self,
        wanted: Wanted,
        text: &str,
        out: &mut [N],
        scratch: &mut [N],
    ) -> Result<(), InferenceError> {
        let (scores, all) = self.room(wanted, out, scratch.len())?;
        with_family!(&self.model, family => family.text(&self.head, wanted, text, scores, scratch))?;
        self.finish(wanted, out, all);
        Ok(())
    }

    /// The part of the output that the family writes, and how much of it is one in the end.
    #[inline]
    fn room<'b, N>(
        &self,
        wanted: Wanted,
        out: &'b mut [N],
        scratch: usize,
    ) -> Result<(&'b mut [N], usize), InferenceError> {
        let needed = self.scratch_len();
        if scratch < needed {
            return Err(InferenceError::ScratchTooSmall { needed, got: scratch });
        }
        let all = self.columns(wanted);
        let columns = with_family!(&self.model, family => family.columns(&self.head, wanted));
        if out.len() < all {
            return Err(InferenceError::OutputBufferTooSmall);
        }
        out.get_mut(..columns).map(|scores| (scores, all)).ok_or(InferenceError::OutputBufferTooSmall)
    }

    #[inline]
    fn finish<N: Number>(&self, wanted: Wanted, out: &mut [N], all: usize) {
        if let (Wanted::Values, Some(row)) = (wanted, out.get_mut(..all)) {
            link::finish(self.head.link, row);
        }
    }

    /// Compute the prediction of one row, with scratch memory of the caller's; refuse what is not finite.
    pub fn predict_with(&self, input: &[f32], output: &mut [f32], scratch: &mut [f32]) -> Result<(), InferenceError> {
        self.row(Wanted::Values, input, output, scratch)?;
        self.require_finite(output)
    }

    /// As [`ModelView::predict_with`], of a text.
    pub fn predict_text(&self, text: &str, output: &mut [f32], scratch: &mut [f32]) -> Result<(), InferenceError> {
        self.text(Wanted::Values, text, output, scratch)?;
        self.require_finite(output)
    }

    fn require_finite(&self, output: &[f32]) -> Result<(), InferenceError> {
        let are_finite = output.iter().take(self.head.outputs).all(|p| p.is_finite());
        if are_finite { Ok(()) } else { Err(InferenceError::NumericalInstability) }
    }
}

impl PredictNoStd for ModelView<'_> {
    const MAX_STACK_BYTES: usize = 8192;

    fn most_operations(&self) -> u64 {
        self.operations()
    }

    fn predict_no_std(&self, input: &[f32], output: &mut [f32]) -> Result<(), InferenceError> {
        self.predict_with(input, output, &mut [0.0; FIXED_SCRATCH])
    }
}

/// The product of two lengths as a count of operations.
pub(crate) fn product(a: usize, b: usize) -> u64 {
    (a as u64).saturating_mul(b as u64)
}
