//! The cells of a workbook of Excel until 2003, by MS-XLS 2.4.

use std::collections::BTreeMap;

use super::compound::stream;

const BEGIN: u16 = 0x0809;
const END: u16 = 0x000A;
const SHEET: u16 = 0x0085;
const DIMENSIONS: u16 = 0x0200;
/// A row of numbers, the last two bytes of which are the last column.
const NUMBERS: u16 = 0x00BD;
/// Number, label, rich text, truth or error, number of 30 bits, shared text, formula.
const CELLS: [u16; 7] = [0x0203, 0x0204, 0x00D6, 0x0205, 0x027E, 0x00FD, 0x0006];

/// The areas of all sheets together.
pub(super) fn cells(bytes: &[u8]) -> Result<u64, &'static str> {
    let stream = stream(bytes, &["Workbook", "Book"])?;
    let mut areas = BTreeMap::new();
    let mut cells = 0_u64;
    for record in Records(&stream).filter(|record| record.kind == SHEET) {
        let Some(place) = record.data.first_chunk::<4>().map(|four| u32::from_le_bytes(*four) as usize)
        else {
            continue;
        };
        let sheet = stream.get(place..).ok_or("a sheet is beyond the end")?;
        cells = cells.saturating_add(*areas.entry(place).or_insert_with(|| area(sheet)));
    }
    Ok(cells)
}

/// The area that the cells of a sheet span, or that it says they do.
fn area(sheet: &[u8]) -> u64 {
    let (mut rows, mut columns, mut declared) = (0_u64, 0_u64, 0_u64);
    let mut depth = 0_usize;
    for Record { kind, data } in Records(sheet) {
        let short = |at: usize| {
            data.get(at..).and_then(|rest| rest.first_chunk()).map_or(0, |two| u16::from_le_bytes(*two))
        };
        match kind {
            BEGIN => depth += 1,
            END if depth <= 1 => break,
            END => depth -= 1,
            DIMENSIONS => declared = declared.max(declared_area(data)),
            NUMBERS => {
                rows = rows.max(u64::from(short(0)) + 1);
                columns = columns.max(u64::from(short(2)) + data.len() as u64 / 6 + 1);
            }
            kind if CELLS.contains(&kind) => {
                rows = rows.max(u64::from(short(0)) + 1);
                columns = columns.max(u64::from(short(2)) + 1);
            }
            _ => {}
        }
    }
    declared.max(rows * columns)
}

/// By the first row, the row after the last, the first column and the column after the last. Rows have 16 bits in older
/// files. The decoder takes the difference without a look at which is greater.
fn declared_area(data: &[u8]) -> u64 {
    let (shorts, _) = data.as_chunks::<2>();
    let short = |at: usize| u64::from(u16::from_le_bytes(shorts[at]));
    let (first_row, rows, first_column, columns) = match shorts.len() {
        0..5 => return 0,
        5 | 6 => (short(0), short(1), short(2), short(3)),
        _ => (short(0) | short(1) << 16, short(2) | short(3) << 16, short(4), short(5)),
    };
    if rows == 0 || columns == 0 {
        return 1;
    }
    let first_column = if first_column > 0xFF { 0 } else { first_column };
    let columns = columns.checked_sub(first_column).unwrap_or(columns);
    rows.checked_sub(first_row).map_or(u64::MAX, |rows| rows.saturating_mul(columns))
}

/// A kind, a length and so many bytes.
struct Record<'a> {
    kind: u16,
    data: &'a [u8],
}

struct Records<'a>(&'a [u8]);

impl<'a> Iterator for Records<'a> {
    type Item = Record<'a>;

    fn next(&mut self) -> Option<Record<'a>> {
        let (head, rest) = self.0.split_first_chunk::<4>()?;
        let kind = u16::from_le_bytes([head[0], head[1]]);
        let (data, rest) = rest.split_at_checked(u16::from_le_bytes([head[2], head[3]]).into())?;
        self.0 = rest;
        Some(Record { kind, data })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn record(kind: u16, data: &[u8]) -> Vec<u8> {
        [&kind.to_le_bytes(), &u16::try_from(data.len()).unwrap().to_le_bytes(), data].concat()
    }

    #[test]
    fn a_sheet_is_as_large_as_it_says_or_as_its_cells_lie_apart() {
        let long = |numbers: [u32; 2], columns: [u16; 2]| {
            let mut data: Vec<u8> = numbers.iter().flat_map(|number| number.to_le_bytes()).collect();
            data.extend(columns.iter().flat_map(|number| number.to_le_bytes()));
            data.extend([0, 0]);
            data
        };
        let check = |records: &[Vec<u8>], expected: u64| assert_eq!(area(&records.concat()), expected);
        let begin = record(BEGIN, &[0; 16]);
        check(&[], 0);
        check(&[begin.clone(), record(DIMENSIONS, &long([0, 10], [0, 5]))], 50);
        check(&[begin.clone(), record(DIMENSIONS, &long([2, 10], [1, 5]))], 32);
        check(&[begin.clone(), record(DIMENSIONS, &long([0, 0], [0, 0]))], 1);
        check(&[begin.clone(), record(DIMENSIONS, &long([10, 2], [0, 5]))], u64::MAX);
        let cell =
            |row: u16, column: u16| record(0x0203, &[row.to_le_bytes(), column.to_le_bytes()].concat());
        check(&[begin.clone(), cell(0, 0), cell(9, 4)], 50);
        check(&[begin.clone(), cell(u16::MAX, 0), cell(0, u16::MAX)], 1 << 32);
        // What follows the end belongs to another sheet, but not what follows the end of a chart in it.
        check(&[begin.clone(), record(END, &[]), cell(9, 9)], 0);
        check(&[begin.clone(), begin, record(END, &[]), cell(1, 1), record(END, &[])], 4);
    }
}
