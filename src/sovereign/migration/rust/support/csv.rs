//! `csv`: rows out of lines and lines out of rows.
//!
//! `CsvDialect::excel()` (also `excel_tab`, `unix`) with public fields of Python's names.
//! `CsvReader::new(lines: Iter<Str>, CsvDialect)`; `row() -> Result<Option<List<Str>>, Exc>`, `rows() -> Iter<List<Str>>`,
//! `line_num() -> i64`. `CsvDictReader::new(lines, fieldnames: Option<List<Str>>, CsvDialect)`; `rows() -> Iter<Dict<Str, Str>>`,
//! `rows_optional() -> Iter<Dict<Str, Option<Str>>>` (short rows hold None), `fieldnames() -> Result<Option<List<Str>>, Exc>`.
//! `CsvWriter::new(write: impl Fn(&Str) -> Result<i64, Exc>, CsvDialect)`, `CsvWriter::to_file(&File, CsvDialect)`;
//! `writerow(&impl CsvRow) -> Result<i64, Exc>`, `writerows(IntoIterator)`. `CsvDictWriter::new(CsvWriter, fieldnames: List<Str>,
//! restval: Str, ignore_extras: bool)`; `writeheader()`, `writerow(&Dict<Str, V>)`, `writerows`.
//! Cells (`CsvField`) are `Str i64 Int f64 bool () Option`; rows are lists, `Vec`, `Seq` and tuples of them.
//! Refused: `QUOTE_NONNUMERIC` in readers, `restkey` (rows longer than the names raise a clear error), `Sniffer`, `register_dialect`.

use crate::{
    repr, str_of, write_raw, Dict, Exc, File, Int, Iter, Kind, List, Seq, Str, EXCEPTION, TYPE_ERROR, VALUE_ERROR,
};
use alloc::format;
use alloc::rc::Rc;
use alloc::string::String;
use alloc::vec;
use alloc::vec::Vec;
use core::cell::{Cell, RefCell};

/// `csv.Error`.
pub static CSV_ERROR: Kind = Kind::within("_csv", "Error", &EXCEPTION);
/// `csv.QUOTE_MINIMAL`.
pub const CSV_QUOTE_MINIMAL: i64 = 0;
/// `csv.QUOTE_ALL`.
pub const CSV_QUOTE_ALL: i64 = 1;
/// `csv.QUOTE_NONNUMERIC`.
pub const CSV_QUOTE_NONNUMERIC: i64 = 2;
/// `csv.QUOTE_NONE`.
pub const CSV_QUOTE_NONE: i64 = 3;

/// How rows are written.
#[derive(Clone)]
pub struct CsvDialect {
    /// What stands between fields.
    pub delimiter: char,
    /// What stands around fields.
    pub quotechar: Option<char>,
    /// What stands before a character that is meant as it is.
    pub escapechar: Option<char>,
    /// Whether a quote within quotes is doubled.
    pub doublequote: bool,
    /// Whether spaces behind a delimiter go.
    pub skipinitialspace: bool,
    /// What ends a row.
    pub lineterminator: Str,
    /// Which fields are quoted.
    pub quoting: i64,
    /// Whether bad input is an error.
    pub strict: bool,
}

impl CsvDialect {
    /// `excel`, the default.
    pub fn excel() -> CsvDialect {
        CsvDialect {
            delimiter: ',',
            quotechar: Some('"'),
            escapechar: None,
            doublequote: true,
            skipinitialspace: false,
            lineterminator: Str::literal("\r\n"),
            quoting: CSV_QUOTE_MINIMAL,
            strict: false,
        }
    }

    /// `excel-tab`.
    pub fn excel_tab() -> CsvDialect {
        CsvDialect { delimiter: '\t', ..CsvDialect::excel() }
    }

