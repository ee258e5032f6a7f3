//! How the roles are found.

use std::collections::BTreeSet;

use super::{Choosing, DATES, IDS, Layout, VALUES};
use crate::intake::date::{Form, Found, form_of};
use crate::intake::error::IntakeError;
use crate::intake::number::number;
use crate::intake::profile::{Kind, dates_in_numbers};
use crate::intake::table::{Cells, Word};
use crate::outside::short;

impl Choosing<'_> {
    pub(super) fn name(&self, at: usize) -> String {
        self.table.columns[at].name.clone()
    }

    fn names(&self) -> Vec<String> {
        self.table.columns.iter().map(|column| column.name.clone()).collect()
    }

    fn stated(&self, field: &'static str, name: &str) -> Result<usize, IntakeError> {
        let missing = || IntakeError::NoColumn { field, name: name.to_owned(), columns: self.names() };
        self.table.place(name).ok_or_else(missing)
    }

    pub(super) fn stated_all(
        &self,
        field: &'static str,
        names: &[String],
    ) -> Result<Vec<usize>, IntakeError> {
        names.iter().map(|name| self.stated(field, name)).collect()
    }

    /// The columns that may have a role and have one of these names, by the order of the names.
    fn usual(&self, names: &[&str], may: impl Fn(usize) -> bool) -> Option<usize> {
        let found = |name: &&str| self.table.place(name).filter(|&at| may(at));
        names.iter().find_map(found)
    }

    pub(super) fn layout(&mut self) -> Result<Layout, IntakeError> {
        let wants_rows = self.asked.date.is_none() && self.asked.value.is_none() && !self.asked.wide;
        if wants_rows && let Some((dates, form)) = self.dated_columns()? {
            return self.rows(dates, form);
        }
        let ids = self.stated_all("ids", &self.asked.ids)?;
        let value = self.asked.value.as_ref().map(|name| self.stated("value", name)).transpose()?;
        let date = self.date(&ids, value)?;
        let is_free = |at: usize| at != date && !ids.contains(&at) && !self.is_beside(at);
        let numbers: Vec<usize> = (0..self.kinds.len())
            .filter(|&at| is_free(at) && matches!(self.kinds[at], Kind::Numbers | Kind::MostlyNumbers))
            .collect();
        // In a wide table a column without a value is a series that has none, and is told.
        let is_empty = |at: &usize| is_free(*at) && self.kinds[*at] == Kind::Empty && self.has_own_name(*at);
        let mut all: Vec<usize> =
            (0..self.kinds.len()).filter(is_empty).chain(numbers.iter().copied()).collect();
        all.sort_unstable();
        let is_wide = !numbers.is_empty() && value.is_none() && ids.is_empty() && self.is_wide(date, &all);
        if self.asked.wide || is_wide {
            return self.columns(date, if numbers.is_empty() { numbers } else { all }, value);
        }
        let value = match value {
            Some(value) => value,
            None => self.value(&numbers)?,
        };
        let ids = if ids.is_empty() { self.ids(date, value) } else { ids };
        if let Some(&at) =
            ids.iter().find(|at| **at == date || **at == value).or_else(|| (date == value).then_some(&date))
        {
            return Err(IntakeError::TwoRoles { column: self.name(at) });
        }
        Ok(Layout::Long { ids, date, value })
    }

    /// Columns whose names are dates, if there are at least three and they are most of those with numbers.
    fn dated_columns(&self) -> Result<Option<(Vec<usize>, Form)>, IntakeError> {
        let is_number =
            |at: &usize| matches!(self.kinds[*at], Kind::Numbers | Kind::MostlyNumbers | Kind::Empty);
        let numbers: Vec<usize> = (0..self.kinds.len()).filter(is_number).collect();
        let stated = self.asked.date_form()?;
        let is_date = |at: &usize| match stated {
            Some(form) => form.parse(&self.name(*at)).is_some(),
            None => !matches!(form_of(&[Word::Text(self.name(*at))]), Found::None { .. }),
        };
        let dates: Vec<usize> = numbers.iter().copied().filter(is_date).collect();
        let has_dates = |at: usize| matches!(self.kinds[at], Kind::Dates(_));
        let is_of_codes = |at: &usize| {
            matches!(
                form_of(&[Word::Text(self.name(*at))]),
                Found::One(Form::Year | Form::Compact | Form::YearMonth)
            )
        };
        // Products called 1001 and 1002 beside a column of dates are no years.
        let are_codes = (0..self.kinds.len()).any(has_dates) && dates.iter().any(is_of_codes);
        if dates.len() < 3 || 2 * dates.len() < numbers.len() || are_codes {
            return Ok(None);
        }
        let names: Vec<Word> = dates.iter().map(|&at| Word::Text(self.name(at))).collect();
        match (stated, form_of(&names)) {
            (Some(form), _) | (None, Found::One(form)) => Ok(Some((dates, form))),
            (None, Found::Either(one, other)) => Err(IntakeError::DayOrMonth {
                one: one.word(),
                other: other.word(),
                column: "the header".to_owned(),
                example: self.name(dates[0]),
            }),
            (None, Found::NoYear { word }) => {
                Err(IntakeError::NoYear { column: "the header".to_owned(), example: self.name(dates[word]) })
            }
            _ => Ok(None),
        }
    }

    /// The texts beside dated columns name the series.
    fn rows(&mut self, dates: Vec<usize>, form: Form) -> Result<Layout, IntakeError> {
        let mut ids = self.stated_all("ids", &self.asked.ids)?;
        if ids.is_empty() {
            let is_text =
                |at: usize| matches!(self.kinds[at], Kind::Text | Kind::Dates(_)) && !self.is_beside(at);
            let is_usual = |at: usize| self.has_usual_name(at, &IDS) && self.kinds[at] != Kind::Empty;
            let is_id = |at: &usize| !dates.contains(at) && (is_text(*at) || is_usual(*at));
            ids = (0..self.kinds.len()).filter(is_id).collect();
        }
        let last = dates.len() - 1;
        self.notes.push(format!(
            "Each row is a series: {} columns are dates, from `{}` to `{}`.",
            dates.len(),
            self.name(dates[0]),
            self.name(dates[last])
        ));
        Ok(Layout::Rows { ids, dates, form })
    }

    fn date(&mut self, ids: &[usize], value: Option<usize>) -> Result<usize, IntakeError> {
        if let Some(name) = &self.asked.date {
            let at = self.stated("date", name)?;
            if let (Kind::Numbers, Some(found)) = (&self.kinds[at], dates_in_numbers(&self.table.columns[at]))
            {
                self.kinds[at] = Kind::Dates(found);
            }
            return Ok(at);
        }
        let is_free = |at: usize| !ids.contains(&at) && Some(at) != value;
        let is_date = |at: usize| is_free(at) && matches!(self.kinds[at], Kind::Dates(_));
        if let Some(at) = self.usual(&DATES, is_date) {
            return Ok(at);
        }
        let found: Vec<usize> = (0..self.kinds.len()).filter(|&at| is_date(at)).collect();
        match found.as_slice() {
            [only] => return Ok(*only),
            [_, ..] => {
                let columns = found.iter().map(|&at| self.name(at)).collect();
                return Err(IntakeError::SeveralColumns { field: "date", columns, can_be_wide: false });
            }
            [] => {}
        }
        let in_numbers = |at: usize| dates_in_numbers(&self.table.columns[at]);
        let may = |at: usize| is_free(at) && (in_numbers(at).is_some() || self.asked.has_periods());
        if let Some(at) = self.usual(&DATES, may) {
            if let Some(found) = in_numbers(at) {
                self.kinds[at] = Kind::Dates(found);
            }
            return Ok(at);
        }
        let by_name = self.usual(&DATES, is_free);
        match by_name {
            Some(at) => Err(IntakeError::not_dates(&self.name(at), &self.example(at))),
            None => {
                Err(IntakeError::NoRole { role: "date", usual: DATES[..5].join(", "), columns: self.names() })
            }
        }
    }

    /// The first cell of a column that says something.
    fn example(&self, at: usize) -> String {
        match &self.table.columns[at].cells {
            Cells::Words { words, .. } => {
                words.iter().find(|word| !word.is_missing()).map(Word::shown).unwrap_or_default()
            }
            Cells::Numbers(numbers) => {
                numbers.iter().find(|number| !number.is_nan()).map(ToString::to_string).unwrap_or_default()
            }
            Cells::Dates { .. } => String::new(),
        }
    }

    /// The first cell of a column that is no number.
    fn odd(&self, at: usize) -> String {
        match &self.table.columns[at].cells {
            Cells::Words { words, .. } => {
                let is_odd = |word: &&Word| number(word, self.decimal).is_none();
                words.iter().find(is_odd).map(Word::shown).unwrap_or_default()
            }
            _ => "a date".to_owned(),
        }
    }

    fn has_number(&self, at: usize) -> bool {
        let is_number = |word: &Word| !word.is_missing() && number(word, self.decimal).is_some();
        matches!(&self.table.columns[at].cells, Cells::Words { words, .. } if words.iter().any(is_number))
    }

    /// A column of dates, at least two of numbers, and nothing else that could name a series or a value.
    fn is_wide(&self, date: usize, numbers: &[usize]) -> bool {
        let has_value = self.usual(&VALUES, |at| numbers.contains(&at)).is_some();
        let has_id = self.usual(&IDS, |at| at != date && self.kinds[at] != Kind::Empty).is_some();
        let is_open = numbers.len() > 1 && !has_value && !has_id && self.asked.known.is_empty();
        is_open && self.has_a_row_per_date(date)
    }

    /// Nearly: below a table there may be rows without a date.
    fn has_a_row_per_date(&self, date: usize) -> bool {
        let dates = match &self.table.columns[date].cells {
            Cells::Words { words, .. } => words.len(),
            Cells::Dates { dates, .. } => dates.iter().collect::<BTreeSet<_>>().len(),
            Cells::Numbers(_) => 0,
        };
        10 * dates >= 9 * self.table.rows
    }

    fn columns(
        &mut self,
        date: usize,
        numbers: Vec<usize>,
        value: Option<usize>,
    ) -> Result<Layout, IntakeError> {
        if value.is_some() || !self.asked.ids.is_empty() {
            let field = if value.is_some() { "value" } else { "ids" };
            return Err(IntakeError::DoesNotApply {
                field,
                why: "in a wide table every column of numbers is a series",
            });
        }
        let (index, numbers): (Vec<usize>, Vec<usize>) =
            numbers.into_iter().partition(|&at| self.counts_rows(at));
        if !index.is_empty() {
            let named: Vec<String> = index.iter().map(|&at| format!("`{}`", short(&self.name(at)))).collect();
            self.notes.push(format!("No series but parts of the date or an index: {}.", named.join(", ")));
        }
        if numbers.is_empty() {
            return Err(IntakeError::NoRole {
                role: "value",
                usual: "any with numbers".to_owned(),
                columns: self.names(),
            });
        }
        Ok(Layout::Columns { date, series: numbers })
    }

    /// Whether a column beside dates is a part of them, or an index that an export has left.
    fn counts_rows(&self, at: usize) -> bool {
        const PARTS: [&str; 10] =
            ["year", "month", "day", "week", "quarter", "weekday", "jahr", "monat", "index", "unnamed: 0"];
        let name = self.name(at).to_lowercase();
        let is_part = self.asked.date.is_none() && PARTS.contains(&name.as_str());
        let is_unnamed = at == 0 && name == "column 1";
        is_part || (is_unnamed && self.table.columns.iter().skip(1).any(|column| column.name != "column 2"))
    }

    fn value(&self, numbers: &[usize]) -> Result<usize, IntakeError> {
        if let Some(at) = self.usual(&VALUES, |at| numbers.contains(&at)) {
            return Ok(at);
        }
        let rest: Vec<usize> = numbers.iter().copied().filter(|&at| !self.has_usual_name(at, &IDS)).collect();
        match (rest.as_slice(), numbers) {
            ([only], _) | ([], [only]) => Ok(*only),
            ([], []) => match self.usual(&VALUES, |at| self.kinds[at] != Kind::Empty) {
                // Cells that are no numbers are told line by line.
                Some(at) if self.has_number(at) => Ok(at),
                Some(at) => Err(IntakeError::NotNumbers { column: self.name(at), example: self.odd(at) }),
                None => Err(IntakeError::NoRole {
                    role: "value",
                    usual: VALUES[..7].join(", "),
                    columns: self.names(),
                }),
            },
            _ => {
                let columns = numbers.iter().map(|&at| self.name(at)).collect();
                let can_be_wide = self.asked.known.is_empty() && self.asked.ids.is_empty();
                Err(IntakeError::SeveralColumns { field: "value", columns, can_be_wide })
            }
        }
    }

    /// Whether the file has a name for a column.
    fn has_own_name(&self, at: usize) -> bool {
        self.name(at) != format!("column {}", at + 1)
    }

    fn has_usual_name(&self, at: usize, names: &[&str]) -> bool {
        names.iter().any(|name| self.table.place(name) == Some(at))
    }

    /// The first column with a usual name; else a text that is the same in every row. Other texts name series only where
    /// the dates alone do not tell the rows apart, which is seen when the rows are read.
    fn ids(&self, date: usize, value: usize) -> Vec<usize> {
        let is_free =
            |at: usize| at != date && at != value && self.kinds[at] != Kind::Empty && !self.is_beside(at);
        if let Some(at) = self.usual(&IDS, is_free) {
            return vec![at];
        }
        let is_one_word = |at: usize| matches!(&self.table.columns[at].cells, Cells::Words { words, .. } if words.len() == 1);
        (0..self.kinds.len())
            .find(|&at| is_free(at) && self.kinds[at] == Kind::Text && is_one_word(at))
            .into_iter()
            .collect()
    }

    /// Whether a column is stated to be known beside the values.
    fn is_beside(&self, at: usize) -> bool {
        self.asked.known.iter().chain(&self.asked.past).any(|name| self.table.place(name) == Some(at))
    }
}
