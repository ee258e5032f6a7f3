//! What the columns of a table are for: stated, or found by their usual names and by what is in them.

mod choosing;

use super::Asked;
use super::date::{Form, Found};
use super::error::IntakeError;
use super::number::Decimal;
use super::profile::{Kind, is_read_by, kind_of};
use super::table::Table;

/// The usual names of the columns that name a series, the surest first.
pub(super) const IDS: [&str; 22] = [
    "unique_id",
    "series",
    "series_id",
    "series_name",
    "id",
    "item_id",
    "item",
    "sku",
    "product",
    "product_id",
    "article",
    "store",
    "store_id",
    "store_nbr",
    "shop",
    "location",
    "region",
    "country",
    "state",
    "family",
    "name",
    "key",
];
const DATES: [&str; 16] = [
    "ds",
    "date",
    "day",
    "timestamp",
    "datetime",
    "time",
    "start",
    "week",
    "month",
    "quarter",
    "year",
    "period",
    "datum",
    "fecha",
    "monat",
    "observation_date",
];
const VALUES: [&str; 20] = [
    "y",
    "value",
    "values",
    "quantity",
    "qty",
    "sales",
    "demand",
    "target",
    "units",
    "units_sold",
    "sales_qty",
    "volume",
    "amount",
    "orders",
    "count",
    "total_sales",
    "menge",
    "wert",
    "absatz",
    "umsatz",
];

/// How the series lie in a table.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum Layout {
    /// One row per series and date.
    Long {
        /// The columns that name a series; none if the table is one.
        ids: Vec<usize>,
        /// The dates.
        date: usize,
        /// The values.
        value: usize,
    },
    /// One row per date, and a column per series.
    Columns {
        /// The dates.
        date: usize,
        /// The series.
        series: Vec<usize>,
    },
    /// One row per series, and a column per date.
    Rows {
        /// The columns that name a series.
        ids: Vec<usize>,
        /// The dates, with their columns.
        dates: Vec<usize>,
        /// How the names of those are written.
        form: Form,
    },
}

/// What the columns are for.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Roles {
    /// How the series lie.
    pub(super) layout: Layout,
    /// Whose values are known beforehand.
    pub(super) known: Vec<usize>,
    /// Known only up to the last value.
    pub(super) past: Vec<usize>,
    /// Sums of other columns, known only when their rows are.
    pub(super) totals: Vec<usize>,
    /// What groups the series: known only when their rows are.
    pub(super) groups: Vec<usize>,
    /// What each column could be.
    pub(super) kinds: Vec<Kind>,
    /// Decisions that nobody stated and a reader should see.
    pub(super) notes: Vec<String>,
}

/// A table whose columns are being given their roles.
struct Choosing<'a> {
    table: &'a Table,
    asked: &'a Asked,
    decimal: Decimal,
    kinds: Vec<Kind>,
    notes: Vec<String>,
}

/// What the columns of a table are for.
pub(super) fn choose(table: &Table, asked: &Asked, decimal: Decimal) -> Result<Roles, IntakeError> {
    let mut kinds: Vec<Kind> = table.columns.iter().map(|column| kind_of(column, decimal)).collect();
    if let Some(form) = asked.date_form()? {
        heed(form, table, asked, &mut kinds);
    }
    let mut choosing = Choosing { table, asked, decimal, kinds, notes: Vec::new() };
    let layout = choosing.layout()?;
    let known = choosing.stated_all("known", &asked.known)?;
    let past = choosing.stated_all("past", &asked.past)?;
    if let Some(&at) = past.iter().find(|at| layout.uses(**at) || known.contains(at)) {
        return Err(IntakeError::TwoRoles { column: choosing.name(at) });
    }
    if let Some(&at) = known.iter().find(|at| layout.uses(**at)) {
        return Err(IntakeError::TwoRoles { column: choosing.name(at) });
    }
    let beside = [("known", &known), ("past", &past)].into_iter().find(|(_, columns)| !columns.is_empty());
    if let (Some((field, _)), false) = (beside, matches!(layout, Layout::Long { .. })) {
        let why = "the table has no column that is known beside its series";
        return Err(IntakeError::DoesNotApply { field, why });
    }
    Ok(Roles {
        layout,
        known,
        past,
        totals: Vec::new(),
        groups: Vec::new(),
        kinds: choosing.kinds,
        notes: choosing.notes,
    })
}

impl Layout {
    /// The same of rows whose series other columns name.
    pub(super) fn named_by(&self, ids: &[usize]) -> Self {
        match self {
            Self::Long { date, value, .. } => Self::Long { ids: ids.to_vec(), date: *date, value: *value },
            other => other.clone(),
        }
    }

    /// The columns with values.
    pub(super) fn values(&self) -> &[usize] {
        match self {
            Self::Long { value, .. } => std::slice::from_ref(value),
            Self::Columns { series: values, .. } | Self::Rows { dates: values, .. } => values,
        }
    }

    /// Whether a column is an id, a date or a value.
    pub(super) fn uses(&self, at: usize) -> bool {
        match self {
            Self::Long { ids, date, value } => ids.contains(&at) || at == *date || at == *value,
            Self::Columns { date, series } => at == *date || series.contains(&at),
            Self::Rows { ids, dates, .. } => ids.contains(&at) || dates.contains(&at),
        }
    }
}

/// Columns that the stated form reads as a whole are dates; of those of numbers only the one that is called so.
fn heed(form: Form, table: &Table, asked: &Asked, kinds: &mut [Kind]) {
    let dates = column_of_dates(table, asked);
    for (at, kind) in kinds.iter_mut().enumerate() {
        let may = match kind {
            Kind::Text | Kind::Dates(_) => true,
            Kind::Numbers => dates == Some(at),
            Kind::Empty | Kind::MostlyNumbers => false,
        };
        if may && is_read_by(form, &table.columns[at]) {
            *kind = Kind::Dates(Found::One(form));
        }
    }
}

/// Columns that could tell apart rows of one series with the same date, besides these: texts, and numbers with a name that
/// ids have, from left to right.
pub(super) fn more_ids(table: &Table, roles: &Roles) -> Vec<usize> {
    let is_usual = |at: usize| IDS.iter().any(|name| table.place(name) == Some(at));
    let may = |at: &usize| {
        let kind = &roles.kinds[*at];
        !roles.layout.uses(*at)
            && !roles.known.contains(at)
            && !roles.past.contains(at)
            && (*kind == Kind::Text || (is_usual(*at) && *kind != Kind::Empty))
    };
    (0..table.columns.len()).filter(may).collect()
}

/// Columns of numbers that have no role.
pub(super) fn unread_numbers(table: &Table, roles: &Roles) -> Vec<usize> {
    let is_free =
        |at: &usize| !roles.layout.uses(*at) && !roles.past.contains(at) && roles.kinds[*at] == Kind::Numbers;
    (0..table.columns.len()).filter(is_free).collect()
}

/// The column that is stated to hold dates, or usually called so.
pub(super) fn column_of_dates(table: &Table, asked: &Asked) -> Option<usize> {
    match &asked.date {
        Some(name) => table.place(name),
        None => DATES.iter().find_map(|name| table.place(name)),
    }
}
