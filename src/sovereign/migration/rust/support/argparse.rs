//! `argparse`: parsers, their arguments and the values that parsing gives, with CPython 3.11's texts and exit codes.
//!
//! `ArgumentParser::new(prog: &str, ParserOptions)`; `ParserOptions::new()` has public fields `usage description epilog:
//! Option<Str>`, `style: HelpStyle`, `add_help allow_abbrev exit_on_error: bool`, `argument_default: Option<ArgValue>`.
//! Methods: `add_argument(ArgSpec) -> Result<(), Exc>`, `add_argument_group(title, description: Option<Str>) ->
//! ArgumentGroup`, `add_mutually_exclusive_group(required) -> ExclusiveGroup`, `add_subparsers(SubparserOptions) ->
//! Result<Subparsers, Exc>`, `set_defaults(name, impl Into<ArgValue>)`, `get_default(name) -> ArgValue`, `parse_args(Option<
//! List<Str>>) -> Result<Namespace, Exc>`, `parse_known_args -> Result<(Namespace, List<Str>), Exc>`, `print_help()`,
//! `print_usage()`, `format_help() -> Str`, `format_usage() -> Str`, `error(&str) -> Exc`, `exit(status: i64, message: &str) ->
//! Exc` (both give the SystemExit to return), `prog() -> Str`. Groups have `add_argument`; `Subparsers::add_parser(name,
//! aliases: &[&str], help: Option<Str>, prog: Option<Str>, ParserOptions) -> Result<ArgumentParser, Exc>`.
//! `ArgSpec::new(&["-n", "--name"])` with `action(&str) int() float() boolean() converter(name, f) nargs(&str)
//! nargs_count(i64) constant(v) default(v) default_suppressed() choices(Vec<ArgValue>) required(bool) help(&str)
//! help_suppressed() metavar(&str) metavars(&[&str]) dest(&str) version(&str)`, each taking and giving the spec.
//! `Namespace::{get::<T: FromArg>(name) -> Result<T, Exc>, set(name, v), contains(name) -> bool, dict() -> Dict<Str, ArgValue>}`.
//! Refused: prefix characters other than `-`, `fromfile_prefix_chars`, `conflict_handler`, `parents`, `FileType`, own
//! actions, `parse_intermixed_args`. `argparse_help.rs` writes help, `argparse_read.rs` reads command lines.

use crate::{
    complain_text, write_raw, Dict, Exc, HelpFormatter, Int, Kind, List, Object, Ordered, Str, ATTRIBUTE_ERROR,
    EXCEPTION, OVERFLOW_ERROR, TYPE_ERROR, VALUE_ERROR,
};
use alloc::format;
use alloc::rc::Rc;
use alloc::string::String;
use alloc::vec::Vec;
use core::any::Any;
use core::cell::RefCell;
use core::cmp::Ordering;

/// `argparse.ArgumentError`.
pub static ARGUMENT_ERROR: Kind = Kind::within("argparse", "ArgumentError", &EXCEPTION);
/// `argparse.ArgumentTypeError`.
pub static ARGUMENT_TYPE_ERROR: Kind = Kind::within("argparse", "ArgumentTypeError", &EXCEPTION);

/// A value of an argument.
#[derive(Clone)]
pub enum ArgValue {
    /// `None`.
    None,
    /// A `bool`.
    Bool(bool),
    /// An `int`.
    Int(Int),
    /// A `float`.
    Float(f64),
    /// A `str`.
    Text(Str),
    /// A `list`.
    List(List<ArgValue>),
    /// Anything else, with its `str` and `repr`.
    Other(Rc<dyn Any>, Str, Str),
}

impl ArgValue {
    /// Any Python value.
    pub fn other<T: Object + 'static>(value: T) -> ArgValue {
        let (text, repr) = (crate::str_of(&value), crate::repr_of(&value));
        ArgValue::Other(Rc::new(value), text, repr)
    }

    /// A function, or what else has no `repr` of use.
    pub fn opaque<T: 'static>(value: T) -> ArgValue {
        ArgValue::Other(Rc::new(value), Str::literal("<function>"), Str::literal("<function>"))
    }

    /// Whether CPython would hold both in one object.
    pub fn is_same(&self, other: &ArgValue) -> bool {
        match (self, other) {
            (ArgValue::None, ArgValue::None) => true,
            (ArgValue::Bool(a), ArgValue::Bool(b)) => a == b,
            (ArgValue::Int(Int::Small(a)), ArgValue::Int(Int::Small(b))) => a == b && (-5..=256).contains(a),
            (ArgValue::Text(a), ArgValue::Text(b)) => a == b && a.len() < 2 && a.chars().all(|c| c < '\u{100}'),
            _ => false,
        }
    }
}

/// `ArgValue::from` of one type.
macro_rules! arg_from {
    ($type:ty, $value:ident => $made:expr) => {
        impl From<$type> for ArgValue {
            fn from($value: $type) -> ArgValue {
                $made
            }
        }
    };
}

arg_from!((), _nothing => ArgValue::None);
arg_from!(bool, value => ArgValue::Bool(value));
arg_from!(i64, value => ArgValue::Int(Int::Small(value)));
arg_from!(Int, value => ArgValue::Int(value));
arg_from!(f64, value => ArgValue::Float(value));
arg_from!(Str, value => ArgValue::Text(value));
arg_from!(&str, value => ArgValue::Text(Str::from(value)));

