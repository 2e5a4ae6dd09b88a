//! `logging`: loggers, handlers of streams and files, and formats.
//!
//! `logging_get_logger(name: &str) -> Logger` ("" is the root), `logging_basic_config(LogConfig) -> Result<(), Exc>`;
//! `LogConfig::new()` has public fields `level: i64 format: Option<Str> datefmt: Option<Str> filename: Option<Str> filemode: Str
//! to_stdout force: bool`. `Logger::{log(level, &str), debug info warning error critical (&str) -> Result<(), Exc>,
//! exception(&str, &Exc), set_level(i64), level(), effective_level() -> i64, is_enabled_for(i64) -> bool, add_handler(&LogHandler),
//! name() -> Str, set_propagate(bool)}`; messages come with their arguments filled in. `LogHandler::{stream(to_stdout: bool),
//! file(&str, mode: &str) -> Result, set_level, set_formatter(&LogFormatter)}`.
//! Levels: `LOGGING_DEBUG` 10 and so on; `logging_level_name(i64) -> Str`.
//! Refused: `%(lineno)d` and its like (KeyError), filters, `extra`, dictConfig, other styles than `%`.

use crate::{
    open_file, platform, traceback_text, write_raw, DateTime, Exc, File, Single, Str, Stream, KEY_ERROR, VALUE_ERROR,
};
use alloc::format;
use alloc::rc::Rc;
use alloc::string::{String, ToString};
use alloc::vec;
use alloc::vec::Vec;
use core::cell::{Cell, RefCell};

/// `logging.DEBUG`.
pub const LOGGING_DEBUG: i64 = 10;
/// `logging.INFO`.
pub const LOGGING_INFO: i64 = 20;
/// `logging.WARNING`.
pub const LOGGING_WARNING: i64 = 30;
/// `logging.ERROR`.
pub const LOGGING_ERROR: i64 = 40;
/// `logging.CRITICAL`.
pub const LOGGING_CRITICAL: i64 = 50;

/// `logging.getLevelName`.
pub fn logging_level_name(level: i64) -> Str {
    match level {
        LOGGING_DEBUG => Str::literal("DEBUG"),
        LOGGING_INFO => Str::literal("INFO"),
        LOGGING_WARNING => Str::literal("WARNING"),
        LOGGING_ERROR => Str::literal("ERROR"),
        LOGGING_CRITICAL => Str::literal("CRITICAL"),
        0 => Str::literal("NOTSET"),
        other => Str::from(format!("Level {other}")),
    }
}

/// Where a handler writes.
#[derive(Clone)]
pub enum LogTarget {
    /// Standard output.
    Output,
    /// Standard error.
    Errors,
    /// A file.
    File(File),
}

/// What a handler holds.
pub struct LogHandlerBody {
    /// Where it writes.
    pub target: LogTarget,
    /// The least level it takes.
    pub level: Cell<i64>,
    /// How it writes.
    pub format: RefCell<LogFormatter>,
}

/// `logging.Formatter`: how a record is written, and its time.
pub type LogFormatter = (Str, Option<Str>);

/// A handler; a clone is the same one.
#[derive(Clone)]
pub struct LogHandler(pub Rc<LogHandlerBody>);

impl LogHandler {
    /// A handler of a target.
    pub fn to(target: LogTarget) -> LogHandler {
        let format = RefCell::new((Str::literal("%(message)s"), None));
        LogHandler(Rc::new(LogHandlerBody { target, level: Cell::new(0), format }))
    }

    /// `StreamHandler()` or `StreamHandler(sys.stdout)`.
    pub fn stream(to_stdout: bool) -> LogHandler {
        LogHandler::to(if to_stdout { LogTarget::Output } else { LogTarget::Errors })
    }

    /// `FileHandler(filename, mode)`.
    pub fn file(path: &str, mode: &str) -> Result<LogHandler, Exc> {
        Ok(LogHandler::to(LogTarget::File(open_file(path, mode)?)))
    }

