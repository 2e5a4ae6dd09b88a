//! A row of texts, as NumPy holds them: `NdTexts`, which models of named classes give.

use crate::{nd_index, repr, Exc, List, NdText, NdWriter, Object, Str, ND_LINE, ND_THRESHOLD};
use alloc::format;
use alloc::rc::Rc;
use alloc::string::String;
use alloc::vec::Vec;

/// Texts in a row, which do not change.
#[derive(Clone)]
pub struct NdTexts {
    /// The texts.
    pub texts: Rc<[Str]>,
    /// Characters that there is room for in each.
    pub width: i64,
}

impl NdTexts {
    /// These texts.
    pub fn new(texts: Vec<Str>, width: i64) -> NdTexts {
        NdTexts { texts: Rc::from(texts), width }
    }

    /// How many.
    pub fn len(&self) -> i64 {
        self.texts.len() as i64
    }

    /// Whether there is none.
    pub fn is_empty(&self) -> bool {
        self.texts.is_empty()
    }

    /// How many, as `size`.
    pub fn size(&self) -> i64 {
        self.len()
    }

    /// `a[index]`.
    pub fn item_1(&self, index: i64) -> Result<NdText, Exc> {
        nd_index(index, 0, self.texts.len()).map(|place| NdText(self.texts[place].clone()))
    }

    /// `tolist()`.
    pub fn tolist_1(&self) -> List<Str> {
        self.texts.iter().cloned().collect()
    }

    /// The texts one after the other.
    pub fn items(&self) -> impl Iterator<Item = NdText> + use<> {
        let texts = self.texts.clone();
        (0..texts.len()).map(move |place| NdText(texts[place].clone()))
    }

    /// `bool(array)`, which only an array of one item has.
    pub fn array_truth(&self) -> Result<bool, Exc> {
        match &self.texts[..] {
            [only] => Ok(only.truth()),
            _ => Err(Exc::new(
                &crate::VALUE_ERROR,
                "The truth value of an array with more than one element is ambiguous. Use a.any() or a.all()",
            )),
        }
    }

    /// The text behind a prefix.
    pub fn body(&self, separator: &'static str, prefix: usize, suffix: usize) -> String {
        let is_summary = self.texts.len() > ND_THRESHOLD;
        let shown = crate::nd_printed(self.texts.len(), is_summary).into_iter().flatten();
        let texts: Vec<String> = shown.map(|place| format!("{}", repr(&self.texts[place]))).collect();
        if texts.is_empty() {
            return String::from("[]");
        }
        let mut writer = NdWriter { texts: texts.into_iter(), separator, is_summary };
        writer.part(&[self.texts.len()], prefix + 1, ND_LINE - suffix)
    }
}

impl Object for NdTexts {
    fn write_repr(&self, out: &mut String) {
        let start = out.len();
        out.push_str("array(");
        out.push_str(&self.body(", ", 6, 1));
        out.push(',');
        let shape = if self.texts.len() > ND_THRESHOLD { format!("shape=({},), ", self.len()) } else { String::new() };
        let extra = format!("{shape}dtype='<U{}')", self.width);
        let text = &out[start..];
        let last = text.chars().count() - text.rfind('\n').map_or(0, |place| text[..=place].chars().count());
        out.push_str(if last + extra.len() + 1 > ND_LINE { "\n      " } else { " " });
        out.push_str(&extra);
    }
    fn write_str(&self, out: &mut String) {
        out.push_str(&self.body(" ", 0, 0));
    }
    fn equals(&self, other: &Self) -> bool {
        self.texts.len() == other.texts.len() && self.texts.iter().zip(other.texts.iter()).all(|(a, b)| a.equals(b))
    }
    fn hash(&self) -> u64 {
        0
    }
    fn type_name(&self) -> &'static str {
        "ndarray"
    }
}
