//! Tables on standard output.

use std::borrow::Cow;
use std::io::Write;

use crate::plain::plain;

/// How a column is aligned.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Align {
    Left,
    Right,
}

/// Prints a table; widths follow the content, and nothing in a cell acts on the terminal.
pub(crate) fn print(
    out: &mut impl Write,
    columns: &[(&str, Align)],
    rows: &[Vec<String>],
) -> std::io::Result<()> {
    let rows: Vec<Vec<_>> = rows.iter().map(|row| row.iter().map(|cell| plain(cell)).collect()).collect();
    let width = |i: usize| {
        let cells = rows.iter().map(|row| row[i].chars().count());
        cells.chain([columns[i].0.chars().count()]).max().unwrap_or(0)
    };
    let widths: Vec<usize> = (0..columns.len()).map(width).collect();
    let heads: Vec<_> = columns.iter().map(|(head, _)| Cow::Borrowed(*head)).collect();
    for row in std::iter::once(&heads).chain(&rows) {
        let mut line = String::new();
        for ((cell, width), (_, align)) in row.iter().zip(&widths).zip(columns) {
            match align {
                Align::Left => line.push_str(&format!("{cell:<width$}  ")),
                Align::Right => line.push_str(&format!("{cell:>width$}  ")),
            }
        }
        writeln!(out, "{}", line.trim_end())?;
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn columns_are_as_wide_as_their_content() {
        let mut out = Vec::new();
        let columns = [("model", Align::Left), ("wape", Align::Right)];
        print(&mut out, &columns, &[vec!["naïve".into(), "9.5".into()], vec!["ma".into(), "10.25".into()]])
            .unwrap();
        assert_eq!(String::from_utf8(out).unwrap(), "model   wape\nnaïve    9.5\nma     10.25\n");
    }
}
