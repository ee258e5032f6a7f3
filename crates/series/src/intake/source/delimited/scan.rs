//! A text, record by record.
//!
//! As RFC 4180 has it and programs bend it: cells may be quoted, a quote in a quoted cell is doubled, and lines end with
//! LF, CR LF or CR. The readers at hand neither tell a quote that is never closed nor count lines that end with CR.

/// Cells of a record or of a row of a sheet.
#[derive(Default)]
pub(in crate::intake) struct Row {
    /// The line it begins on, counted from 1.
    pub(in crate::intake) line: u64,
    cells: Vec<Cell>,
    /// The bytes of cells that do not stand in the text as they are.
    own: Vec<u8>,
    /// Whether text follows a closed quote.
    has_tail: bool,
}

/// Where the bytes of a cell are.
#[derive(Clone, Copy)]
struct Cell {
    from: usize,
    end: usize,
    is_own: bool,
}

impl Row {
    /// How many cells there are.
    pub(in crate::intake) fn len(&self) -> usize {
        self.cells.len()
    }

    /// The bytes of a cell without the white space around them.
    pub(in crate::intake) fn cell<'a>(&'a self, at: usize, text: &'a [u8]) -> &'a [u8] {
        let Cell { from, end, is_own } = self.cells[at];
        if is_own { &self.own[from..end] } else { &text[from..end] }
    }

    /// Whether no cell has any text.
    pub(in crate::intake) fn is_blank(&self) -> bool {
        self.cells.iter().all(|cell| cell.from == cell.end)
    }

    /// Cells up to the last that has text.
    pub(in crate::intake) fn extent(&self) -> usize {
        self.cells.iter().rposition(|cell| cell.from < cell.end).map_or(0, |last| last + 1)
    }

    /// Leaves out the cells behind the last that has text.
    pub(in crate::intake) fn trim_end(&mut self) {
        self.cells.truncate(self.extent());
    }

    /// Makes it an empty row of a line.
    pub(in crate::intake) fn clear(&mut self, line: u64) {
        self.line = line;
        self.cells.clear();
        self.own.clear();
        self.has_tail = false;
    }

    /// Whether a quote stands within a cell as it never does where the separator is the right one and the writer was
    /// careful.
    pub(super) fn has_stray_quote(&self, text: &[u8]) -> bool {
        let stray = |cell: &Cell| !cell.is_own && text[cell.from..cell.end].contains(&b'"');
        self.has_tail || self.cells.iter().any(stray)
    }

    /// Appends a cell whose bytes are not in the text.
    pub(in crate::intake) fn push_own(&mut self, bytes: &[u8]) {
        let from = self.own.len();
        self.own.extend_from_slice(bytes);
        self.cells.push(Cell { from, end: self.own.len(), is_own: true });
    }

    fn push(&mut self, text: &[u8], from: usize, end: usize) {
        let (from, end) = trimmed(text, from, end);
        self.cells.push(Cell { from, end, is_own: false });
    }

    fn push_unquoted_from(&mut self, from: usize) {
        let (from, end) = trimmed(&self.own, from, self.own.len());
        self.cells.push(Cell { from, end, is_own: true });
    }
}

/// A quote opens on this line and is never closed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Unclosed {
    pub(super) line: u64,
}

/// Reads one record after the other.
#[derive(Clone)]
pub(super) struct Scanner<'a> {
    text: &'a [u8],
    separator: Option<u8>,
    at: usize,
    line: u64,
    /// Bytes that end a cell.
    ends: [bool; 256],
}

impl<'a> Scanner<'a> {
    pub(super) fn new(text: &'a [u8], separator: Option<u8>) -> Self {
        let mut ends = [false; 256];
        for byte in separator.into_iter().chain([b'\n', b'\r']) {
            ends[usize::from(byte)] = true;
        }
        Self { text, separator, at: 0, line: 1, ends }
    }

    /// Goes on from a place on a line.
    pub(super) fn from(self, at: usize, line: u64) -> Self {
        Self { at, line, ..self }
    }

    /// The next record, or whether there is none.
    pub(super) fn next(&mut self, row: &mut Row) -> Result<bool, Unclosed> {
        row.clear(self.line);
        if self.at >= self.text.len() {
            return Ok(false);
        }
        loop {
            let end = self.cell(row)?;
            match self.text.get(end) {
                Some(&byte) if Some(byte) == self.separator => self.at = end + 1,
                Some(b'\r') if self.text.get(end + 1) == Some(&b'\n') => {
                    self.at = end + 2;
                    break;
                }
                Some(_) => {
                    self.at = end + 1;
                    break;
                }
                None => {
                    self.at = end;
                    break;
                }
            }
        }
        self.line += 1;
        Ok(true)
    }

    /// Takes a cell and returns where it ends.
    fn cell(&mut self, row: &mut Row) -> Result<usize, Unclosed> {
        let from = self.at;
        match self.text.get(from) {
            Some(b'"') => return self.quoted(from + 1, row),
            Some(b' ') => {
                let spaces = self.text[from..].iter().take_while(|&&byte| byte == b' ').count();
                if self.text.get(from + spaces) == Some(&b'"') {
                    return self.quoted(from + spaces + 1, row);
                }
            }
            _ => {}
        }
        let end = self.end_of_cell(from);
        row.push(self.text, from, end);
        Ok(end)
    }