    /// `handler.setLevel(level)`.
    pub fn set_level(&self, level: i64) {
        self.0.level.set(level);
    }

    /// `handler.setFormatter(Formatter(format, datefmt))`.
    pub fn set_formatter(&self, formatter: &LogFormatter) {
        self.0.format.replace(formatter.clone());
    }

    /// Write one record.
    pub fn emit(&self, record: &LogRecord<'_>) -> Result<(), Exc> {
        let (pattern, datefmt) = self.0.format.borrow().clone();
        let mut text = record.filled(&pattern, datefmt.as_deref())?;
        if let Some(exc) = record.exc {
            text.push('\n');
            text.push_str(traceback_text(exc).trim_end_matches('\n'));
        }
        text.push('\n');
        match &self.0.target {
            LogTarget::Output => write_raw(format_args!("{text}")),
            // What was printed may still wait, and CPython's would too.
            LogTarget::Errors => {
                let _ = platform().write(Stream::Errors, text.as_bytes());
            }
            LogTarget::File(file) => {
                file.write(&Str::from(text))?;
                file.flush()?;
            }
        }
        Ok(())
    }
}

/// One message.
pub struct LogRecord<'a> {
    /// The logger's name.
    pub name: &'a str,
    /// The level.
    pub level: i64,
    /// The message.
    pub message: &'a str,
    /// The exception that was handled.
    pub exc: Option<&'a Exc>,
    /// Nanoseconds since 1970.
    pub moment: i64,
}

impl LogRecord<'_> {
    /// An attribute as text; none for one that is not known here.
    pub fn attribute(&self, name: &str, datefmt: Option<&str>) -> Option<String> {
        let millis = self.moment.div_euclid(1_000_000).rem_euclid(1000);
        Some(match name {
            "name" => self.name.to_string(),
            "levelname" => logging_level_name(self.level).to_string(),
            "levelno" => format!("{}", self.level),
            "message" => self.message.to_string(),
            "msecs" => format!("{millis}"),
            "asctime" => {
                let local = DateTime::at(i128::from(self.moment.div_euclid(1000)), None).ok()?;
                match datefmt {
                    Some(datefmt) => local.strftime(datefmt).to_string(),
                    None => format!("{},{millis:03}", local.strftime("%Y-%m-%d %H:%M:%S")),
                }
            }
            _ => return None,
        })
    }

    /// A format with the record's attributes. Errors: KeyError for others.
    pub fn filled(&self, pattern: &str, datefmt: Option<&str>) -> Result<String, Exc> {
        let mut out = String::new();
        let mut rest = pattern;
        while let Some(place) = rest.find('%') {
            out.push_str(&rest[..place]);
            rest = &rest[place + 1..];
            if let Some(after) = rest.strip_prefix('%') {
                out.push('%');
                rest = after;
                continue;
            }
            let named = rest.strip_prefix('(').and_then(|rest| rest.split_once(')'));
            let Some((name, after)) = named else { return Err(Exc::new(&VALUE_ERROR, "unsupported format character")) };
            let Some(text) = self.attribute(name, datefmt) else {
                return Err(Exc::of(&KEY_ERROR, vec![crate::argument(Str::from(name))]));
            };
            let end = after.find(|c: char| c.is_ascii_alphabetic()).unwrap_or(0);
            let (shape, behind) = after.split_at(end);
            out.push_str(&log_padded(&text, shape));
            rest = behind.get(1..).unwrap_or("");
        }
        out.push_str(rest);
        Ok(out)
    }
}

/// A text as `%-8s` and its like pad it.
pub fn log_padded(text: &str, shape: &str) -> String {
    let left = shape.contains('-');
    let digits = shape.trim_start_matches(['-', ' ', '+']);
    let zeros = digits.starts_with('0');
    let (width, most) =
        digits.split_once('.').map_or((digits, None), |(width, most)| (width, most.parse::<usize>().ok()));
    let shown: String = text.chars().take(most.unwrap_or(usize::MAX)).collect();
    let missing = width.parse::<usize>().unwrap_or(0).saturating_sub(shown.chars().count());
    let filling = if zeros && !left { "0" } else { " " }.repeat(missing);
    if left {
        shown + &filling
    } else {
        filling + &shown
    }
}

