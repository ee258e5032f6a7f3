//! A large table whose series lie one behind the other, read piece by piece, so that only one piece is in memory.
//!
//! Where they lie otherwise (by date, most often) each piece takes the rows of some series from a decoding of its own.
//!
//! Every piece is read as if it were a file of its own. That gives what the whole file gives where all pieces decide alike and
//! nothing decides that shows only in the whole: a series with rows in two pieces, texts that are sometimes numbers or dates,
//! names that head totals. Wherever that cannot be excluded the file is read as a whole, as if nothing had been tried; an
//! error of a piece is one such case, so that what is said of a file does not depend on its pieces.

use std::collections::HashSet;
use std::hash::{BuildHasher, RandomState};
use std::{mem, slice};

use bytes::Bytes;
use wire::datasets::Report;

use super::date::{Found, form_of};
use super::decided::{Decided, decide, understand};
use super::group::Grouped;
use super::number::{Decimal, number};
use super::profile::Kind;
use super::roles::Layout;
use super::seen::Seen;
use super::source::Facts;
use super::table::{Cells, Column, Word};
use super::totals::is_total;
use super::{Asked, Handed, IntakeError, series_lists};
use crate::columnar::{ColumnarError, Columns, Fleets, Pieces, Segments};
use crate::dated::Use;
use crate::fleet::Rhythms;
use crate::holidays::Holidays;

/// So many rows are read at once where those of a series follow each other, which takes some seventy megabytes.
const ROWS_AT_ONCE: usize = 1 << 20;
/// So many where they do not, because the file is decoded anew for every piece.
const SCATTERED_AT_ONCE: usize = 1 << 22;

/// Hands over the series of a large table; none if it has to be read as a whole.
pub(super) fn read<E>(
    bytes: &Bytes,
    columns: &Columns,
    facts: &Facts,
    asked: &Asked,
    hand: &mut dyn FnMut(Handed) -> Result<(), E>,
) -> Result<Option<Report>, E> {
    if let Ok(Some(mut fleets)) = Fleets::open(bytes, columns) {
        return series_lists::of_fleets(&mut fleets, facts, asked, hand);
    }
    let source = (bytes, columns, facts);
    match read_by(Order::BySeries, ROWS_AT_ONCE, source, asked, hand)? {
        Read::All(report) => Ok(Some(*report)),
        Read::AsAWhole => Ok(None),
        Read::OutOfOrder => match read_by(Order::Any, SCATTERED_AT_ONCE, source, asked, hand)? {
            Read::All(report) => Ok(Some(*report)),
            Read::OutOfOrder | Read::AsAWhole => Ok(None),
        },
    }
}

/// How the rows lie.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Order {
    /// Those of a series follow each other.
    BySeries,
    Any,
}

/// What became of reading pieces.
#[derive(Debug)]
enum Read {
    All(Box<Report>),
    /// The rows of some series do not follow each other.
    OutOfOrder,
    /// The file has to be read as a whole.
    AsAWhole,
}

fn read_by<E>(
    order: Order,
    at_once: usize,
    (bytes, columns, facts): (&Bytes, &Columns, &Facts),
    asked: &Asked,
    hand: &mut dyn FnMut(Handed) -> Result<(), E>,
) -> Result<Read, E> {
    let Ok(Some(segments)) = open(bytes, columns, asked, at_once) else { return Ok(Read::AsAWhole) };
    let Ok(mut reading) = Reading::of(&segments, order, facts, asked) else { return Ok(Read::AsAWhole) };
    loop {
        match reading.next() {
            Ok(Some(grouped)) => grouped.each(asked, &mut reading.seen, hand)?,
            Ok(None) => break,
            Err(why) => return hand(Handed::Anew).map(|()| why.into()),
        }
    }
    match reading.report() {
        Ok(report) => Ok(Read::All(Box::new(report))),
        Err(why) => hand(Handed::Anew).map(|()| why.into()),
    }
}

/// The pieces of a table, unless what is asked is counted over rows or depends on those before.
fn open<'a>(
    bytes: &'a Bytes,
    columns: &'a Columns,
    asked: &Asked,
    at_once: usize,
) -> Result<Option<Segments<'a>>, IntakeError> {
    if asked.sum_duplicates || asked.time_zone.is_some() || asked.start.is_some() || asked.wide {
        return Ok(None);
    }
    Ok(Segments::open(bytes, columns, at_once)?)
}

/// Why pieces do not give what the whole gives.
enum Not {
    InOrder,
    Plain,
}

impl From<IntakeError> for Not {
    /// What is wrong is said of the whole.
    fn from(_: IntakeError) -> Self {
        Self::Plain
    }
}

impl From<ColumnarError> for Not {
    fn from(_: ColumnarError) -> Self {
        Self::Plain
    }
}

impl From<Not> for Read {
    fn from(why: Not) -> Self {
        match why {
            Not::InOrder => Self::OutOfOrder,
            Not::Plain => Self::AsAWhole,
        }
    }
}