impl<T: Clone> From<List<T>> for ArgValue
where
    ArgValue: From<T>,
{
    fn from(value: List<T>) -> ArgValue {
        ArgValue::List(value.iter().map(ArgValue::from).collect())
    }
}

impl<T> From<Option<T>> for ArgValue
where
    ArgValue: From<T>,
{
    fn from(value: Option<T>) -> ArgValue {
        value.map_or(ArgValue::None, ArgValue::from)
    }
}

impl Object for ArgValue {
    fn write_repr(&self, out: &mut String) {
        match self {
            ArgValue::None => out.push_str("None"),
            ArgValue::Bool(value) => value.write_repr(out),
            ArgValue::Int(value) => value.write_repr(out),
            ArgValue::Float(value) => value.write_repr(out),
            ArgValue::Text(value) => value.write_repr(out),
            ArgValue::List(value) => value.write_repr(out),
            ArgValue::Other(_, _, repr) => out.push_str(repr),
        }
    }
    fn write_str(&self, out: &mut String) {
        match self {
            ArgValue::Text(value) => out.push_str(value),
            ArgValue::Other(_, text, _) => out.push_str(text),
            _ => self.write_repr(out),
        }
    }
    fn equals(&self, other: &Self) -> bool {
        match (self, other) {
            (ArgValue::None, ArgValue::None) => true,
            (ArgValue::Text(a), ArgValue::Text(b)) => a == b,
            (ArgValue::List(a), ArgValue::List(b)) => a.equals(b),
            (ArgValue::Other(a, _, x), ArgValue::Other(b, _, y)) => Rc::ptr_eq(a, b) || x == y,
            _ => self.compare(other) == Some(Ordering::Equal),
        }
    }
    fn hash(&self) -> u64 {
        match self {
            ArgValue::None | ArgValue::List(_) => 0,
            ArgValue::Bool(value) => value.hash(),
            ArgValue::Int(value) => value.hash(),
            ArgValue::Float(value) => value.hash(),
            ArgValue::Text(value) => value.hash(),
            ArgValue::Other(_, _, repr) => repr.hash(),
        }
    }
    fn truth(&self) -> bool {
        match self {
            ArgValue::None => false,
            ArgValue::Bool(value) => *value,
            ArgValue::Int(value) => value.truth(),
            ArgValue::Float(value) => value.truth(),
            ArgValue::Text(value) => !value.is_empty(),
            ArgValue::List(value) => !value.is_empty(),
            ArgValue::Other(..) => true,
        }
    }
    fn type_name(&self) -> &'static str {
        match self {
            ArgValue::None => "NoneType",
            ArgValue::Bool(_) => "bool",
            ArgValue::Int(_) => "int",
            ArgValue::Float(_) => "float",
            ArgValue::Text(_) => "str",
            ArgValue::List(_) => "list",
            ArgValue::Other(..) => "object",
        }
    }
}

impl Ordered for ArgValue {
    fn compare(&self, other: &Self) -> Option<Ordering> {
        let number = |value: &ArgValue| match value {
            ArgValue::Bool(value) => Some(ArgValue::Int(Int::from(*value))),
            ArgValue::Int(_) | ArgValue::Float(_) => Some(value.clone()),
            _ => None,
        };
        match (number(self)?, number(other)?) {
            (ArgValue::Int(a), ArgValue::Int(b)) => Some(a.cmp(&b)),
            (ArgValue::Float(a), ArgValue::Float(b)) => a.partial_cmp(&b),
            (ArgValue::Int(a), ArgValue::Float(b)) => a.partial_cmp(&b),
            (ArgValue::Float(a), ArgValue::Int(b)) => a.partial_cmp(&b),
            _ => None,
        }
    }
}

/// What `Namespace::get` gives.
pub trait FromArg: Sized {
    /// A typed value; none where the value is of another type.
    fn from_arg(value: &ArgValue) -> Option<Self>;
}

impl FromArg for ArgValue {
    fn from_arg(value: &ArgValue) -> Option<Self> {
        Some(value.clone())
    }
}

impl FromArg for bool {
    fn from_arg(value: &ArgValue) -> Option<Self> {
        match value {
            ArgValue::Bool(value) => Some(*value),
            _ => None,
        }
    }
}

impl FromArg for Int {
    fn from_arg(value: &ArgValue) -> Option<Self> {
        match value {
            ArgValue::Int(value) => Some(value.clone()),
            _ => None,
        }
    }
}

impl FromArg for i64 {
    fn from_arg(value: &ArgValue) -> Option<Self> {
        Int::from_arg(value).and_then(|value| value.to_i64())
    }
}

impl FromArg for f64 {
    fn from_arg(value: &ArgValue) -> Option<Self> {
        match value {
            ArgValue::Float(value) => Some(*value),
            // A default of `type=float` may be an int.
            ArgValue::Int(value) => Some(value.rounded()),
            _ => None,
        }
    }
}

impl FromArg for Str {
    fn from_arg(value: &ArgValue) -> Option<Self> {
        match value {
            ArgValue::Text(value) => Some(value.clone()),
            _ => None,
        }
    }
}

impl<T: FromArg> FromArg for Option<T> {
    fn from_arg(value: &ArgValue) -> Option<Self> {
        match value {
            ArgValue::None => Some(None),
            _ => T::from_arg(value).map(Some),
        }
    }
}