    /// `unix`.
    pub fn unix() -> CsvDialect {
        CsvDialect { lineterminator: Str::literal("\n"), quoting: CSV_QUOTE_ALL, ..CsvDialect::excel() }
    }
}

/// An error of the module.
pub fn csv_error(text: impl Into<Str>) -> Exc {
    Exc::new(&CSV_ERROR, text)
}

/// Where a reader stands in a row.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum CsvState {
    /// Before a row.
    StartRecord,
    /// Before a field.
    StartField,
    /// Behind an escape character.
    Escaped,
    /// Behind an escaped end of line.
    EscapedBreak,
    /// In a field.
    InField,
    /// In quotes.
    InQuotes,
    /// Behind an escape character in quotes.
    EscapedInQuotes,
    /// Behind a quote in quotes.
    QuoteInQuotes,
    /// Behind the end of a row.
    EatBreak,
}

/// `csv.reader`.
pub struct CsvReader {
    /// The lines.
    pub lines: Iter<Str>,
    /// How they are written.
    pub dialect: CsvDialect,
    /// Where it stands.
    pub state: CsvState,
    /// The field so far.
    pub field: String,
    /// The fields so far.
    pub fields: Vec<Str>,
    /// How many lines were read.
    pub count: Rc<Cell<i64>>,
}

impl CsvReader {
    /// `csv.reader(lines, ...)`.
    pub fn new(lines: Iter<Str>, dialect: CsvDialect) -> CsvReader {
        let (state, field, fields) = (CsvState::StartRecord, String::new(), Vec::new());
        CsvReader { lines, dialect, state, field, fields, count: Rc::default() }
    }

    /// The number of lines that were read, which a program may watch.
    pub fn line_num(&self) -> i64 {
        self.count.get()
    }

    /// The rows.
    pub fn rows(self) -> Iter<List<Str>> {
        let mut reader = self;
        Iter::new(move || reader.row())
    }

    /// The next row, none at the end.
    pub fn row(&mut self) -> Result<Option<List<Str>>, Exc> {
        self.state = CsvState::StartRecord;
        self.fields.clear();
        self.field.clear();
        loop {
            let Some(line) = self.lines.step()? else {
                if self.field.is_empty() && self.state != CsvState::InQuotes {
                    return Ok(None);
                }
                if self.dialect.strict {
                    return Err(csv_error("unexpected end of data"));
                }
                self.save();
                break;
            };
            self.count.set(self.count.get() + 1);
            for character in line.chars() {
                self.take(Some(character))?;
            }
            self.take(None)?;
            if self.state == CsvState::StartRecord {
                break;
            }
        }
        Ok(Some(List::from(core::mem::take(&mut self.fields))))
    }

    /// End a field.
    pub fn save(&mut self) {
        self.fields.push(Str::from(core::mem::take(&mut self.field)));
    }

    /// Add a character to a field.
    pub fn push(&mut self, character: char) -> Result<(), Exc> {
        if self.field.len() >= 131_072 && self.field.chars().count() >= 131_072 {
            return Err(csv_error("field larger than field limit (131072)"));
        }
        self.field.push(character);
        Ok(())
    }

    /// End a field and perhaps the row.
    pub fn end(&mut self, character: Option<char>) {
        self.save();
        self.state = if character.is_none() { CsvState::StartRecord } else { CsvState::EatBreak };
    }

