//! Any bytes as the sheet, the shared texts or the styles of a workbook, or as one that is binary or old.

#![no_main]

use std::io::{Cursor, Write};

use libfuzzer_sys::fuzz_target;

#[path = "support/reading.rs"]
mod reading;

fuzz_target!(init: std::panic::set_hook(Box::new(|panic| eprintln!("{panic}"))), |bytes: &[u8]| {
    let Some((&first, rest)) = bytes.split_first() else { return };
    const PARTS: [(&str, &str); 6] = [
        ("[Content_Types].xml", r#"<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"/>"#),
        ("xl/workbook.xml", r#"<workbook xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships"><sheets><sheet name="a" sheetId="1" r:id="rId1"/></sheets></workbook>"#),
        ("xl/_rels/workbook.xml.rels", r#"<Relationships><Relationship Id="rId1" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/worksheet" Target="worksheets/sheet1.xml"/></Relationships>"#),
        ("xl/worksheets/sheet1.xml", r#"<worksheet><sheetData><row r="1"><c r="A1" t="s"><v>0</v></c><c r="B1"><v>2</v></c></row></sheetData></worksheet>"#),
        ("xl/sharedStrings.xml", r#"<sst><si><t>date</t></si></sst>"#),
        ("content.xml", "<office:document-content/>"),
    ];
    let place = usize::from(first) % 8;
    let file = match place {
        6 => [&b"\xD0\xCF\x11\xE0\xA1\xB1\x1A\xE1"[..], rest].concat(),
        _ => {
            let mut writer = zip::ZipWriter::new(Cursor::new(Vec::new()));
            for (at, (name, part)) in PARTS.iter().enumerate() {
                if (at == 5) != (place == 5) && at != 0 {
                    continue;
                }
                let bytes = if at == place { rest } else { part.as_bytes() };
                writer.start_file(*name, zip::write::SimpleFileOptions::default()).expect("memory takes it");
                writer.write_all(bytes).expect("memory takes it");
            }
            if place == 5 || place == 7 {
                let (name, bytes) = if place == 5 { ("mimetype", &b"x"[..]) } else { ("xl/workbook.bin", rest) };
                writer.start_file(name, zip::write::SimpleFileOptions::default()).expect("memory takes it");
                writer.write_all(bytes).expect("memory takes it");
            }
            writer.finish().expect("memory takes it").into_inner()
        }
    };
    reading::check(file, first);
});