impl<T: FromArg> FromArg for List<T> {
    fn from_arg(value: &ArgValue) -> Option<Self> {
        match value {
            ArgValue::List(items) => {
                items.iter().map(|item| T::from_arg(&item)).collect::<Option<Vec<T>>>().map(List::from)
            }
            _ => None,
        }
    }
}

impl<T: 'static> FromArg for Rc<T> {
    fn from_arg(value: &ArgValue) -> Option<Self> {
        match value {
            ArgValue::Other(value, _, _) => Rc::clone(value).downcast::<T>().ok(),
            _ => None,
        }
    }
}

/// `argparse.Namespace`; a clone is the same one.
#[derive(Clone)]
pub struct Namespace(pub Dict<Str, ArgValue>);

impl Namespace {
    /// `Namespace()`.
    pub fn new() -> Namespace {
        Namespace(Dict::new())
    }

    /// `self.NAME`, as what its type is known to be.
    pub fn get<T: FromArg>(&self, name: &str) -> Result<T, Exc> {
        let Some(value) = self.0.get(&Str::from(name)) else {
            return Err(Exc::new(&ATTRIBUTE_ERROR, format!("'Namespace' object has no attribute '{name}'")));
        };
        T::from_arg(&value).ok_or_else(|| {
            if matches!(value, ArgValue::Int(_)) {
                return Exc::new(&OVERFLOW_ERROR, format!("argument {name} does not fit 64 bits"));
            }
            Exc::new(&TYPE_ERROR, format!("argument {name} holds a '{}' here", value.type_name()))
        })
    }

    /// `self.NAME` that is a function or another value without a form of its own.
    pub fn get_opaque<T: Clone + 'static>(&self, name: &str) -> Result<T, Exc> {
        match self.get::<ArgValue>(name)? {
            ArgValue::Other(value, _, _) => match value.downcast_ref::<T>() {
                Some(value) => Ok(value.clone()),
                None => Err(Exc::new(&TYPE_ERROR, format!("argument {name} is not of the type that is known of it"))),
            },
            other => Err(Exc::new(&TYPE_ERROR, format!("'{}' object is not callable", other.type_name()))),
        }
    }

    /// `self.NAME = value`.
    pub fn set(&self, name: &str, value: impl Into<ArgValue>) {
        self.0.set_item(Str::from(name), value.into());
    }

    /// `hasattr(self, name)`.
    pub fn contains(&self, name: &str) -> bool {
        self.0.contains(&Str::from(name))
    }

    /// `vars(self)`.
    pub fn dict(&self) -> Dict<Str, ArgValue> {
        self.0.clone()
    }
}

impl Default for Namespace {
    fn default() -> Self {
        Namespace::new()
    }
}

impl Object for Namespace {
    fn write_repr(&self, out: &mut String) {
        let named: Vec<String> = self
            .0
            .items()
            .filter(|(name, _)| name.isidentifier())
            .map(|(name, value)| format!("{name}={}", crate::repr(&value)))
            .collect();
        let others: Dict<Str, ArgValue> = self.0.items().filter(|(name, _)| !name.isidentifier()).collect();
        out.push_str("Namespace(");
        out.push_str(&named.join(", "));
        if !others.is_empty() {
            out.push_str(if named.is_empty() { "**" } else { ", **" });
            others.write_repr(out);
        }
        out.push(')');
    }
    fn equals(&self, other: &Self) -> bool {
        self.0.equals(&other.0)
    }
    fn hash(&self) -> u64 {
        self.0.id() as u64
    }
    fn type_name(&self) -> &'static str {
        "Namespace"
    }
}

/// What an argument does when it is met.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum ArgKind {
    /// Store a value.
    Store,
    /// Store the constant.
    StoreConst,
    /// Append a value.
    Append,
    /// Append the constant.
    AppendConst,
    /// Append several values.
    Extend,
    /// Count.
    Count,
    /// Store whether the option was the positive one.
    Boolean,
    /// Print help and end.
    Help,
    /// Print the version and end.
    Version,
    /// Go on with another parser.
    Parsers,
}

/// How many words an argument takes.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Nargs {
    /// None.
    Zero,
    /// One, and its value stands alone.
    One,
    /// `?`.
    Optional,
    /// `*`.
    Any,
    /// `+`.
    Several,
    /// So many.
    Count(i64),
    /// All that are left.
    Remainder,
    /// A parser's name and all that are left.
    Parser,
}

/// What words become.
#[derive(Clone)]
pub enum ArgType {
    /// `str`, or no type at all.
    Text,
    /// `int`.
    Int,
    /// `float`.
    Float,
    /// `bool`, which is true for every word but the empty one.
    Bool,
    /// A function, with its name.
    Call(Str, ArgConverter),
}

/// A function that makes a value of a word.
pub type ArgConverter = Rc<dyn Fn(&Str) -> Result<ArgValue, Exc>>;

/// The help of an argument.
#[derive(Clone, PartialEq)]
pub enum ArgHelp {
    /// None was given.
    Missing,
    /// The argument is hidden.
    Suppressed,
    /// A text.
    Text(Str),
}