    /// Take a character, or the end of a line.
    pub fn take(&mut self, character: Option<char>) -> Result<(), Exc> {
        let is_break = matches!(character, None | Some('\n' | '\r'));
        let quotes = self.dialect.quoting != CSV_QUOTE_NONE;
        let is_quote = character.is_some() && character == self.dialect.quotechar && quotes;
        let is_escape = character.is_some() && character == self.dialect.escapechar;
        let is_delimiter = character == Some(self.dialect.delimiter);
        match self.state {
            CsvState::StartRecord if character.is_none() => {}
            CsvState::StartRecord if is_break => self.state = CsvState::EatBreak,
            CsvState::StartRecord | CsvState::StartField => match character {
                _ if is_break => self.end(character),
                _ if is_quote => self.state = CsvState::InQuotes,
                _ if is_escape => self.state = CsvState::Escaped,
                Some(' ') if self.dialect.skipinitialspace => self.state = CsvState::StartField,
                _ if is_delimiter => {
                    self.save();
                    self.state = CsvState::StartField;
                }
                Some(other) => {
                    self.push(other)?;
                    self.state = CsvState::InField;
                }
                None => {}
            },
            CsvState::Escaped => {
                self.push(character.unwrap_or('\n'))?;
                let is_line = matches!(character, Some('\n' | '\r'));
                self.state = if is_line { CsvState::EscapedBreak } else { CsvState::InField };
            }
            CsvState::EscapedBreak if character.is_none() => {}
            CsvState::EscapedBreak | CsvState::InField => match character {
                _ if is_break => self.end(character),
                _ if is_escape => self.state = CsvState::Escaped,
                _ if is_delimiter => {
                    self.save();
                    self.state = CsvState::StartField;
                }
                Some(other) => {
                    self.push(other)?;
                    self.state = CsvState::InField;
                }
                None => {}
            },
            CsvState::InQuotes => match character {
                None => {}
                _ if is_escape => self.state = CsvState::EscapedInQuotes,
                _ if is_quote && self.dialect.doublequote => self.state = CsvState::QuoteInQuotes,
                _ if is_quote => self.state = CsvState::InField,
                Some(other) => self.push(other)?,
            },
            CsvState::EscapedInQuotes => {
                self.push(character.unwrap_or('\n'))?;
                self.state = CsvState::InQuotes;
            }
            CsvState::QuoteInQuotes => return self.behind_quote(character, is_quote, is_delimiter, is_break),
            CsvState::EatBreak => match character {
                None => self.state = CsvState::StartRecord,
                _ if is_break => {}
                Some(_) => {
                    return Err(csv_error(
                        "new-line character seen in unquoted field - do you need to open the file in universal-newline \
                         mode?",
                    ));
                }
            },
        }
        Ok(())
    }

    /// Take what stands behind a quote in quotes.
    pub fn behind_quote(
        &mut self,
        character: Option<char>,
        is_quote: bool,
        is_delimiter: bool,
        is_break: bool,
    ) -> Result<(), Exc> {
        match character {
            Some(quote) if is_quote => {
                self.push(quote)?;
                self.state = CsvState::InQuotes;
            }
            _ if is_delimiter => {
                self.save();
                self.state = CsvState::StartField;
            }
            _ if is_break => self.end(character),
            Some(other) if !self.dialect.strict => {
                self.push(other)?;
                self.state = CsvState::InField;
            }
            _ => {
                let quote = self.dialect.quotechar.unwrap_or('"');
                return Err(csv_error(format!("'{}' expected after '{quote}'", self.dialect.delimiter)));
            }
        }
        Ok(())
    }
}

/// A row as pairs of names and fields.
pub type CsvPairs = Vec<(Str, Option<Str>)>;

/// A field whose text is made already, and whether it is a number's.
#[derive(Clone)]
pub struct CsvCell(pub Str, pub bool);

impl CsvField for CsvCell {
    fn csv_field(&self) -> (Str, bool) {
        (self.0.clone(), self.1)
    }
}

/// An option of one character. Errors: TypeError.
pub fn csv_character(name: &str, text: &str) -> Result<char, Exc> {
    let mut characters = text.chars();
    match (characters.next(), characters.next()) {
        (Some(character), None) => Ok(character),
        _ => Err(Exc::new(&TYPE_ERROR, format!("\"{name}\" must be a 1-character string"))),
    }
}

/// `csv.DictReader` as an object; a clone is the same one.
#[derive(Clone)]
pub struct CsvDictRows(pub Rc<RefCell<CsvDictReader>>);

