//! Tables of named columns of a Ruchy program: `DataFrame`, which never changes, and what makes one.
//!
//! `frame_of(&Dyn)` takes a list of pairs of a name and a column, `frame_of_csv(&Dyn)` a text of comma-separated values with
//! names in the first line, `frame_of_json(&Dyn)` a text of a list of objects; all
//! give a `Dyn`. The methods are those of `frames.py`: `select filter sort_by groupby join sum mean to_csv` and their like.

use crate::{
    call_dyn, dyn_total, fault, merge_sort, read_json_value, shown_text, text_of_dyn, truth_of, write_json_text,
    write_json_word, Array, Datum, Dyn, Record, Str, Table,
};
use alloc::format;
use alloc::rc::Rc;
use alloc::string::String;
use alloc::vec;
use alloc::vec::Vec;
use core::any::Any;
use core::cmp::Ordering;

/// A column and its name.
pub type NamedColumn = (Str, Array<Dyn>);

/// Columns of one length, in their order.
#[derive(Clone)]
pub struct DataFrame {
    columns: Rc<Vec<NamedColumn>>,
    groups: Option<Rc<DataGroups>>,
}

/// What a table is the groups of: the table, the column, and for each of its values the rows.
pub struct DataGroups {
    source: DataFrame,
    name: Str,
    groups: Vec<(Dyn, Vec<usize>)>,
}

impl Record for DataFrame {
    fn record_name(&self) -> Str {
        Str::literal("DataFrame")
    }
    fn write_record(&self, out: &mut String) {
        out.push_str(&format!("DataFrame with {} columns:\n", self.columns.len()));
        for (name, column) in self.columns.iter() {
            out.push_str(&format!("  {}: {} rows\n", name.as_str(), column.count()));
        }
    }
    fn same_record(&self, other: &dyn Record) -> bool {
        other.whole().downcast_ref::<DataFrame>().is_some_and(|other| Rc::ptr_eq(&self.columns, &other.columns))
    }
    fn order_record(&self, _other: &dyn Record, _operator: &str) -> Option<Option<Ordering>> {
        None
    }
    #[track_caller]
    fn field(&self, name: &str) -> Option<Dyn> {
        Some(Dyn::List(self.column(name)))
    }
    fn set_field(&mut self, _name: &str, _value: Dyn) -> bool {
        false
    }
    #[track_caller]
    fn invoke(&mut self, name: &str, values: &[Dyn]) -> Option<Dyn> {
        self.invoke_shared(name, values)
    }
    #[track_caller]
    fn invoke_shared(&self, name: &str, values: &[Dyn]) -> Option<Dyn> {
        Some(self.made(name, values).map_or_else(|| self.told(name, values), DataFrame::wrapped))
    }
    fn is_shared_record(&self) -> bool {
        true
    }
    fn copied_record(&self) -> Rc<dyn Record> {
        Rc::new(self.clone())
    }
    #[track_caller]
    fn record_number(&self) -> Option<i64> {
        None
    }
    fn whole(&self) -> &dyn Any {
        self
    }
    fn field_names(&self) -> &'static [&'static str] {
        &[]
    }
    fn has_items(&self) -> bool {
        true
    }
    #[track_caller]
    fn items(&self) -> Option<Array<Dyn>> {
        Some(Array::of(self.rows()))
    }
}

impl DataFrame {
    fn of(columns: Vec<NamedColumn>) -> DataFrame {
        DataFrame { columns: Rc::new(columns), groups: None }
    }

    fn wrapped(self) -> Dyn {
        Dyn::Record(Rc::new(self))
    }

    fn length(&self) -> usize {
        self.columns.first().map_or(0, |(_, column)| column.count() as usize)
    }

    #[track_caller]
    fn column(&self, name: &str) -> Array<Dyn> {
        match self.columns.iter().find(|(known, _)| known.as_str() == name) {
            Some((_, column)) => column.clone(),
            None => fault("column", format!("the table has no column `{name}`")),
        }
    }

