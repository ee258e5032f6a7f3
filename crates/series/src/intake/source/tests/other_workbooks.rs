//! Workbooks that the writer at hand does not write: put together here, byte by byte.

use kernel::Fault;
use proptest::prelude::*;

use super::packed::zip;
use super::*;

const SPREADSHEET: &[u8] = b"application/vnd.oasis.opendocument.spreadsheet";

fn ods(rows: &str) -> Vec<u8> {
    let content = format!(
        "<?xml version=\"1.0\"?><office:document-content><office:body><office:spreadsheet>\
         <table:table table:name=\"Sales\">{rows}</table:table></office:spreadsheet></office:body></office:document-content>"
    );
    let files: &[(&str, &[u8])] = &[
        ("mimetype", SPREADSHEET),
        ("content.xml", content.as_bytes()),
        ("META-INF/manifest.xml", b"<manifest:manifest/>"),
    ];
    zip(files)
}

fn ods_row(cells: &[&str]) -> String {
    format!("<table:table-row>{}</table:table-row>", cells.concat())
}

fn ods_text(text: &str) -> String {
    format!("<table:table-cell office:value-type=\"string\"><text:p>{text}</text:p></table:table-cell>")
}

const ODS_DAY: &str = "<table:table-cell office:value-type=\"date\" office:date-value=\"2024-01-31\"><text:p>x</text:p></table:table-cell>";
const ODS_NUMBER: &str = "<table:table-cell office:value-type=\"float\" office:value=\"5.5\"><text:p>x</text:p></table:table-cell>";

fn record(kind: u16, data: &[u8]) -> Vec<u8> {
    let length = u16::try_from(data.len()).unwrap();
    [&kind.to_le_bytes(), &length.to_le_bytes(), data].concat()
}

fn begin(kind: u8) -> Vec<u8> {
    record(0x0809, &[0, 6, kind, 0, 0, 0, 0, 0, 0, 0, 0, 0, 6, 0, 0, 0])
}

/// A cell of text or of a number.
fn xls_cell(row: u16, column: u16, cell: &str) -> Vec<u8> {
    let mut data = [row.to_le_bytes(), column.to_le_bytes(), [0, 0]].concat();
    if let Ok(number) = cell.parse::<f64>() {
        data.extend(number.to_le_bytes());
        return record(0x0203, &data);
    }
    data.extend(u16::try_from(cell.len()).unwrap().to_le_bytes());
    data.push(0);
    data.extend(cell.bytes());
    record(0x0204, &data)
}

/// A workbook of one sheet of these records.
fn xls(records: &[Vec<u8>]) -> Vec<u8> {
    let sheet_entry =
        |place: u32| record(0x0085, &[&place.to_le_bytes()[..], &[0, 0, 5, 0], b"Sales"].concat());
    let end = record(0x000A, &[]);
    let globals = |place| [begin(5), sheet_entry(place), end.clone()].concat();
    let place = u32::try_from(globals(0).len()).unwrap();
    let mut stream = [globals(place), begin(0x10), records.concat(), end.clone()].concat();
    // Streams of fewer bytes stand elsewhere.
    stream.resize(stream.len().max(4096).next_multiple_of(512), 0);
    compound(&stream)
}

fn compound(stream: &[u8]) -> Vec<u8> {
    const LAST: u32 = 0xFFFF_FFFE;
    const FREE: u32 = 0xFFFF_FFFF;
    let longs = |numbers: &[u32]| numbers.iter().flat_map(|number| number.to_le_bytes()).collect::<Vec<u8>>();
    let mut bytes = b"\xD0\xCF\x11\xE0\xA1\xB1\x1A\xE1".to_vec();
    bytes.resize(24, 0);
    bytes.extend([0x3E, 0, 3, 0, 0xFE, 0xFF, 9, 0, 6, 0, 0, 0, 0, 0, 0, 0]);
    bytes.extend(longs(&[0, 1, 1, 0, 4096, LAST, 0, LAST, 0, 0]));
    bytes.resize(512, 0xFF);
    let sectors = u32::try_from(stream.len() / 512).unwrap();
    let mut table = vec![0xFFFF_FFFD, LAST];
    table.extend((0..sectors).map(|nth| if nth + 1 == sectors { LAST } else { nth + 3 }));
    table.resize(128, FREE);
    bytes.extend(longs(&table));
    let size = u32::try_from(stream.len()).unwrap();
    for (name, kind, start, size) in [("Root Entry", 5, LAST, 0), ("Workbook", 2, 2, size)] {
        let mut entry: Vec<u8> = name.encode_utf16().flat_map(u16::to_le_bytes).collect();
        entry.resize(64, 0);
        entry.extend(u16::try_from(2 * name.len() + 2).unwrap().to_le_bytes());
        entry.extend([kind, 1]);
        entry.extend(longs(&[FREE, FREE, if kind == 5 { 1 } else { FREE }]));
        entry.resize(116, 0);
        entry.extend(longs(&[start, size, 0]));
        bytes.extend(entry);
    }
    bytes.resize(512 * 3, 0);
    bytes.extend(stream);
    bytes
}

fn table_of(bytes: &[u8], kind: Kind) -> (Vec<String>, Vec<Vec<String>>) {
    let (table, facts) =
        read(bytes, &Stated::default()).unwrap_or_else(|error| panic!("{}", kernel::error_chain(&error)));
    assert_eq!((facts.kind, facts.sheet.as_deref()), (kind, Some("Sales")));
    shown(&table)
}