impl CsvDictRows {
    /// `csv.DictReader(lines, fieldnames, ...)`.
    pub fn new(lines: Iter<Str>, fieldnames: Option<List<Str>>, dialect: CsvDialect) -> CsvDictRows {
        CsvDictRows(Rc::new(RefCell::new(CsvDictReader::new(lines, fieldnames, dialect))))
    }

    /// `reader.fieldnames`.
    pub fn fieldnames(&self) -> Result<Option<List<Str>>, Exc> {
        self.0.borrow_mut().fieldnames()
    }

    /// The rows that are left.
    pub fn rows(&self) -> Iter<Dict<Str, Str>> {
        let shared = self.0.clone();
        Iter::new(move || shared.borrow_mut().row())
    }
}

/// `csv.DictReader`.
pub struct CsvDictReader {
    /// The reader of the rows.
    pub reader: CsvReader,
    /// The names.
    pub names: Option<List<Str>>,
}

impl CsvDictReader {
    /// `csv.DictReader(lines, fieldnames, ...)`.
    pub fn new(lines: Iter<Str>, fieldnames: Option<List<Str>>, dialect: CsvDialect) -> CsvDictReader {
        CsvDictReader { reader: CsvReader::new(lines, dialect), names: fieldnames }
    }

    /// `reader.fieldnames`, read from the first row where none were given.
    pub fn fieldnames(&mut self) -> Result<Option<List<Str>>, Exc> {
        if self.names.is_none() {
            self.names = self.reader.row()?;
        }
        Ok(self.names.clone())
    }

    /// The next row as pairs of names and fields; short rows end with none.
    pub fn pairs(&mut self) -> Result<Option<CsvPairs>, Exc> {
        let names = self.fieldnames()?;
        let row = loop {
            match self.reader.row()? {
                None => return Ok(None),
                Some(row) if row.is_empty() => {}
                Some(row) => break row,
            }
        };
        let names = names.unwrap_or_default();
        if row.len() > names.len() {
            let text = format!("a row has {} fields for {} names, which is not supported here", row.len(), names.len());
            return Err(csv_error(text));
        }
        let fields = row.to_vec();
        Ok(Some(names.iter().enumerate().map(|(place, name)| (name, fields.get(place).cloned())).collect()))
    }

    /// The rows, which hold None where fields are missing.
    pub fn rows_optional(self) -> Iter<Dict<Str, Option<Str>>> {
        let mut reader = self;
        Iter::new(move || Ok(reader.pairs()?.map(|pairs| pairs.into_iter().collect())))
    }

    /// The rows. Errors: a clear one where fields are missing.
    pub fn rows(self) -> Iter<Dict<Str, Str>> {
        let mut reader = self;
        Iter::new(move || reader.row())
    }

    /// The next row. Errors: a clear one where fields are missing.
    pub fn row(&mut self) -> Result<Option<Dict<Str, Str>>, Exc> {
        let Some(pairs) = self.pairs()? else { return Ok(None) };
        let row = Dict::new();
        for (name, field) in pairs {
            match field {
                Some(field) => row.set_item(name, field),
                None => {
                    let text = format!("a row has no field {}, which is not supported here", repr(&name));
                    return Err(Exc::new(&TYPE_ERROR, text));
                }
            }
        }
        Ok(Some(row))
    }
}

/// What can be written as a field.
pub trait CsvField {
    /// The text, and whether it is a number's.
    fn csv_field(&self) -> (Str, bool);
}

/// `CsvField` for one type.
macro_rules! csv_field {
    ($type:ty => $is_number:expr) => {
        impl CsvField for $type {
            fn csv_field(&self) -> (Str, bool) {
                (str_of(self), $is_number)
            }
        }
    };
}

csv_field!(Str => false);
csv_field!(i64 => true);
csv_field!(Int => true);
csv_field!(f64 => true);
csv_field!(bool => true);