    #[track_caller]
    fn named(&self, name: &Dyn) -> Array<Dyn> {
        self.column(text_of_dyn(name).as_str())
    }

    #[track_caller]
    fn row(&self, place: usize) -> Dyn {
        let mut row = Table::new();
        for (name, column) in self.columns.iter() {
            row.put(Dyn::Text(name.clone()), column.at(place as i64));
        }
        Dyn::Dict(row)
    }

    #[track_caller]
    fn rows(&self) -> Vec<Dyn> {
        (0..self.length()).map(|place| self.row(place)).collect()
    }

    #[track_caller]
    fn taken(&self, places: &[usize]) -> DataFrame {
        let part = |column: &Array<Dyn>| Array::of(places.iter().map(|place| column.at(*place as i64)).collect());
        DataFrame::of(self.columns.iter().map(|(name, column)| (name.clone(), part(column))).collect())
    }

    #[track_caller]
    fn stretch(&self, start: usize, stop: usize) -> DataFrame {
        let length = self.length();
        let places: Vec<usize> = (start.min(length)..stop.min(length)).collect();
        self.taken(&places)
    }

    /// The same with another column at the end, or in the place of one of this name.
    fn with(&self, name: &Dyn, values: Array<Dyn>) -> DataFrame {
        let name = text_of_dyn(name);
        let mut columns = (*self.columns).clone();
        match columns.iter_mut().find(|(known, _)| known.as_str() == name.as_str()) {
            Some(known) => known.1 = values,
            None => columns.push((name, values)),
        }
        DataFrame::of(columns)
    }

    /// The same with a column of the length that the others have.
    #[track_caller]
    fn joined_by(&self, name: &Dyn, values: &Dyn) -> DataFrame {
        let Dyn::List(values) = values else { fault("type", "a column is an array") };
        if !self.columns.is_empty() && values.count() != self.length() as i64 {
            let (name, count) = (text_of_dyn(name), values.count());
            let text = format!("column `{}` has {count} rows and the table {}", name.as_str(), self.length());
            fault("column", text)
        }
        self.with(name, values.clone())
    }

    /// The methods that give a table.
    #[track_caller]
    fn made(&self, name: &str, values: &[Dyn]) -> Option<DataFrame> {
        Some(match (name, values) {
            ("build" | "clone", []) => self.clone(),
            ("column", [name, values]) => self.joined_by(name, values),
            ("select", _) => self.selected(values),
            ("filter", [test]) => self.filtered(test),
            ("sort_by", [name]) => self.sorted(name, false),
            ("sort_by", [name, descending]) => self.sorted(name, truth_of(descending)),
            ("groupby" | "group_by", [name]) => self.grouped(name),
            ("agg", _) => self.aggregated(values)?,
            ("join", [Dyn::Record(other), name]) => self.joined(other.whole().downcast_ref::<DataFrame>()?, name),
            ("slice", [Dyn::Int(start), Dyn::Int(stop)]) => {
                self.stretch((*start).max(0) as usize, (*stop).max(0) as usize)
            }
            ("head", []) => self.stretch(0, 5),
            ("head", [Dyn::Int(count)]) => self.stretch(0, (*count).max(0) as usize),
            ("tail", []) => self.stretch(self.length().saturating_sub(5), self.length()),
            ("tail", [Dyn::Int(count)]) => {
                self.stretch(self.length().saturating_sub((*count).max(0) as usize), self.length())
            }
            ("with_column", [name, Dyn::List(_)]) => self.without(name).joined_by(name, &values[1]),
            ("with_column", [name, step]) => {
                let made = self.rows().into_iter().map(|row| call_dyn(step, &[row])).collect();
                self.without(name).joined_by(name, &Dyn::List(Array::of(made)))
            }
            ("transform", [name, step]) => {
                let made = self.named(name).iter().map(|each| call_dyn(step, core::slice::from_ref(each))).collect();
                self.with(name, Array::of(made))
            }
            _ => return None,
        })
    }