/// An argument before it is added.
#[derive(Clone)]
pub struct ArgSpec {
    /// Names.
    pub names: Vec<Str>,
    /// `action`.
    pub kind: ArgKind,
    /// `nargs`.
    pub nargs: Nargs,
    /// `const`.
    pub constant: ArgValue,
    /// `default`: not given, suppressed, or a value.
    pub default: Option<Option<ArgValue>>,
    /// `type`.
    pub convert: ArgType,
    /// `choices`.
    pub choices: Option<Vec<ArgValue>>,
    /// `required`.
    pub required: bool,
    /// `help`.
    pub help: ArgHelp,
    /// `metavar`: one, or a tuple.
    pub metavar: Option<Vec<Str>>,
    /// `dest`.
    pub dest: Option<Str>,
    /// `version`.
    pub version: Option<Str>,
}

impl ArgSpec {
    /// An argument with these names, or with one that has no hyphen.
    pub fn new(names: &[&str]) -> ArgSpec {
        ArgSpec {
            names: names.iter().map(|name| Str::from(*name)).collect(),
            kind: ArgKind::Store,
            nargs: Nargs::One,
            constant: ArgValue::None,
            default: None,
            convert: ArgType::Text,
            choices: None,
            required: false,
            help: ArgHelp::Missing,
            metavar: None,
            dest: None,
            version: None,
        }
    }

    /// `action=name`.
    pub fn action(mut self, name: &str) -> ArgSpec {
        let (kind, constant, default) = match name {
            "store_const" => (ArgKind::StoreConst, None, None),
            "store_true" => (ArgKind::StoreConst, Some(true), Some(false)),
            "store_false" => (ArgKind::StoreConst, Some(false), Some(true)),
            "append" => (ArgKind::Append, None, None),
            "append_const" => (ArgKind::AppendConst, None, None),
            "extend" => (ArgKind::Extend, None, None),
            "count" => (ArgKind::Count, None, None),
            "BooleanOptionalAction" => (ArgKind::Boolean, None, None),
            "help" => (ArgKind::Help, None, None),
            "version" => (ArgKind::Version, None, None),
            _ => (ArgKind::Store, None, None),
        };
        self.kind = kind;
        if let Some(constant) = constant {
            self.constant = ArgValue::Bool(constant);
        }
        if let (Some(default), None) = (default, &self.default) {
            self.default = Some(Some(ArgValue::Bool(default)));
        }
        if !matches!(kind, ArgKind::Store | ArgKind::Append | ArgKind::Extend) {
            self.nargs = Nargs::Zero;
        }
        if matches!(kind, ArgKind::Help | ArgKind::Version) {
            self.default = Some(None);
        }
        if kind == ArgKind::Version && self.help == ArgHelp::Missing {
            self.help = ArgHelp::Text(Str::literal("show program's version number and exit"));
        }
        self
    }

    /// `type=int`.
    pub fn int(mut self) -> ArgSpec {
        self.convert = ArgType::Int;
        self
    }

    /// `type=float`.
    pub fn float(mut self) -> ArgSpec {
        self.convert = ArgType::Float;
        self
    }

    /// `type=bool`.
    pub fn boolean(mut self) -> ArgSpec {
        self.convert = ArgType::Bool;
        self
    }

    /// `type=function`.
    pub fn converter(mut self, name: &str, function: impl Fn(&Str) -> Result<ArgValue, Exc> + 'static) -> ArgSpec {
        self.convert = ArgType::Call(Str::from(name), Rc::new(function));
        self
    }

    /// `nargs="?"` and its like.
    pub fn nargs(mut self, sign: &str) -> ArgSpec {
        self.nargs = match sign {
            "?" => Nargs::Optional,
            "*" => Nargs::Any,
            "+" => Nargs::Several,
            "..." => Nargs::Remainder,
            _ => Nargs::One,
        };
        self
    }

    /// `nargs=count`.
    pub fn nargs_count(mut self, count: i64) -> ArgSpec {
        self.nargs = Nargs::Count(count);
        self
    }

    /// `const=value`.
    pub fn constant(mut self, value: impl Into<ArgValue>) -> ArgSpec {
        self.constant = value.into();
        self
    }

    /// `default=value`.
    pub fn default(mut self, value: impl Into<ArgValue>) -> ArgSpec {
        self.default = Some(Some(value.into()));
        self
    }

    /// `default=argparse.SUPPRESS`.
    pub fn default_suppressed(mut self) -> ArgSpec {
        self.default = Some(None);
        self
    }

    /// `choices=values`.
    pub fn choices(mut self, values: Vec<ArgValue>) -> ArgSpec {
        self.choices = Some(values);
        self
    }

    /// `required=value`.
    pub fn required(mut self, required: bool) -> ArgSpec {
        self.required = required;
        self
    }

    /// `help=text`.
    pub fn help(mut self, text: &str) -> ArgSpec {
        self.help = ArgHelp::Text(Str::from(text));
        self
    }

    /// `help=argparse.SUPPRESS`.
    pub fn help_suppressed(mut self) -> ArgSpec {
        self.help = ArgHelp::Suppressed;
        self
    }

    /// `metavar=name`.
    pub fn metavar(mut self, name: &str) -> ArgSpec {
        self.metavar = Some(Vec::from([Str::from(name)]));
        self
    }

    /// `metavar=(name, ...)`, of two or more.
    pub fn metavars(mut self, names: &[&str]) -> ArgSpec {
        self.metavar = Some(names.iter().map(|name| Str::from(*name)).collect());
        self
    }

    /// `dest=name`.
    pub fn dest(mut self, name: &str) -> ArgSpec {
        self.dest = Some(Str::from(name));
        self
    }

