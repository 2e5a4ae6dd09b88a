//! A raised exception: `Exc`, its arguments (`Argument`), and `traceback_text`.
//!
//! Build one with `Exc::new(&VALUE_ERROR, "text")`, `Exc::bare(&KIND)` or `Exc::of(&KIND, vec![argument(value)])`; ask it
//! with `is`, `text`, `argument_value`, `object`. `because` is `raise ... from`, `during` sets the context.

use crate::{
    repr_of, str_of, Class, Kind, Object, Str, IMPORT_ERROR, KEY_ERROR, OS_ERROR, STOP_ITERATION, SYSTEM_EXIT,
};
use alloc::rc::Rc;
use alloc::string::String;
use alloc::vec;
use alloc::vec::Vec;
use core::any::Any;
use core::cell::{Cell, RefCell};
use core::fmt::{Debug, Display, Formatter};

/// One argument of an exception; its texts are made when they are asked for.
#[derive(Clone)]
pub struct Argument {
    /// The argument itself.
    pub value: Rc<dyn Any>,
    show: fn(&dyn Any, bool) -> Str,
}

/// An argument out of any value.
pub fn argument<T: Object + 'static>(value: T) -> Argument {
    Argument { value: Rc::new(value), show: shown_argument::<T> }
}

/// `str(argument)` or `repr(argument)`.
pub fn shown_argument<T: Object + 'static>(value: &dyn Any, quotes: bool) -> Str {
    match value.downcast_ref::<T>() {
        Some(value) if quotes => crate::repr_of(value),
        Some(value) => str_of(value),
        None => Str::new(),
    }
}

impl Argument {
    /// `str(argument)`.
    pub fn text(&self) -> Str {
        (self.show)(&*self.value, false)
    }

    /// `repr(argument)`.
    pub fn repr(&self) -> Str {
        (self.show)(&*self.value, true)
    }
}

/// The object of a program's own exception class, and how it is shown.
#[derive(Clone)]
pub struct Carried {
    value: Rc<dyn Any>,
    show: fn(&Rc<dyn Any>) -> Option<Str>,
    repr: fn(&Rc<dyn Any>) -> Option<Str>,
}

/// What an exception holds.
pub struct ExcBody {
    kind: &'static Kind,
    arguments: RefCell<Vec<Argument>>,
    carried: Option<Carried>,
    cause: RefCell<Option<Exc>>,
    context: RefCell<Option<Exc>>,
    hides_context: Cell<bool>,
    notes: RefCell<Vec<Str>>,
}

/// A raised exception; a clone is the same exception.
#[derive(Clone)]
pub struct Exc(Rc<ExcBody>);

impl Exc {
    /// `KIND(text)`.
    #[cold]
    pub fn new(kind: &'static Kind, text: impl Into<Str>) -> Exc {
        Exc::of(kind, vec![argument(text.into())])
    }

    /// `KIND()`.
    #[cold]
    pub fn bare(kind: &'static Kind) -> Exc {
        Exc::of(kind, Vec::new())
    }

    /// `KIND(*arguments)`.
    #[cold]
    pub fn of(kind: &'static Kind, arguments: Vec<Argument>) -> Exc {
        Exc::build(kind, arguments, None)
    }

    /// An exception of the program's own class, with its object.
    #[cold]
    pub fn carrying<T: Class>(kind: &'static Kind, arguments: Vec<Argument>, object: Rc<T>) -> Exc {
        let carried = Carried {
            value: object,
            show: |value| value.clone().downcast::<T>().ok().map(|object| str_of(&object)),
            repr: |value| value.clone().downcast::<T>().ok().map(|object| repr_of(&object)),
        };
        Exc::build(kind, arguments, Some(carried))
    }

    /// An exception out of all its parts.
    #[cold]
    pub fn build(kind: &'static Kind, arguments: Vec<Argument>, carried: Option<Carried>) -> Exc {
        Exc(Rc::new(ExcBody {
            kind,
            arguments: RefCell::new(arguments),
            carried,
            cause: RefCell::new(None),
            context: RefCell::new(None),
            hides_context: Cell::new(false),
            notes: RefCell::new(Vec::new()),
        }))
    }
}