impl CsvField for () {
    fn csv_field(&self) -> (Str, bool) {
        (Str::new(), false)
    }
}

impl<T: CsvField> CsvField for Option<T> {
    fn csv_field(&self) -> (Str, bool) {
        self.as_ref().map_or_else(|| ().csv_field(), CsvField::csv_field)
    }
}

/// What can be written as a row.
pub trait CsvRow {
    /// The fields.
    fn csv_fields(&self) -> Vec<(Str, bool)>;
}

impl<T: CsvField + Clone> CsvRow for List<T> {
    fn csv_fields(&self) -> Vec<(Str, bool)> {
        self.borrow().iter().map(CsvField::csv_field).collect()
    }
}

impl<T: CsvField> CsvRow for Vec<T> {
    fn csv_fields(&self) -> Vec<(Str, bool)> {
        self.iter().map(CsvField::csv_field).collect()
    }
}

impl<T: CsvField + Clone> CsvRow for Seq<T> {
    fn csv_fields(&self) -> Vec<(Str, bool)> {
        self.iter().map(|field| field.csv_field()).collect()
    }
}

/// `CsvRow` for tuples of one length.
macro_rules! csv_row {
    ($($name:ident $index:tt)+) => {
        impl<$($name: CsvField),+> CsvRow for ($($name,)+) {
            fn csv_fields(&self) -> Vec<(Str, bool)> {
                vec![$(self.$index.csv_field()),+]
            }
        }
    };
}

csv_row!(A 0);
csv_row!(A 0 B 1);
csv_row!(A 0 B 1 C 2);
csv_row!(A 0 B 1 C 2 D 3);
csv_row!(A 0 B 1 C 2 D 3 E 4);
csv_row!(A 0 B 1 C 2 D 3 E 4 F 5);
csv_row!(A 0 B 1 C 2 D 3 E 4 F 5 G 6);
csv_row!(A 0 B 1 C 2 D 3 E 4 F 5 G 6 H 7);

/// What takes the lines of a writer.
pub type CsvTarget = Rc<dyn Fn(&Str) -> Result<i64, Exc>>;

/// `csv.writer`; a clone is the same one.
#[derive(Clone)]
pub struct CsvWriter {
    /// Where rows go.
    pub write: CsvTarget,
    /// How they are written.
    pub dialect: CsvDialect,
}

impl CsvWriter {
    /// `csv.writer` to a function.
    pub fn new(write: impl Fn(&Str) -> Result<i64, Exc> + 'static, dialect: CsvDialect) -> CsvWriter {
        CsvWriter { write: Rc::new(write), dialect }
    }

    /// `csv.writer(file, ...)`.
    pub fn to_file(file: &File, dialect: CsvDialect) -> CsvWriter {
        let file = file.clone();
        CsvWriter::new(move |text| file.write(text), dialect)
    }

    /// `csv.writer(sys.stdout, ...)`.
    pub fn to_stdout(dialect: CsvDialect) -> CsvWriter {
        CsvWriter::new(
            |text| {
                write_raw(format_args!("{text}"));
                Ok(text.len())
            },
            dialect,
        )
    }

    /// `writer.writerow(row)`.
    pub fn writerow<R: CsvRow>(&self, row: &R) -> Result<i64, Exc> {
        let fields = row.csv_fields();
        let mut line = String::new();
        for (place, (field, is_number)) in fields.iter().enumerate() {
            if place > 0 {
                line.push(self.dialect.delimiter);
            }
            let quoted = match self.dialect.quoting {
                CSV_QUOTE_ALL => true,
                CSV_QUOTE_NONNUMERIC => !is_number,
                _ => false,
            };
            self.field(field, quoted, &mut line)?;
        }
        if !fields.is_empty() && line.is_empty() {
            // One empty field would read as no field at all.
            if self.dialect.quoting == CSV_QUOTE_NONE {
                return Err(csv_error("single empty field record must be quoted"));
            }
            self.field("", true, &mut line)?;
        }
        line.push_str(&self.dialect.lineterminator);
        (self.write)(&Str::from(line))
    }

