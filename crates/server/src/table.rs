//! Tables on standard output. Columns stand below each other by what a terminal shows, not by letters: a wide letter takes
//! two places and an accent none.

use std::io::Write;

use unicode_width::{UnicodeWidthChar, UnicodeWidthStr};

use crate::plain::plain;
use crate::terminal;

/// So many places of a column of words are kept as long as something else can give way, and so many always.
const COMFORT: usize = 24;
const LEAST: usize = 12;
/// Between two columns.
const SPACE: usize = 2;

/// A column of a table.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Column<'a> {
    head: &'a str,
    is_number: bool,
    is_spare: bool,
}

impl<'a> Column<'a> {
    /// Words from the left; cut where there is no room.
    pub(crate) const fn text(head: &'a str) -> Self {
        Self { head, is_number: false, is_spare: false }
    }

    /// Numbers, which are never cut.
    pub(crate) const fn number(head: &'a str) -> Self {
        Self { head, is_number: true, is_spare: false }
    }

    /// Left out where there is no room, the last one first.
    pub(crate) const fn spare(self) -> Self {
        Self { is_spare: true, ..self }
    }
}

/// Prints a table in the room that the terminal has. Nothing in a cell acts on it.
pub(crate) fn print(
    out: &mut impl Write,
    columns: &[Column<'_>],
    rows: &[Vec<String>],
) -> std::io::Result<()> {
    print_within(out, columns, rows, terminal::columns())
}

fn print_within(
    out: &mut impl Write,
    columns: &[Column<'_>],
    rows: &[Vec<String>],
    room: Option<usize>,
) -> std::io::Result<()> {
    let head = columns.iter().map(|column| column.head.to_owned()).collect();
    let body = rows.iter().map(|row| row.iter().map(|cell| plain(cell).into_owned()).collect());
    let rows: Vec<Vec<String>> = std::iter::once(head).chain(body).collect();
    let widest = |at: usize| rows.iter().map(|row| row[at].width()).max().unwrap_or(0);
    let widths = fitted(columns, (0..columns.len()).map(widest).collect(), room);
    for row in &rows {
        let mut line = String::new();
        for ((cell, width), column) in row.iter().zip(&widths).zip(columns) {
            let Some(width) = *width else { continue };
            let cell = cut(cell, width);
            let space = " ".repeat(width - cell.width());
            line.push_str(&if column.is_number { space + &cell } else { cell + &space });
            line.push_str(&" ".repeat(SPACE));
        }
        writeln!(out, "{}", line.trim_end())?;
    }
    Ok(())
}

/// The places of each column; `None` for one that is left out.
fn fitted(columns: &[Column<'_>], widths: Vec<usize>, room: Option<usize>) -> Vec<Option<usize>> {
    let mut widths: Vec<Option<usize>> = widths.into_iter().map(Some).collect();
    let Some(room) = room else { return widths };
    let over = |widths: &[Option<usize>]| {
        let shown: Vec<usize> = widths.iter().copied().flatten().collect();
        (shown.iter().sum::<usize>() + SPACE * shown.len().saturating_sub(1)).saturating_sub(room)
    };
    // Of a long name the beginning says what it is, while a number that is cut says something else.
    let shorten = |widths: &mut Vec<Option<usize>>, least: usize| {
        let is_text = |at: &usize| !columns[*at].is_number;
        while over(widths) > 0 {
            let longest = (0..columns.len()).filter(is_text).max_by_key(|at| widths[*at].unwrap_or(0));
            let Some(longest) = longest.filter(|at| widths[*at].unwrap_or(0) > least) else { break };
            widths[longest] = widths[longest].map(|width| width - 1);
        }
    };
    shorten(&mut widths, COMFORT);
    for at in (0..columns.len()).rev().filter(|at| columns[*at].is_spare) {
        if over(&widths) > 0 {
            widths[at] = None;
        }
    }
    shorten(&mut widths, LEAST);
    widths
}

/// As much of a text as so many places take, and a sign where something is missing.
pub(crate) fn cut(text: &str, width: usize) -> String {
    if text.width() <= width {
        return text.to_owned();
    }
    let (mut kept, mut taken) = (String::new(), 0);
    for c in text.chars() {
        taken += c.width().unwrap_or(0);
        if taken >= width {
            break;
        }
        kept.push(c);
    }
    // A sequence can be wider than its letters, as one of a sign and its emoji style.
    while !kept.is_empty() && kept.width() >= width {
        kept.pop();
    }
    kept.push('…');
    kept
}

#[cfg(test)]
#[path = "table/tests.rs"]
mod tests;
