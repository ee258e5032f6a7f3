//! The cells of an `OpenDocument` spreadsheet, which says of cells and rows how often they are repeated.

use std::io::{BufRead, Result};

/// Cells that the decoder makes of all sheets together.
pub(super) fn cells(mut content: impl BufRead) -> Result<u64> {
    let (mut cells, mut sheet, mut tag) = (0_u64, Sheet::default(), Vec::new());
    loop {
        tag.clear();
        if content.read_until(b'>', &mut tag)? == 0 {
            return Ok(cells.saturating_add(sheet.cells()));
        }
        let begin = tag.iter().rposition(|&byte| byte == b'<').unwrap_or(0);
        let tag = &tag[begin..];
        if tag.starts_with(b"<table:table-cell") || tag.starts_with(b"<table:covered-table-cell") {
            sheet.add_cell(tag);
        } else if tag.starts_with(b"<table:table-row") {
            sheet.begin_row(tag);
        } else if tag.starts_with(b"</table:table>") {
            cells = cells.saturating_add(std::mem::take(&mut sheet).cells());
        }
    }
}

/// What is known of a sheet so far.
#[derive(Default)]
struct Sheet {
    /// Cells as they are before rows are repeated.
    written: u64,
    /// Rows down to the last with a cell that is not empty.
    rows: u64,
    /// Columns to the last such cell.
    columns: u64,
    /// Rows down to and with this one.
    rows_here: u64,
    /// Columns of this row up to here.
    columns_here: u64,
    /// Those of them that are counted as written.
    written_here: u64,
}

impl Sheet {
    fn begin_row(&mut self, tag: &[u8]) {
        self.rows_here = self.rows_here.saturating_add(repeats(tag, b"table:number-rows-repeated"));
        (self.columns_here, self.written_here) = (0, 0);
    }

    fn add_cell(&mut self, tag: &[u8]) {
        self.columns_here = self.columns_here.saturating_add(repeats(tag, b"table:number-columns-repeated"));
        let is_empty =
            tag.ends_with(b"/>") && !holds(tag, b"office:value-type") && !holds(tag, b"table:formula");
        if !is_empty {
            self.rows = self.rows_here;
            self.columns = self.columns.max(self.columns_here);
            self.written = self.written.saturating_add(self.columns_here - self.written_here);
            self.written_here = self.columns_here;
        }
    }

    fn cells(&self) -> u64 {
        self.written.max(self.rows.saturating_mul(self.columns))
    }
}

fn holds(tag: &[u8], word: &[u8]) -> bool {
    tag.windows(word.len()).any(|window| window == word)
}

/// The number of an attribute; one if there is none.
fn repeats(tag: &[u8], attribute: &[u8]) -> u64 {
    let after = tag.windows(attribute.len()).position(|window| window == attribute);
    let Some(after) = after.map(|at| &tag[at + attribute.len()..]) else { return 1 };
    let digits =
        after.iter().skip_while(|byte| !byte.is_ascii_digit()).take_while(|byte| byte.is_ascii_digit());
    digits.fold(0_u64, |number, digit| number.saturating_mul(10).saturating_add(u64::from(digit - b'0')))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn repeated_cells_count_as_often_as_they_are_made() {
        let check = |rows: &str, expected: u64| {
            let text = format!("<?xml?><table:table table:name=\"a\">{rows}</table:table>");
            assert_eq!(cells(text.as_bytes()).unwrap(), expected, "{rows}");
            assert_eq!(cells(text.repeat(2).as_bytes()).unwrap(), 2 * expected, "{rows}");
        };
        let text =
            "<table:table-cell office:value-type=\"string\"><text:p>a &gt; b</text:p></table:table-cell>";
        let many = |cells: u32| {
            let repeated = format!("table:number-columns-repeated=\"{cells}\"");
            [
                format!("<table:table-cell {repeated}/>"),
                format!("<table:table-cell {repeated} office:value-type=\"float\"/>"),
            ]
        };
        let row = |repeated: u32, cells: &str| {
            format!("<table:table-row table:number-rows-repeated=\"{repeated}\">{cells}</table:table-row>")
        };
        let [blank, full] = many(1000);
        check("", 0);
        check(&row(1, text), 1);
        check(&row(1, &text.repeat(3)), 3);
        check(&row(5, &text.repeat(3)), 15);
        check(&(row(1, &format!("{text}{blank}")) + &row(1_000_000, &blank)), 1);
        check(&row(1, &format!("{blank}{text}")), 1001);
        check(&row(7, &format!("{full}{text}{blank}")), 7007);
        check(&(row(1_000_000, &blank) + &row(1, text)), 1_000_001);
    }
}