    fn without(&self, name: &Dyn) -> DataFrame {
        let name = text_of_dyn(name);
        DataFrame::of(self.columns.iter().filter(|(known, _)| known.as_str() != name.as_str()).cloned().collect())
    }

    #[track_caller]
    fn selected(&self, names: &[Dyn]) -> DataFrame {
        let listed = match names {
            [Dyn::List(listed)] => listed.to_vec(),
            _ => names.to_vec(),
        };
        let mut found = DataFrame::of(Vec::new());
        for name in &listed {
            found = found.with(name, self.named(name));
        }
        found
    }

    #[track_caller]
    fn filtered(&self, test: &Dyn) -> DataFrame {
        let places: Vec<usize> =
            (0..self.length()).filter(|place| truth_of(&call_dyn(test, &[self.row(*place)]))).collect();
        self.taken(&places)
    }

    #[track_caller]
    fn sorted(&self, name: &Dyn, descends: bool) -> DataFrame {
        let column = self.named(name).to_vec();
        let mut places: Vec<usize> = (0..self.length()).collect();
        merge_sort(&mut places, &mut |one: &usize, other: &usize| {
            let (one, other) = if descends { (other, one) } else { (one, other) };
            column[*one].order(&column[*other], "sort_by") == Some(Ordering::Less)
        });
        self.taken(&places)
    }

    #[track_caller]
    fn grouped(&self, name: &Dyn) -> DataFrame {
        let mut groups: Vec<(Dyn, Vec<usize>)> = Vec::new();
        for (place, value) in self.named(name).iter().enumerate() {
            match groups.iter_mut().find(|(known, _)| known.same(value)) {
                Some((_, places)) => places.push(place),
                None => groups.push((value.clone(), vec![place])),
            }
        }
        let name = text_of_dyn(name);
        let mut columns = vec![(name.clone(), Array::of(groups.iter().map(|(value, _)| value.clone()).collect()))];
        for (other, column) in self.columns.iter() {
            if other.as_str() != name.as_str() && column.iter().all(is_dyn_number) {
                let sum =
                    |places: &Vec<usize>| dyn_total(&places.iter().map(|place| column.at(*place as i64)).collect());
                let sums = groups.iter().map(|(_, places)| sum(places)).collect();
                columns.push((Str::from(format!("{}_sum", other.as_str())), Array::of(sums)));
            }
        }
        let groups = DataGroups { source: self.clone(), name, groups };
        DataFrame { columns: Rc::new(columns), groups: Some(Rc::new(groups)) }
    }

    /// `agg({column: "mean"})` or `agg("column", "mean")`: one row for each group, or one for the whole table.
    #[track_caller]
    fn aggregated(&self, asked: &[Dyn]) -> Option<DataFrame> {
        let given: Vec<(Dyn, Dyn)> = match asked {
            [Dyn::Dict(table)] => table.pairs().map(|(column, how)| (column.clone(), how.clone())).collect(),
            [column, how] => vec![(column.clone(), how.clone())],
            _ => return None,
        };
        let whole = [(Dyn::Nil, (0..self.length()).collect())];
        let (source, groups) = match &self.groups {
            Some(known) => (&known.source, &known.groups[..]),
            None => (self, &whole[..]),
        };
        let mut found = DataFrame::of(Vec::new());
        if let Some(known) = &self.groups {
            let values = groups.iter().map(|(value, _)| value.clone()).collect();
            found = found.with(&Dyn::Text(known.name.clone()), Array::of(values));
        }
        for (column, how) in &given {
            let how = text_of_dyn(how);
            let mut values = Vec::new();
            for (_, places) in groups {
                values.push(source.taken(places).aggregate(column, how.as_str()));
            }
            let name = format!("{}_{}", text_of_dyn(column).as_str(), how.as_str());
            found = found.with(&Dyn::Text(Str::from(name)), Array::of(values));
        }
        Some(found)
    }