/// What a logger holds.
pub struct LoggerBody {
    /// The name; that of the root is empty here.
    pub name: Str,
    /// The level; 0 where it has none of its own.
    pub level: Cell<i64>,
    /// The handlers.
    pub handlers: RefCell<Vec<LogHandler>>,
    /// Whether its parents' handlers write too.
    pub propagate: Cell<bool>,
}

/// A logger; a clone is the same one.
#[derive(Clone)]
pub struct Logger(pub Rc<LoggerBody>);

/// The loggers of the program.
pub static LOGGERS: Single<Vec<Logger>> = Single::new(Vec::new());

/// `logging.getLogger(name)`.
pub fn logging_get_logger(name: &str) -> Logger {
    let name = if name == "root" { "" } else { name };
    let mut all = LOGGERS.replace(Vec::new());
    let found = all.iter().find(|logger| logger.0.name == name).cloned();
    let logger = found.unwrap_or_else(|| {
        let level = Cell::new(if name.is_empty() { LOGGING_WARNING } else { 0 });
        let (handlers, propagate) = (RefCell::default(), Cell::new(true));
        let logger = Logger(Rc::new(LoggerBody { name: Str::from(name), level, handlers, propagate }));
        all.push(logger.clone());
        logger
    });
    LOGGERS.replace(all);
    logger
}

/// What `basicConfig` is called with.
pub struct LogConfig {
    /// `level`; 0 for none.
    pub level: i64,
    /// `format`.
    pub format: Option<Str>,
    /// `datefmt`.
    pub datefmt: Option<Str>,
    /// `filename`.
    pub filename: Option<Str>,
    /// `filemode`.
    pub filemode: Str,
    /// Whether `stream` is standard output.
    pub to_stdout: bool,
    /// `force`.
    pub force: bool,
}

impl LogConfig {
    /// Python's defaults.
    pub fn new() -> LogConfig {
        LogConfig {
            level: 0,
            format: None,
            datefmt: None,
            filename: None,
            filemode: Str::literal("a"),
            to_stdout: false,
            force: false,
        }
    }
}

impl Default for LogConfig {
    fn default() -> Self {
        LogConfig::new()
    }
}

/// `logging.basicConfig(...)`.
pub fn logging_basic_config(config: LogConfig) -> Result<(), Exc> {
    let root = logging_get_logger("");
    if config.force {
        root.0.handlers.borrow_mut().clear();
    }
    if !root.0.handlers.borrow().is_empty() {
        return Ok(());
    }
    let handler = match &config.filename {
        Some(filename) => LogHandler::file(filename, &config.filemode)?,
        None => LogHandler::stream(config.to_stdout),
    };
    let plain = Str::literal("%(levelname)s:%(name)s:%(message)s");
    handler.set_formatter(&(config.format.unwrap_or(plain), config.datefmt));
    root.add_handler(&handler);
    if config.level != 0 {
        root.set_level(config.level);
    }
    Ok(())
}

impl Logger {
    /// `logger.name`.
    pub fn name(&self) -> Str {
        if self.0.name.is_empty() {
            return Str::literal("root");
        }
        self.0.name.clone()
    }

    /// `logger.setLevel(level)`.
    pub fn set_level(&self, level: i64) {
        self.0.level.set(level);
    }

    /// `logger.level`.
    pub fn level(&self) -> i64 {
        self.0.level.get()
    }

    /// `logger.propagate = value`.
    pub fn set_propagate(&self, propagate: bool) {
        self.0.propagate.set(propagate);
    }

    /// `logger.addHandler(handler)`.
    pub fn add_handler(&self, handler: &LogHandler) {
        let mut handlers = self.0.handlers.borrow_mut();
        if !handlers.iter().any(|known| Rc::ptr_eq(&known.0, &handler.0)) {
            handlers.push(handler.clone());
        }
    }