    /// Write one field.
    pub fn field(&self, field: &str, quoted: bool, line: &mut String) -> Result<(), Exc> {
        let dialect = &self.dialect;
        let mut quoted = quoted;
        let mut text = String::new();
        for character in field.chars() {
            let is_quote = Some(character) == dialect.quotechar;
            let is_escape = Some(character) == dialect.escapechar;
            let is_special = character == dialect.delimiter
                || is_quote
                || is_escape
                || dialect.lineterminator.as_str().contains(character);
            if is_special {
                let escapes = if dialect.quoting == CSV_QUOTE_NONE {
                    true
                } else if is_quote && dialect.doublequote {
                    text.push(character);
                    false
                } else {
                    is_quote || is_escape
                };
                if escapes {
                    let Some(escape) = dialect.escapechar else {
                        return Err(csv_error("need to escape, but no escapechar set"));
                    };
                    text.push(escape);
                } else {
                    quoted = true;
                }
            }
            text.push(character);
        }
        match dialect.quotechar {
            Some(quote) if quoted => line.push_str(&format!("{quote}{text}{quote}")),
            _ => line.push_str(&text),
        }
        Ok(())
    }

    /// `writer.writerows(rows)`.
    pub fn writerows<R: CsvRow>(&self, rows: impl IntoIterator<Item = R>) -> Result<(), Exc> {
        for row in rows {
            self.writerow(&row)?;
        }
        Ok(())
    }
}

/// `csv.DictWriter`.
#[derive(Clone)]
pub struct CsvDictWriter {
    /// The writer of the rows.
    pub writer: CsvWriter,
    /// The names.
    pub names: List<Str>,
    /// What stands for missing fields.
    pub restval: Str,
    /// Whether fields without a name are left out.
    pub ignore_extras: bool,
}

/// Fields that are texts already.
pub struct CsvTexts(pub Vec<(Str, bool)>);

impl CsvRow for CsvTexts {
    fn csv_fields(&self) -> Vec<(Str, bool)> {
        self.0.clone()
    }
}

impl CsvDictWriter {
    /// `csv.DictWriter(file, fieldnames, restval, extrasaction, ...)`.
    pub fn new(writer: CsvWriter, fieldnames: List<Str>, restval: Str, ignore_extras: bool) -> CsvDictWriter {
        CsvDictWriter { writer, names: fieldnames, restval, ignore_extras }
    }

    /// `writer.writeheader()`.
    pub fn writeheader(&self) -> Result<i64, Exc> {
        self.writer.writerow(&self.names)
    }

    /// `writer.writerow(row)`. Errors: ValueError for a field without a name.
    pub fn writerow<V: CsvField + Clone>(&self, row: &Dict<Str, V>) -> Result<i64, Exc> {
        if !self.ignore_extras {
            let wrong: Vec<String> =
                row.keys().filter(|name| !self.names.contains(name)).map(|name| format!("{}", repr(&name))).collect();
            if !wrong.is_empty() {
                let text = format!("dict contains fields not in fieldnames: {}", wrong.join(", "));
                return Err(Exc::new(&VALUE_ERROR, text));
            }
        }
        let field = |name: Str| row.get(&name).map_or((self.restval.clone(), false), |field| field.csv_field());
        self.writer.writerow(&CsvTexts(self.names.iter().map(field).collect()))
    }

    /// `writer.writerows(rows)`.
    pub fn writerows<V: CsvField + Clone>(&self, rows: impl IntoIterator<Item = Dict<Str, V>>) -> Result<(), Exc> {
        for row in rows {
            self.writerow(&row)?;
        }
        Ok(())
    }
}