/// The pieces of a table, and what those that were read have in common.
struct Reading<'a> {
    segments: &'a Segments<'a>,
    pieces: Pieces,
    facts: &'a Facts,
    asked: &'a Asked,
    /// The columns that name a series.
    ids: Vec<usize>,
    first: Option<Decision>,
    seen: Seen,
    rhythms: Rhythms,
    rows: usize,
    /// Hashes of the names of all series: two of one hash may be one.
    names: HashSet<u64>,
    seed: RandomState,
}

/// What was decided about a piece.
struct Decision {
    decided: Decided,
    uses: Vec<Use>,
    are_times: bool,
}

impl<'a> Reading<'a> {
    fn of(segments: &'a Segments<'a>, order: Order, facts: &'a Facts, asked: &'a Asked) -> Result<Self, Not> {
        let roles = understand(&mut segments.first_rows()?, facts, asked)?.roles;
        let Layout::Long { ids, .. } = roles.layout else { return Err(Not::Plain) };
        let pieces = match order {
            Order::BySeries => segments.in_order()?,
            Order::Any => segments.scattered(&ids)?,
        };
        Ok(Self {
            segments,
            pieces,
            facts,
            asked,
            ids,
            first: None,
            seen: Seen::default(),
            rhythms: Rhythms::default(),
            rows: 0,
            names: HashSet::new(),
            seed: RandomState::new(),
        })
    }

    /// The series of the next piece.
    fn next(&mut self) -> Result<Option<Grouped>, Not> {
        let Some(table) = self.segments.next(&mut self.pieces, &self.ids)? else { return Ok(None) };
        let width = table.columns.len();
        self.rows += table.rows;
        let (decided, mut grouped) = decide(table, self.facts, self.asked)?;
        let are_times = grouped.dates().first().is_some_and(|date| date.is_time());
        let own = Decision { decided, uses: grouped.uses.clone(), are_times };
        for name in grouped.names() {
            if !self.names.insert(self.seed.hash_one(name)) {
                return Err(Not::InOrder);
            }
        }
        let are_too_many = self.names.len() > self.asked.limits.series;
        let is_plain = own.decided.table.columns.len() == width && own.is_plain(&grouped, self.asked);
        if are_too_many || !is_plain {
            return Err(Not::Plain);
        }
        self.rhythms.add(&mem::take(&mut grouped.rhythms));
        match &self.first {
            Some(first) if !first.is_like(&own) => return Err(Not::Plain),
            Some(_) => {}
            None => {
                self.seen = Seen::of(own.decided.frequency);
                self.first = Some(own);
            }
        }
        Ok(Some(grouped))
    }

    fn report(self) -> Result<Report, Not> {
        let Some(Decision { mut decided, .. }) = self.first else { return Err(Not::Plain) };
        let is_usual = self.asked.rhythm.is_some() || self.rhythms.usual() == decided.frequency;
        if !is_usual || self.seen.series == 0 {
            return Err(Not::Plain);
        }
        decided.table.rows = self.rows;
        Ok(decided.report(self.facts, self.asked, &self.seen))
    }
}

impl Decision {
    fn is_like(&self, other: &Self) -> bool {
        let (own, others) = (&self.decided, &other.decided);
        let mut columns = own.table.columns.iter().zip(&others.table.columns);
        own.roles == others.roles
            && own.decimal == others.decimal
            && own.form == others.form
            && own.frequency == others.frequency
            && own.notes == others.notes
            && (&self.uses, self.are_times) == (&other.uses, other.are_times)
            && columns.all(|(own, other)| mem::discriminant(&own.cells) == mem::discriminant(&other.cells))
    }

    /// Whether a file of pieces like this one is read as its pieces are.
    fn is_plain(&self, grouped: &Grouped, asked: &Asked) -> bool {
        let Decided { table, roles, decimal, .. } = &self.decided;
        let Layout::Long { ids, .. } = &roles.layout else { return false };
        let are_numbers = |at: &usize| matches!(table.columns[*at].cells, Cells::Numbers(_));
        let names = grouped.names();
        let are_covered =
            || asked.holidays.is_none() || grouped.dates().iter().all(|date| Holidays::cover(*date));
        !ids.is_empty()
            && names.len() > 1
            && !names.iter().any(|name| is_total(name))
            && roles.known.iter().chain(&roles.past).all(are_numbers)
            && table.columns.iter().zip(&roles.kinds).all(|(column, kind)| is_clear(column, kind, decimal.0))
            && are_covered()
    }
}

/// Whether a column is the same of all words and of any of them.
fn is_clear(column: &Column, kind: &Kind, decimal: Decimal) -> bool {
    let Cells::Words { words, .. } = &column.cells else { return true };
    let is_blank = |word: &Word| matches!(word, Word::Text(text) if text.is_empty());
    let is_text = |word: &Word| {
        let found = form_of(slice::from_ref(word));
        number(word, decimal).is_none() && matches!(found, Found::None { best: None, .. })
    };
    !words.iter().any(is_blank)
        && match kind {
            Kind::Numbers | Kind::Dates(Found::One(_)) => true,
            Kind::Text => words.iter().all(is_text),
            Kind::Empty | Kind::MostlyNumbers | Kind::Dates(_) => false,
        }
}

#[cfg(test)]
#[path = "segments/tests.rs"]
mod tests;