    #[track_caller]
    fn aggregate(&self, column: &Dyn, how: &str) -> Dyn {
        match how {
            "sum" | "mean" | "min" | "max" | "var" | "std" => self.told(how, core::slice::from_ref(column)),
            "count" => Dyn::Int(self.named(column).count()),
            "first" => self.named(column).iter().next().cloned().unwrap_or(Dyn::Nil),
            "last" => self.named(column).iter().last().cloned().unwrap_or(Dyn::Nil),
            _ => fault("argument", format!("a table has no aggregate `{how}`")),
        }
    }

    #[track_caller]
    fn joined(&self, other: &DataFrame, name: &Dyn) -> DataFrame {
        let (mine, theirs) = (self.named(name).to_vec(), other.named(name).to_vec());
        let (mut left, mut right) = (Vec::new(), Vec::new());
        for (place, value) in mine.iter().enumerate() {
            for (among, _) in theirs.iter().enumerate().filter(|(_, their)| value.same(their)) {
                left.push(place);
                right.push(among);
            }
        }
        let mut columns = (*self.taken(&left).columns).clone();
        for (name, column) in other.taken(&right).columns.iter() {
            if columns.iter().all(|(known, _)| known.as_str() != name.as_str()) {
                columns.push((name.clone(), column.clone()));
            }
        }
        DataFrame::of(columns)
    }

    /// The methods that give something else.
    #[track_caller]
    fn told(&self, name: &str, values: &[Dyn]) -> Dyn {
        match (name, values) {
            ("rows" | "len", []) => Dyn::Int(self.length() as i64),
            ("columns", []) => Dyn::Int(self.columns.len() as i64),
            ("column_names", []) => {
                Dyn::List(Array::of(self.columns.iter().map(|(name, _)| Dyn::Text(name.clone())).collect()))
            }
            ("get", [name, Dyn::Int(row)]) => {
                let column = self.named(name);
                if (0..column.count()).contains(row) {
                    column.at(*row)
                } else {
                    Dyn::Nil
                }
            }
            ("sum", [name]) => {
                let column = self.numbers(name);
                if column.count() == 0 {
                    Dyn::Int(0)
                } else {
                    dyn_total(&column)
                }
            }
            ("mean", [name]) => Dyn::Float(self.mean(name)),
            ("min", [name]) => self.extreme(name, Ordering::Less),
            ("max", [name]) => self.extreme(name, Ordering::Greater),
            ("var", [name]) => Dyn::Float(self.variance(name)),
            ("std", [name]) => Dyn::Float(spread_root(self.variance(name))),
            ("to_csv", []) => Dyn::Text(self.csv()),
            ("to_json", []) => Dyn::Text(self.json()),
            ("to_string", []) => {
                let mut out = String::new();
                self.write_record(&mut out);
                Dyn::Text(Str::from(out))
            }
            _ => self.unknown(name, values),
        }
    }

    #[cold]
    #[track_caller]
    fn unknown(&self, name: &str, values: &[Dyn]) -> Dyn {
        if !FRAME_METHODS.contains(&name) {
            fault("method", format!("DataFrame has no method `{name}`"))
        }
        let shown: Vec<String> = values.iter().map(|each| String::from(each.kind_name().as_str())).collect();
        fault("type", format!("`{name}` of DataFrame does not take ({})", shown.join(", ")))
    }

    #[track_caller]
    fn numbers(&self, name: &Dyn) -> Array<Dyn> {
        let column = self.named(name);
        if !column.iter().all(is_dyn_number) {
            fault("type", format!("column `{}` does not hold numbers", text_of_dyn(name).as_str()))
        }
        column
    }

    #[track_caller]
    fn mean(&self, name: &Dyn) -> f64 {
        let column = self.numbers(name);
        match column.count() {
            0 => f64::NAN,
            count => real_of_dyn(&dyn_total(&column)) / count as f64,
        }
    }