    /// `version=text`.
    pub fn version(mut self, text: &str) -> ArgSpec {
        self.version = Some(Str::from(text));
        self
    }
}

/// An argument of a parser.
pub struct ArgAction {
    /// What it does.
    pub kind: ArgKind,
    /// Its option strings; none for a positional.
    pub options: Vec<Str>,
    /// The attribute it sets; none where it sets none.
    pub dest: Option<Str>,
    /// How many words it takes.
    pub nargs: Nargs,
    /// The constant.
    pub constant: ArgValue,
    /// The default; none where it is suppressed.
    pub default: RefCell<Option<ArgValue>>,
    /// What words become.
    pub convert: ArgType,
    /// What is allowed.
    pub choices: Option<Vec<ArgValue>>,
    /// Whether it must be there.
    pub required: bool,
    /// The help.
    pub help: ArgHelp,
    /// The name in help.
    pub metavar: Option<Vec<Str>>,
    /// The version.
    pub version: Option<Str>,
    /// The parsers it goes on with.
    pub parsers: Option<SubparsersBody>,
}

/// The parsers behind an argument.
pub struct SubparsersBody {
    /// What the names of the parsers begin with.
    pub prog: Str,
    /// Parsers by name.
    pub parsers: RefCell<Vec<(Str, ArgumentParser)>>,
    /// The names that help shows.
    pub shown: RefCell<Vec<Rc<ArgAction>>>,
}

impl ArgAction {
    /// The name in errors.
    pub fn error_name(&self) -> Option<String> {
        if !self.options.is_empty() {
            return Some(self.options.iter().map(Str::as_str).collect::<Vec<_>>().join("/"));
        }
        match (&self.metavar, &self.dest) {
            (Some(names), _) if names.len() == 1 => Some(String::from(names[0].as_str())),
            (Some(names), _) => {
                let quoted: Vec<String> = names.iter().map(|name| format!("{}", crate::repr(name))).collect();
                Some(format!("({})", quoted.join(", ")))
            }
            (None, Some(dest)) => Some(String::from(dest.as_str())),
            (None, None) => self.choice_texts().map(|choices| format!("{{{}}}", choices.join(","))),
        }
    }

    /// The choices as text.
    pub fn choice_texts(&self) -> Option<Vec<String>> {
        if let Some(parsers) = &self.parsers {
            return Some(parsers.parsers.borrow().iter().map(|(name, _)| String::from(name.as_str())).collect());
        }
        let choices = self.choices.as_ref()?;
        Some(choices.iter().map(|choice| format!("{}", crate::show(choice))).collect())
    }

    /// The choices as `repr` shows them.
    pub fn choice_reprs(&self) -> Option<Vec<String>> {
        if let Some(parsers) = &self.parsers {
            return Some(parsers.parsers.borrow().iter().map(|(name, _)| format!("{}", crate::repr(name))).collect());
        }
        let choices = self.choices.as_ref()?;
        Some(choices.iter().map(|choice| format!("{}", crate::repr(choice))).collect())
    }

    /// The error of this argument.
    pub fn failure(&self, message: &str) -> ArgFailure {
        ArgFailure::Argument(match self.error_name() {
            Some(name) => format!("argument {name}: {message}"),
            None => String::from(message),
        })
    }

    /// Whether help hides it.
    pub fn is_hidden(&self) -> bool {
        self.help == ArgHelp::Suppressed
    }
}

/// Why a command line was not read.
pub enum ArgFailure {
    /// An argument is wrong: the text of the `ArgumentError`.
    Argument(String),
    /// Something was raised.
    Raised(Exc),
}

impl From<Exc> for ArgFailure {
    fn from(exc: Exc) -> ArgFailure {
        ArgFailure::Raised(exc)
    }
}

/// How help is written: what the formatter class is.
#[derive(Clone, Copy)]
pub struct HelpStyle {
    /// Whether descriptions keep their lines.
    pub raw_description: bool,
    /// Whether all texts keep their lines.
    pub raw_text: bool,
    /// Whether defaults are shown.
    pub show_defaults: bool,
    /// Whether types are the names of arguments.
    pub metavar_type: bool,
    /// Where the help of arguments begins at most.
    pub max_help_position: i64,
    /// The width of lines; none for that of the terminal.
    pub width: Option<i64>,
}

impl HelpStyle {
    /// `argparse.HelpFormatter`.
    pub fn new() -> HelpStyle {
        HelpStyle {
            raw_description: false,
            raw_text: false,
            show_defaults: false,
            metavar_type: false,
            max_help_position: 24,
            width: None,
        }
    }
}

impl Default for HelpStyle {
    fn default() -> Self {
        HelpStyle::new()
    }
}

/// What a parser is made with.
#[derive(Clone)]
pub struct ParserOptions {
    /// `usage`.
    pub usage: Option<Str>,
    /// `description`.
    pub description: Option<Str>,
    /// `epilog`.
    pub epilog: Option<Str>,
    /// `formatter_class`.
    pub style: HelpStyle,
    /// `add_help`.
    pub add_help: bool,
    /// `allow_abbrev`.
    pub allow_abbrev: bool,
    /// `exit_on_error`.
    pub exit_on_error: bool,
    /// `argument_default`: not given, suppressed, or a value.
    pub argument_default: Option<Option<ArgValue>>,
}