    /// The logger above, if there is one: the nearest that exists, at last the root.
    pub fn parent(&self) -> Option<Logger> {
        if self.0.name.is_empty() {
            return None;
        }
        let all = LOGGERS.replace(Vec::new());
        let above = |logger: &&Logger| {
            let name = logger.0.name.as_str();
            !name.is_empty() && self.0.name.as_str().strip_prefix(name).is_some_and(|rest| rest.starts_with('.'))
        };
        let found = all.iter().filter(above).max_by_key(|logger| logger.0.name.as_str().len()).cloned();
        LOGGERS.replace(all);
        Some(found.unwrap_or_else(|| logging_get_logger("")))
    }

    /// `logger.getEffectiveLevel()`.
    pub fn effective_level(&self) -> i64 {
        if self.level() != 0 {
            return self.level();
        }
        self.parent().map_or(0, |parent| parent.effective_level())
    }

    /// `logger.isEnabledFor(level)`.
    pub fn is_enabled_for(&self, level: i64) -> bool {
        level >= self.effective_level()
    }

    /// Hand a message to the handlers, with the exception that is handled.
    pub fn write(&self, level: i64, message: &str, exc: Option<&Exc>) -> Result<(), Exc> {
        if !self.is_enabled_for(level) {
            return Ok(());
        }
        let name = self.name();
        let record = LogRecord { name: &name, level, message, exc, moment: platform().now() };
        let mut found = false;
        let mut logger = Some(self.clone());
        while let Some(this) = logger {
            for handler in this.0.handlers.borrow().iter() {
                found = true;
                if level >= handler.0.level.get() {
                    handler.emit(&record)?;
                }
            }
            logger = if this.0.propagate.get() { this.parent() } else { None };
        }
        // Without any handler, warnings go to standard error as they are.
        if !found && level >= LOGGING_WARNING {
            LogHandler::stream(false).emit(&record)?;
        }
        Ok(())
    }

    /// `logger.log(level, message)`.
    pub fn log(&self, level: i64, message: &str) -> Result<(), Exc> {
        self.write(level, message, None)
    }

    /// `logger.debug(message)`.
    pub fn debug(&self, message: &str) -> Result<(), Exc> {
        self.log(LOGGING_DEBUG, message)
    }

    /// `logger.info(message)`.
    pub fn info(&self, message: &str) -> Result<(), Exc> {
        self.log(LOGGING_INFO, message)
    }

    /// `logger.warning(message)`.
    pub fn warning(&self, message: &str) -> Result<(), Exc> {
        self.log(LOGGING_WARNING, message)
    }

    /// `logger.error(message)`.
    pub fn error(&self, message: &str) -> Result<(), Exc> {
        self.log(LOGGING_ERROR, message)
    }

    /// `logger.critical(message)`.
    pub fn critical(&self, message: &str) -> Result<(), Exc> {
        self.log(LOGGING_CRITICAL, message)
    }

    /// `logger.exception(message)` while an exception is handled; the lines of its traceback are not shown.
    pub fn exception(&self, message: &str, exc: &Exc) -> Result<(), Exc> {
        self.write(LOGGING_ERROR, message, Some(exc))
    }
}

/// The module's own functions (`logging.info` and its like): the root, with a handler.
pub fn logging_log(level: i64, message: &str) -> Result<(), Exc> {
    logging_basic_config(LogConfig::new())?;
    logging_get_logger("").log(level, message)
}

impl crate::Object for Logger {
    fn write_repr(&self, out: &mut String) {
        let kind = if self.0.name.is_empty() { "RootLogger" } else { "Logger" };
        out.push_str(&format!("<{kind} {} ({})>", self.name(), logging_level_name(self.effective_level())));
    }
    fn equals(&self, other: &Self) -> bool {
        Rc::ptr_eq(&self.0, &other.0)
    }
    fn hash(&self) -> u64 {
        crate::hash_identity(&*self.0)
    }
    fn type_name(&self) -> &'static str {
        "Logger"
    }
}