    #[track_caller]
    fn variance(&self, name: &Dyn) -> f64 {
        let column = self.numbers(name);
        if column.count() < 2 {
            return f64::NAN;
        }
        let middle = self.mean(name);
        let mut sum = 0.0;
        for each in column.iter() {
            let distance = real_of_dyn(each) - middle;
            sum += distance * distance;
        }
        sum / (column.count() - 1) as f64
    }

    #[track_caller]
    fn extreme(&self, name: &Dyn, wanted: Ordering) -> Dyn {
        let mut best: Option<Dyn> = None;
        for each in self.named(name).iter() {
            if best.as_ref().is_none_or(|best| each.order(best, "max") == Some(wanted)) {
                best = Some(each.clone());
            }
        }
        best.unwrap_or(Dyn::Nil)
    }

    /// The rows as objects, whose keys stand in the order of the columns.
    fn json(&self) -> Str {
        let mut out = String::from("[");
        for place in 0..self.length() {
            out.push_str(if place == 0 { "{" } else { ",{" });
            for (number, (name, column)) in self.columns.iter().enumerate() {
                if number > 0 {
                    out.push(',');
                }
                write_json_word(name.as_str(), &mut out);
                out.push(':');
                write_json_text(&column.at(place as i64), None, &mut out);
            }
            out.push('}');
        }
        out.push(']');
        Str::from(out)
    }

    fn csv(&self) -> Str {
        let mut out = String::new();
        write_csv_line(self.columns.iter().map(|(name, _)| String::from(name.as_str())).collect(), &mut out);
        for place in 0..self.length() {
            let cells = self.columns.iter().map(|(_, column)| match column.at(place as i64) {
                Dyn::Nil => String::new(),
                cell => String::from(shown_text(&cell).as_str()),
            });
            write_csv_line(cells.collect(), &mut out);
        }
        Str::from(out)
    }
}

/// The methods that a table has.
pub const FRAME_METHODS: [&str; 29] = [
    "agg",
    "build",
    "clone",
    "column",
    "column_names",
    "columns",
    "filter",
    "get",
    "group_by",
    "groupby",
    "head",
    "join",
    "len",
    "max",
    "mean",
    "min",
    "rows",
    "select",
    "slice",
    "sort_by",
    "std",
    "sum",
    "tail",
    "to_csv",
    "to_json",
    "to_string",
    "transform",
    "var",
    "with_column",
];

/// Whether a value is a number.
pub fn is_dyn_number(value: &Dyn) -> bool {
    matches!(value, Dyn::Int(_) | Dyn::Float(_))
}

/// A number as a float.
#[track_caller]
pub fn real_of_dyn(value: &Dyn) -> f64 {
    match value {
        Dyn::Int(number) => *number as f64,
        Dyn::Float(number) => *number,
        _ => f64::NAN,
    }
}

/// The square root of a spread.
#[track_caller]
pub fn spread_root(number: f64) -> f64 {
    crate::computed(number, "sqrt").unwrap_or(f64::NAN)
}

/// A line of comma-separated values; what would be taken apart stands in quotes.
pub fn write_csv_line(cells: Vec<String>, out: &mut String) {
    let is_lone = cells.len() == 1;
    for (place, cell) in cells.iter().enumerate() {
        if place > 0 {
            out.push(',');
        }
        if cell.contains([',', '"', '\n', '\r']) || (is_lone && cell.is_empty()) {
            out.push('"');
            out.push_str(&cell.replace('"', "\"\""));
            out.push('"');
        } else {
            out.push_str(cell);
        }
    }
    out.push('\n');
}