impl ParserOptions {
    /// Python's defaults.
    pub fn new() -> ParserOptions {
        ParserOptions {
            usage: None,
            description: None,
            epilog: None,
            style: HelpStyle::new(),
            add_help: true,
            allow_abbrev: true,
            exit_on_error: true,
            argument_default: None,
        }
    }
}

impl Default for ParserOptions {
    fn default() -> Self {
        ParserOptions::new()
    }
}

/// Arguments that help shows together.
pub struct GroupBody {
    /// The title.
    pub title: Option<Str>,
    /// The description.
    pub description: Option<Str>,
    /// The arguments.
    pub actions: RefCell<Vec<Rc<ArgAction>>>,
}

/// Arguments of which one may be given.
pub struct ExclusiveBody {
    /// Whether one must be.
    pub required: bool,
    /// The arguments.
    pub actions: RefCell<Vec<Rc<ArgAction>>>,
}

/// What a parser holds.
pub struct ParserBody {
    /// The name of the program.
    pub prog: Str,
    /// What it was made with.
    pub options: ParserOptions,
    /// All arguments.
    pub actions: RefCell<Vec<Rc<ArgAction>>>,
    /// Groups, those of positionals and of options first.
    pub groups: RefCell<Vec<Rc<GroupBody>>>,
    /// Groups of which one argument may be given.
    pub exclusives: RefCell<Vec<Rc<ExclusiveBody>>>,
    /// Defaults of attributes.
    pub defaults: Dict<Str, ArgValue>,
}

/// `argparse.ArgumentParser`; a clone is the same one.
#[derive(Clone)]
pub struct ArgumentParser(pub Rc<ParserBody>);

impl ArgumentParser {
    /// `ArgumentParser(prog=prog, ...)`; where a program gives none, the name of its file.
    pub fn new(prog: &str, options: ParserOptions) -> ArgumentParser {
        let group = |title: &'static str| {
            let (title, actions) = (Some(Str::literal(title)), RefCell::default());
            Rc::new(GroupBody { title, description: None, actions })
        };
        let parser = ArgumentParser(Rc::new(ParserBody {
            prog: Str::from(prog),
            options,
            actions: RefCell::default(),
            groups: RefCell::new(Vec::from([group("positional arguments"), group("options")])),
            exclusives: RefCell::default(),
            defaults: Dict::new(),
        }));
        if parser.0.options.add_help {
            let help = ArgSpec::new(&["-h", "--help"]).action("help").help("show this help message and exit");
            // The first arguments are in nobody's way.
            let _ = parser.add_argument(help);
        }
        parser
    }

    /// `parser.prog`.
    pub fn prog(&self) -> Str {
        self.0.prog.clone()
    }

    /// `parser.add_argument(...)`.
    pub fn add_argument(&self, spec: ArgSpec) -> Result<(), Exc> {
        let action = self.action_of(spec)?;
        self.add_action(&action, None)
    }

    /// The argument that a spec means.
    pub fn action_of(&self, spec: ArgSpec) -> Result<Rc<ArgAction>, Exc> {
        let is_positional = spec.names.first().is_none_or(|name| !name.starts_with('-'));
        let mut options = if is_positional { Vec::new() } else { spec.names.clone() };
        let dest = match (&spec.dest, is_positional) {
            (Some(dest), _) => Some(dest.clone()),
            (None, true) => spec.names.first().cloned(),
            (None, false) => {
                let long = spec.names.iter().find(|name| name.starts_with("--") && name.len() > 2);
                let name = long.or(spec.names.first()).map_or("", Str::as_str);
                Some(Str::from(name.trim_start_matches('-').replace('-', "_")))
            }
        };
        let is_bare = matches!(spec.kind, ArgKind::Help | ArgKind::Version) && spec.dest.is_none();
        let dest = dest.filter(|_| !is_bare);
        let required = match spec.nargs {
            Nargs::Optional => false,
            Nargs::Any => spec.default.is_none(),
            _ => true,
        };
        let required = if is_positional { required } else { spec.required };
        let known = dest.as_ref().and_then(|dest| self.0.defaults.get(dest));
        let fallback = || known.map(Some).or_else(|| self.0.options.argument_default.clone());
        let default = spec.default.or_else(fallback).unwrap_or(Some(ArgValue::None));
        if spec.kind == ArgKind::Boolean {
            let both = |name: &Str| match name.strip_prefix("--") {
                Some(rest) => Vec::from([name.clone(), Str::from(format!("--no-{rest}"))]),
                None => Vec::from([name.clone()]),
            };
            options = options.iter().flat_map(both).collect();
        }
        self.check(spec.kind, spec.nargs, &spec.constant)?;
        Ok(Rc::new(ArgAction {
            kind: spec.kind,
            options,
            dest,
            nargs: spec.nargs,
            constant: spec.constant,
            default: RefCell::new(default),
            convert: spec.convert,
            choices: spec.choices,
            required,
            help: spec.help,
            metavar: spec.metavar,
            version: spec.version,
            parsers: None,
        }))
    }

    /// What no argument may be.
    pub fn check(&self, kind: ArgKind, nargs: Nargs, constant: &ArgValue) -> Result<(), Exc> {
        let takes = matches!(kind, ArgKind::Store | ArgKind::Append | ArgKind::Extend);
        if takes && nargs == Nargs::Count(0) {
            let text = if kind == ArgKind::Store {
                "nargs for store actions must be != 0; if you have nothing to store, actions such as store true or store \
                 const may be more appropriate"
            } else {
                "nargs for append actions must be != 0; if arg strings are not supplying the value to append, the append \
                 const action may be more appropriate"
            };
            return Err(Exc::new(&VALUE_ERROR, text));
        }
        if takes && !matches!(constant, ArgValue::None) && nargs != Nargs::Optional {
            return Err(Exc::new(&VALUE_ERROR, "nargs must be '?' to supply const"));
        }
        Ok(())
    }

    /// Add an argument to a group, or to that of its kind. Errors: `ArgumentError` for an option that is there already.
    pub fn add_action(&self, action: &Rc<ArgAction>, group: Option<&Rc<GroupBody>>) -> Result<(), Exc> {
        let taken: Vec<String> = action
            .options
            .iter()
            .filter(|option| self.option(option).is_some())
            .map(|option| String::from(option.as_str()))
            .collect();
        if !taken.is_empty() {
            let many = if taken.len() > 1 { "s" } else { "" };
            let failure = action.failure(&format!("conflicting option string{many}: {}", taken.join(", ")));
            return Err(self.raised(failure));
        }
        self.0.actions.borrow_mut().push(Rc::clone(action));
        let own = || Rc::clone(&self.0.groups.borrow()[usize::from(!action.options.is_empty())]);
        let group = group.map_or_else(own, Rc::clone);
        group.actions.borrow_mut().push(Rc::clone(action));
        Ok(())
    }

    /// The exception of a failure.
    pub fn raised(&self, failure: ArgFailure) -> Exc {
        match failure {
            ArgFailure::Argument(text) => Exc::new(&ARGUMENT_ERROR, text),
            ArgFailure::Raised(exc) => exc,
        }
    }

    /// The argument of an option string.
    pub fn option(&self, name: &str) -> Option<Rc<ArgAction>> {
        let actions = self.0.actions.borrow();
        actions.iter().find(|action| action.options.iter().any(|option| option == name)).cloned()
    }
}