#[test]
fn an_open_document_is_read() {
    let blank = "<table:table-cell table:number-columns-repeated=\"16380\"/>";
    let header = ods_row(&[&ods_text("date"), &ods_text("value"), blank]);
    let data = ods_row(&[ODS_DAY, ODS_NUMBER, blank]);
    let rest = format!("<table:table-row table:number-rows-repeated=\"1048000\">{blank}</table:table-row>");
    let title = ods_row(&[&ods_text("Report")]);
    let (names, rows) = table_of(&ods(&format!("{title}{header}{data}{data}{rest}")), Kind::Ods);
    assert_eq!(names, ["date", "value"]);
    assert_eq!(rows, [["2024-01-31 00:00:00", "5.5"], ["2024-01-31 00:00:00", "5.5"]]);
}

fn sales() -> Vec<Vec<u8>> {
    let cells = ["date", "value", "2024-01-31", "5.5", "2024-02-29", "6"];
    (0..).zip(cells).map(|(at, cell)| xls_cell(at / 2, at % 2, cell)).collect()
}

#[test]
fn an_old_workbook_is_read() {
    let (names, rows) = table_of(&xls(&sales()), Kind::Xls);
    assert_eq!(names, ["date", "value"]);
    assert_eq!(rows, [["2024-01-31", "5.5"], ["2024-02-29", "6"]]);
}

#[test]
fn a_workbook_that_would_take_all_memory_is_refused() {
    let check = |bytes: &[u8], code: &str| {
        let error = read(bytes, &Stated::default()).unwrap_err();
        assert_eq!(error.code(), code, "{}", kernel::error_chain(&error));
    };
    let mut far = sales();
    far.push(xls_cell(65535, 65535, "x"));
    check(&xls(&far), "TABLE_TOO_MANY_CELLS");
    let dimensions = [&0_u32.to_le_bytes()[..], &u32::MAX.to_le_bytes(), &[0, 0, 255, 0, 0, 0]].concat();
    check(&xls(&[vec![record(0x0200, &dimensions)], sales()].concat()), "TABLE_TOO_MANY_CELLS");
    let full = "<table:table-cell table:number-columns-repeated=\"16384\" office:value-type=\"float\" office:value=\"1\"/>";
    check(&ods(&ods_row(&[full]).repeat(5000)), "TABLE_TOO_MANY_CELLS");
    let rows = format!(
        "<table:table-row table:number-rows-repeated=\"1000000\">{}</table:table-row>",
        ODS_DAY.repeat(90)
    );
    check(&ods(&rows), "TABLE_TOO_MANY_CELLS");
    let texts = b"<?xml version=\"1.0\"?><sst uniqueCount=\"99999999999\"><si><t>a</t></si></sst>";
    let files: &[(&str, &[u8])] = &[
        ("[Content_Types].xml", b"<Types/>"),
        ("xl/workbook.xml", b"<workbook/>"),
        ("xl/sharedStrings.xml", texts),
    ];
    check(&zip(files), "TABLE_UNREADABLE");
}

#[test]
fn a_password_is_named() {
    let manifest = b"<manifest:manifest><manifest:file-entry><manifest:encryption-data></manifest:encryption-data></manifest:file-entry></manifest:manifest>";
    let files: &[(&str, &[u8])] =
        &[("mimetype", SPREADSHEET), ("content.xml", b"x"), ("META-INF/manifest.xml", manifest)];
    // What a password protects is a stream of a compound file, whichever workbook is in it.
    let name: Vec<u8> = "Workbook".encode_utf16().flat_map(u16::to_le_bytes).collect();
    let other: Vec<u8> = "EncryptedPackage".encode_utf16().flat_map(u16::to_le_bytes).collect();
    let mut protected = xls(&sales());
    let at = protected.windows(name.len()).position(|window| window == name).unwrap();
    protected[at..at + other.len()].copy_from_slice(&other);
    for bytes in [zip(files), protected] {
        let error = read(&bytes, &Stated::default()).unwrap_err();
        assert_eq!(error.to_string(), "the file is protected by a password; save it without one");
        assert_eq!(error.code(), "TABLE_PASSWORD");
    }
}

proptest! {
    #[test]
    fn no_change_of_a_workbook_makes_it_panic(
        is_xls in any::<bool>(),
        changes in prop::collection::vec((any::<prop::sample::Index>(), any::<u8>()), 1..4),
        cut in prop::option::of(any::<prop::sample::Index>()),
    ) {
        let mut bytes = if is_xls { xls(&sales()) } else { ods(&ods_row(&[ODS_DAY, ODS_NUMBER]).repeat(3)) };
        for (at, byte) in changes {
            let at = at.index(bytes.len());
            bytes[at] = byte;
        }
        if let Some(cut) = cut {
            bytes.truncate(cut.index(bytes.len()));
        }
        let _ = tables(&Bytes::from(bytes), &Stated::default());
    }

    #[test]
    fn no_change_inside_an_archive_makes_it_panic(at in any::<prop::sample::Index>(), byte in any::<u8>(), rows in 1_usize..4) {
        // Written anew, so that the check sum is right and the decoder sees the change.
        let text = format!("{}{}", ods_row(&[&ods_text("date"), &ods_text("value")]), ods_row(&[ODS_DAY, ODS_NUMBER]).repeat(rows));
        let mut text = text.into_bytes();
        let at = at.index(text.len());
        text[at] = byte;
        let _ = tables(&Bytes::from(ods(&String::from_utf8_lossy(&text))), &Stated::default());
    }
}