    fn end_of_cell(&self, from: usize) -> usize {
        let rest = &self.text[from..];
        from + rest.iter().position(|&byte| self.ends[usize::from(byte)]).unwrap_or(rest.len())
    }

    /// Takes a quoted cell whose quote is before this place.
    fn quoted(&mut self, from: usize, row: &mut Row) -> Result<usize, Unclosed> {
        let opened = Unclosed { line: self.line };
        let begin = row.own.len();
        let mut at = from;
        loop {
            let rest = &self.text[at..];
            let length = rest.iter().position(|&byte| byte == b'"').ok_or(opened)?;
            row.own.extend_from_slice(&rest[..length]);
            at += length + 1;
            if self.text.get(at) != Some(&b'"') {
                break;
            }
            row.own.push(b'"');
            at += 1;
        }
        self.line += line_ends(&self.text[from..at]);
        let end = self.end_of_cell(at);
        let tail = &self.text[at..end];
        let has_tail = !tail.trim_ascii().is_empty();
        // A quote that belongs to the text, as that of inches, would close at the next one, some lines below.
        if has_tail && self.line > opened.line {
            return Err(opened);
        }
        row.has_tail |= has_tail;
        row.own.extend_from_slice(tail);
        row.push_unquoted_from(begin);
        Ok(end)
    }
}

/// Ends of lines, of which CR LF is one.
fn line_ends(bytes: &[u8]) -> u64 {
    let ends = bytes
        .iter()
        .enumerate()
        .filter(|&(at, &byte)| byte == b'\n' || byte == b'\r' && bytes.get(at + 1) != Some(&b'\n'));
    ends.count() as u64
}

/// The ends of a cell without the white space and the non-breaking spaces around it.
fn trimmed(text: &[u8], mut from: usize, mut end: usize) -> (usize, usize) {
    const NBSP: &[u8] = "\u{A0}".as_bytes();
    // Almost no cell has any, and every byte of a character beyond ASCII is above these.
    loop {
        match text[from..end].first() {
            Some(byte) if byte.is_ascii_whitespace() => from += 1,
            Some(0xC2) if text[from..end].starts_with(NBSP) => from += 2,
            _ => break,
        }
    }
    loop {
        match text[from..end].last() {
            Some(byte) if byte.is_ascii_whitespace() => end -= 1,
            Some(0xA0) if text[from..end].ends_with(NBSP) => end -= 2,
            _ => break,
        }
    }
    (from, end)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(text: &str, separator: u8) -> Result<Vec<(u64, Vec<String>)>, Unclosed> {
        let mut scanner = Scanner::new(text.as_bytes(), Some(separator));
        let (mut row, mut rows) = (Row::default(), Vec::new());
        while scanner.next(&mut row)? {
            let cell = |at| String::from_utf8(row.cell(at, text.as_bytes()).to_vec()).unwrap();
            rows.push((row.line, (0..row.len()).map(cell).collect()));
        }
        Ok(rows)
    }

    #[test]
    fn records_have_their_cells_and_lines() {
        let check = |text: &str, expected: &[(u64, &[&str])]| {
            let expected: Vec<(u64, Vec<String>)> = expected
                .iter()
                .map(|(line, cells)| (*line, cells.iter().map(|&cell| cell.to_owned()).collect()))
                .collect();
            assert_eq!(read(text, b','), Ok(expected), "{text:?}");
        };
        check("", &[]);
        check("a,b\n1,2\n", &[(1, &["a", "b"]), (2, &["1", "2"])]);
        check("a,b\r\n\r\n1,2", &[(1, &["a", "b"]), (2, &[""]), (3, &["1", "2"])]);
        check("a\rb\rc", &[(1, &["a"]), (2, &["b"]), (3, &["c"])]);
        check(" a\t,\u{A0}b \n", &[(1, &["a", "b"])]);
        check("à,\u{A0}à\n", &[(1, &["à", "à"])]);
        check("\"a,\"\"b\"\"\", \"c\" ,\"\"\n", &[(1, &["a,\"b\"", "c", ""])]);
        check("\"a\r\nb\rc\n\",d\ne", &[(1, &["a\r\nb\rc", "d"]), (5, &["e"])]);
        check("5\" pipe,\"x\"y\n", &[(1, &["5\" pipe", "xy"])]);
        check(",\n,", &[(1, &["", ""]), (2, &["", ""])]);
    }

    #[test]
    fn a_quote_that_is_never_closed_is_named_with_its_line() {
        assert_eq!(read("a,b\n1,\"2\n3,4\n", b','), Err(Unclosed { line: 2 }));
        assert_eq!(read("\"a\n\",\"b", b','), Err(Unclosed { line: 2 }));
        assert_eq!(read("x,1\n\"y,2\n\"z,3\n", b','), Err(Unclosed { line: 2 }));
    }
}