impl ArgumentParser {
    /// `parser.add_argument_group(title, description)`.
    pub fn add_argument_group(&self, title: Option<Str>, description: Option<Str>) -> ArgumentGroup {
        let group = Rc::new(GroupBody { title, description, actions: RefCell::default() });
        self.0.groups.borrow_mut().push(Rc::clone(&group));
        ArgumentGroup { parser: self.clone(), group }
    }

    /// `parser.add_mutually_exclusive_group(required=required)`.
    pub fn add_mutually_exclusive_group(&self, required: bool) -> ExclusiveGroup {
        self.exclusive(required, None)
    }

    /// A group of which one argument may be given, shown in another group.
    pub fn exclusive(&self, required: bool, group: Option<Rc<GroupBody>>) -> ExclusiveGroup {
        let body = Rc::new(ExclusiveBody { required, actions: RefCell::default() });
        self.0.exclusives.borrow_mut().push(Rc::clone(&body));
        ExclusiveGroup { parser: self.clone(), group, body }
    }

    /// `parser.add_subparsers(...)`.
    pub fn add_subparsers(&self, options: SubparserOptions) -> Result<Subparsers, Exc> {
        if self.0.actions.borrow().iter().any(|action| action.kind == ArgKind::Parsers) {
            return Err(self.error("cannot have multiple subparser arguments"));
        }
        let mut group = None;
        if options.title.is_some() || options.description.is_some() {
            let title = options.title.unwrap_or(Str::literal("subcommands"));
            group = Some(self.add_argument_group(Some(title), options.description).group);
        }
        let prog = options.prog.unwrap_or_else(|| HelpFormatter::new(self).subparser_prog());
        let (parsers, shown) = (RefCell::default(), RefCell::default());
        let action = Rc::new(ArgAction {
            kind: ArgKind::Parsers,
            options: Vec::new(),
            dest: options.dest,
            nargs: Nargs::Parser,
            constant: ArgValue::None,
            default: RefCell::new(Some(ArgValue::None)),
            convert: ArgType::Text,
            choices: None,
            required: options.required,
            help: options.help,
            metavar: options.metavar.map(|name| Vec::from([name])),
            version: None,
            parsers: Some(SubparsersBody { prog, parsers, shown }),
        });
        self.add_action(&action, group.as_ref())?;
        Ok(Subparsers { action })
    }

    /// `parser.set_defaults(name=value)`.
    pub fn set_defaults(&self, name: &str, value: impl Into<ArgValue>) {
        let value = value.into();
        for action in self.0.actions.borrow().iter() {
            if action.dest.as_deref() == Some(name) {
                action.default.replace(Some(value.clone()));
            }
        }
        self.0.defaults.set_item(Str::from(name), value);
    }

    /// `parser.get_default(name)`.
    pub fn get_default(&self, name: &str) -> ArgValue {
        for action in self.0.actions.borrow().iter() {
            match &*action.default.borrow() {
                Some(default) if action.dest.as_deref() == Some(name) && !matches!(default, ArgValue::None) => {
                    return default.clone();
                }
                _ => {}
            }
        }
        self.0.defaults.get_or(&Str::from(name), ArgValue::None)
    }
}

impl ArgumentParser {
    /// `parser.format_help()`.
    pub fn format_help(&self) -> Result<Str, Exc> {
        HelpFormatter::new(self).help()
    }