impl Exc {
    /// The type.
    pub fn kind(&self) -> &'static Kind {
        self.0.kind
    }

    /// `isinstance(self, KIND)`.
    pub fn is(&self, kind: &'static Kind) -> bool {
        self.0.kind.derives(kind)
    }

    /// `type(self) is KIND`.
    pub fn is_exactly(&self, kind: &'static Kind) -> bool {
        core::ptr::eq(self.0.kind, kind)
    }

    /// Whether its class is one of the program.
    pub fn is_own(&self) -> bool {
        self.0.carried.is_some()
    }

    /// Whether both are the same exception.
    pub fn same(&self, other: &Exc) -> bool {
        Rc::ptr_eq(&self.0, &other.0)
    }

    /// The object of the program's own class, if it is a `T`.
    pub fn object<T: 'static>(&self) -> Option<Rc<T>> {
        self.0.carried.as_ref().and_then(|carried| carried.value.clone().downcast::<T>().ok())
    }
}

impl Exc {
    /// `str(self)`, before a program's own `__str__`.
    pub fn plain_text(&self) -> Str {
        let arguments = self.0.arguments.borrow();
        match arguments.as_slice() {
            [] => Str::new(),
            [only] if self.is(&KEY_ERROR) => only.repr(),
            [only] => only.text(),
            [number, text] if self.is(&OS_ERROR) => {
                Str::from(alloc::format!("[Errno {}] {}", number.text(), text.text()))
            }
            [number, text, file, ..] if self.is(&OS_ERROR) => {
                Str::from(alloc::format!("[Errno {}] {}: {}", number.text(), text.text(), file.repr()))
            }
            several => Str::from(argument_list(several)),
        }
    }

    /// `str(self)`.
    pub fn text(&self) -> Str {
        let carried = self.0.carried.as_ref();
        carried.and_then(|carried| (carried.show)(&carried.value)).unwrap_or_else(|| self.plain_text())
    }

    /// `repr(self)`, before a program's own `__repr__`.
    pub fn plain_repr(&self) -> Str {
        let arguments = self.0.arguments.borrow();
        let shown = match arguments.as_slice() {
            [only] => alloc::format!("({})", only.repr()),
            [number, text, ..] if self.is(&OS_ERROR) => alloc::format!("({}, {})", number.repr(), text.repr()),
            several => argument_list(several),
        };
        Str::from(alloc::format!("{}{}", self.0.kind.name, shown))
    }

    /// `repr(self)`.
    pub fn repr_text(&self) -> Str {
        let carried = self.0.carried.as_ref();
        carried.and_then(|carried| (carried.repr)(&carried.value)).unwrap_or_else(|| self.plain_repr())
    }
}

/// Arguments as a tuple shows them.
pub fn argument_list(arguments: &[Argument]) -> String {
    let mut out = String::from("(");
    for (index, argument) in arguments.iter().enumerate() {
        if index > 0 {
            out.push_str(", ");
        }
        out.push_str(&argument.repr());
    }
    out.push_str(if arguments.len() == 1 { ",)" } else { ")" });
    out
}

impl Exc {
    /// `self.args`.
    pub fn arguments(&self) -> Vec<Argument> {
        self.0.arguments.borrow().clone()
    }

    /// `self.args = arguments`.
    pub fn set_arguments(&self, arguments: Vec<Argument>) {
        self.0.arguments.replace(arguments);
    }

    /// One argument, when it is there and a `T`.
    pub fn argument_value<T: Clone + 'static>(&self, index: i64) -> Option<T> {
        let arguments = self.0.arguments.borrow();
        let index = usize::try_from(index).ok()?;
        arguments.get(index).and_then(|argument| argument.value.downcast_ref::<T>().cloned())
    }

    /// `str(self.args[index])`.
    pub fn argument_text(&self, index: i64) -> Option<Str> {
        let index = usize::try_from(index).ok()?;
        self.0.arguments.borrow().get(index).map(|argument| argument.text())
    }
}

impl Exc {
    /// `raise self from cause`.
    pub fn because(self, cause: Exc) -> Exc {
        self.0.cause.replace(Some(cause));
        self.0.hides_context.set(true);
        self
    }

    /// `raise self from None`.
    pub fn because_none(self) -> Exc {
        self.0.cause.replace(None);
        self.0.hides_context.set(true);
        self
    }