/// The lines of comma-separated values, taken apart; empty ones count as none.
pub fn csv_lines(text: &str) -> Vec<Vec<String>> {
    let (mut lines, mut line, mut cell) = (Vec::new(), Vec::new(), String::new());
    let (mut is_quoted, mut was_quoted) = (false, false);
    let mut rest = text.chars().peekable();
    while let Some(each) = rest.next() {
        if is_quoted {
            if each != '"' {
                cell.push(each);
            } else if rest.peek() == Some(&'"') {
                cell.push('"');
                rest.next();
            } else {
                is_quoted = false;
            }
        } else if each == '"' && cell.is_empty() && !was_quoted {
            (is_quoted, was_quoted) = (true, true);
        } else if each == ',' {
            line.push(core::mem::take(&mut cell));
            was_quoted = false;
        } else if each == '\n' || each == '\r' {
            if !line.is_empty() || !cell.is_empty() || was_quoted {
                line.push(core::mem::take(&mut cell));
                lines.push(core::mem::take(&mut line));
            }
            was_quoted = false;
        } else {
            cell.push(each);
        }
    }
    if !line.is_empty() || !cell.is_empty() || was_quoted {
        line.push(cell);
        lines.push(line);
    }
    lines
}

/// What a cell says: a number, a truth, nothing, or a text.
#[track_caller]
pub fn csv_value(cell: &str) -> Dyn {
    let digits = cell.strip_prefix('-').unwrap_or(cell);
    if !digits.is_empty() && digits.bytes().all(|byte| byte.is_ascii_digit()) {
        if let Ok(number) = cell.parse() {
            return Dyn::Int(number);
        }
    }
    if cell.bytes().all(|byte| byte.is_ascii_digit() || b".eE+-".contains(&byte)) {
        if let Ok(number) = cell.parse() {
            return Dyn::Float(number);
        }
    }
    match cell {
        "true" => Dyn::Bool(true),
        "false" => Dyn::Bool(false),
        "" => Dyn::Nil,
        text => Dyn::Text(Str::from(text)),
    }
}

/// A table of columns that have to be of one length, given as pairs of a name and a list.
#[track_caller]
pub fn frame_of(pairs: &Dyn) -> Dyn {
    let mut found = DataFrame::of(Vec::new());
    for pair in crate::items_of(pairs).iter() {
        match pair {
            Dyn::Tuple(parts) if parts.len() == 2 => found = found.joined_by(&parts[0], &parts[1]),
            _ => fault("type", "a table is made of names and columns"),
        }
    }
    found.wrapped()
}

/// A table without columns.
pub fn empty_frame() -> Dyn {
    DataFrame::of(Vec::new()).wrapped()
}

/// A table from comma-separated values with names in the first line.
#[track_caller]
pub fn frame_of_csv(text: &Dyn) -> Dyn {
    let mut lines = csv_lines(text_of_dyn(text).as_str()).into_iter();
    let Some(names) = lines.next() else { return empty_frame() };
    let lines: Vec<Vec<String>> = lines.collect();
    if lines.iter().any(|line| line.len() != names.len()) {
        fault("column", "a line has another number of values than the first one")
    }
    let mut found = DataFrame::of(Vec::new());
    for (place, name) in names.iter().enumerate() {
        let column = lines.iter().map(|line| csv_value(&line[place])).collect();
        found = found.with(&Dyn::Text(Str::from(name.as_str())), Array::of(column));
    }
    found.wrapped()
}

/// A table from a text of a list of objects; a key that one of them lacks is nil there.
#[track_caller]
pub fn frame_of_json(text: &Dyn) -> Dyn {
    let records = match read_json_value(text) {
        Dyn::List(records) if records.iter().all(|each| matches!(each, Dyn::Dict(_))) => records,
        _ => fault("type", "a table is made of a list of objects"),
    };
    let mut found = DataFrame::of(Vec::new());
    for record in records.iter() {
        let Dyn::Dict(table) = record else { continue };
        for (name, _) in table.pairs() {
            let column = records.iter().map(|each| crate::field_of(each, text_of_dyn(name).as_str())).collect();
            found = found.with(name, Array::of(column));
        }
    }
    found.wrapped()
}