    /// `parser.format_usage()`.
    pub fn format_usage(&self) -> Result<Str, Exc> {
        HelpFormatter::new(self).usage_alone()
    }

    /// `parser.print_help()`.
    pub fn print_help(&self) -> Result<(), Exc> {
        write_raw(format_args!("{}", self.format_help()?));
        Ok(())
    }

    /// `parser.print_usage()`.
    pub fn print_usage(&self) -> Result<(), Exc> {
        write_raw(format_args!("{}", self.format_usage()?));
        Ok(())
    }

    /// `parser.exit(status, message)`; gives what it raises.
    pub fn exit(&self, status: i64, message: &str) -> Exc {
        if !message.is_empty() {
            complain_text(format_args!("{message}"));
        }
        Exc::exit(status)
    }

    /// `parser.error(message)`; gives what it raises.
    pub fn error(&self, message: &str) -> Exc {
        match self.format_usage() {
            Ok(usage) => complain_text(format_args!("{usage}")),
            Err(exc) => return exc,
        }
        self.exit(2, &format!("{}: error: {message}\n", self.0.prog))
    }
}

/// What `add_argument_group` gives.
#[derive(Clone)]
pub struct ArgumentGroup {
    /// The parser.
    pub parser: ArgumentParser,
    /// The group.
    pub group: Rc<GroupBody>,
}

impl ArgumentGroup {
    /// `group.add_argument(...)`.
    pub fn add_argument(&self, spec: ArgSpec) -> Result<(), Exc> {
        let action = self.parser.action_of(spec)?;
        self.parser.add_action(&action, Some(&self.group))
    }

    /// `group.add_mutually_exclusive_group(required=required)`.
    pub fn add_mutually_exclusive_group(&self, required: bool) -> ExclusiveGroup {
        self.parser.exclusive(required, Some(Rc::clone(&self.group)))
    }
}

/// What `add_mutually_exclusive_group` gives.
#[derive(Clone)]
pub struct ExclusiveGroup {
    /// The parser.
    pub parser: ArgumentParser,
    /// The group that shows the arguments, if not those of the parser.
    pub group: Option<Rc<GroupBody>>,
    /// The arguments.
    pub body: Rc<ExclusiveBody>,
}

impl ExclusiveGroup {
    /// `group.add_argument(...)`.
    pub fn add_argument(&self, spec: ArgSpec) -> Result<(), Exc> {
        let action = self.parser.action_of(spec)?;
        if action.required {
            return Err(Exc::new(&VALUE_ERROR, "mutually exclusive arguments must be optional"));
        }
        self.parser.add_action(&action, self.group.as_ref())?;
        self.body.actions.borrow_mut().push(action);
        Ok(())
    }
}

/// What `add_subparsers` is called with.
pub struct SubparserOptions {
    /// `title`.
    pub title: Option<Str>,
    /// `description`.
    pub description: Option<Str>,
    /// `prog`.
    pub prog: Option<Str>,
    /// `dest`.
    pub dest: Option<Str>,
    /// `required`.
    pub required: bool,
    /// `help`.
    pub help: ArgHelp,
    /// `metavar`.
    pub metavar: Option<Str>,
}

impl SubparserOptions {
    /// Python's defaults.
    pub fn new() -> SubparserOptions {
        SubparserOptions {
            title: None,
            description: None,
            prog: None,
            dest: None,
            required: false,
            help: ArgHelp::Missing,
            metavar: None,
        }
    }
}

impl Default for SubparserOptions {
    fn default() -> Self {
        SubparserOptions::new()
    }
}

/// What `add_subparsers` gives.
#[derive(Clone)]
pub struct Subparsers {
    /// The argument.
    pub action: Rc<ArgAction>,
}

impl Subparsers {
    /// `subparsers.add_parser(name, aliases=aliases, help=help, prog=prog, ...)`.
    pub fn add_parser(
        &self,
        name: &str,
        aliases: &[&str],
        help: Option<Str>,
        prog: Option<Str>,
        options: ParserOptions,
    ) -> Result<ArgumentParser, Exc> {
        let Some(body) = &self.action.parsers else {
            return Err(Exc::new(&VALUE_ERROR, "no parsers"));
        };
        for (known, what) in
            [(name, "subparser")].into_iter().chain(aliases.iter().map(|alias| (*alias, "subparser alias")))
        {
            if body.parsers.borrow().iter().any(|(other, _)| other == known) {
                let failure = self.action.failure(&format!("conflicting {what}: {known}"));
                return Err(match failure {
                    ArgFailure::Argument(text) => Exc::new(&ARGUMENT_ERROR, text),
                    ArgFailure::Raised(exc) => exc,
                });
            }
        }
        let prog = prog.unwrap_or_else(|| Str::from(format!("{} {name}", body.prog)));
        let parser = ArgumentParser::new(&prog, options);
        if let Some(help) = help {
            let shown =
                if aliases.is_empty() { String::from(name) } else { format!("{name} ({})", aliases.join(", ")) };
            let spec = ArgSpec::new(&[name]).metavar(&shown).help(&help);
            body.shown.borrow_mut().push(parser.action_of(spec)?);
        }
        let mut parsers = body.parsers.borrow_mut();
        parsers.extend([name].iter().chain(aliases).map(|name| (Str::from(*name), parser.clone())));
        Ok(parser)
    }
}