    /// Raised while `other` was handled.
    pub fn during(self, other: &Exc) -> Exc {
        if !self.same(other) && !other.reaches(&self) {
            self.0.context.replace(Some(other.clone()));
        }
        self
    }

    /// Raised, by an operation or somewhere below, while `other` was handled: it may know of another already.
    pub fn while_handling(self, other: &Exc) -> Exc {
        let knows = self.0.context.borrow().is_some();
        if knows {
            self
        } else {
            self.during(other)
        }
    }

    /// Whether `other` stands in the chain of contexts and causes, which must not become a ring.
    pub fn reaches(&self, other: &Exc) -> bool {
        let next = |link: &RefCell<Option<Exc>>| {
            link.borrow().as_ref().is_some_and(|linked| linked.same(other) || linked.reaches(other))
        };
        next(&self.0.context) || next(&self.0.cause)
    }

    /// `self.__cause__`.
    pub fn cause(&self) -> Option<Exc> {
        self.0.cause.borrow().clone()
    }

    /// `self.__context__`.
    pub fn context(&self) -> Option<Exc> {
        self.0.context.borrow().clone()
    }

    /// `self.__suppress_context__`.
    pub fn hides_context(&self) -> bool {
        self.0.hides_context.get()
    }

    /// `self.add_note(note)`.
    pub fn add_note(&self, note: Str) {
        self.0.notes.borrow_mut().push(note);
    }

    /// `self.__notes__`.
    pub fn notes(&self) -> Vec<Str> {
        self.0.notes.borrow().clone()
    }
}

impl Exc {
    /// `StopIteration(value)`.
    #[cold]
    pub fn stop<T: Object + 'static>(value: T) -> Exc {
        Exc::of(&STOP_ITERATION, vec![argument(value)])
    }

    /// `SystemExit(code)`.
    #[cold]
    pub fn exit<T: Object + 'static>(code: T) -> Exc {
        Exc::of(&SYSTEM_EXIT, vec![argument(code)])
    }

    /// `KeyError(key)`.
    #[cold]
    pub fn missing_key<T: Object + Clone + 'static>(key: &T) -> Exc {
        Exc::of(&KEY_ERROR, vec![argument(key.clone())])
    }
}

impl Object for Exc {
    fn write_repr(&self, out: &mut String) {
        out.push_str(&self.repr_text());
    }
    fn write_str(&self, out: &mut String) {
        out.push_str(&self.text());
    }
    fn equals(&self, other: &Self) -> bool {
        self.same(other)
    }
    fn hash(&self) -> u64 {
        crate::hash_identity(&*self.0)
    }
    fn type_name(&self) -> &'static str {
        self.0.kind.name
    }
}

impl Display for Exc {
    fn fmt(&self, formatter: &mut Formatter<'_>) -> core::fmt::Result {
        formatter.write_str(&self.text())
    }
}

impl Debug for Exc {
    fn fmt(&self, formatter: &mut Formatter<'_>) -> core::fmt::Result {
        formatter.write_str(&self.repr_text())
    }
}

/// What CPython writes for an exception that nothing catches, less its lists of lines.
pub fn traceback_text(exc: &Exc) -> String {
    let mut out = String::new();
    let hides = exc.0.hides_context.get();
    if let Some(cause) = exc.cause() {
        out.push_str(&traceback_text(&cause));
        out.push_str("\nThe above exception was the direct cause of the following exception:\n\n");
    } else if let Some(context) = exc.context().filter(|_| !hides) {
        out.push_str(&traceback_text(&context));
        out.push_str("\nDuring handling of the above exception, another exception occurred:\n\n");
    }
    out.push_str("Traceback (most recent call last):\n");
    let kind = exc.kind();
    if !kind.module.is_empty() {
        out.push_str(kind.module);
        out.push('.');
    }
    out.push_str(kind.name);
    let text = exc.text();
    if !text.is_empty() {
        out.push_str(": ");
        out.push_str(&text);
    }
    out.push('\n');
    for note in exc.notes() {
        out.push_str(&note);
        out.push('\n');
    }
    out
}

/// `ImportError`, for what a program imports and we lack.
#[cold]
pub fn import_error(text: impl Into<Str>) -> Exc {
    Exc::new(&IMPORT_ERROR, text)
}
