//! What a file is, by its bytes.

use std::fmt;

/// What a file is. Only what is read; what is known and refused is [`Foreign`].
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// Cells with something between them, as in CSV.
    Text,
    /// The text format of the Monash archive of time series.
    Tsf,
    /// A workbook of Excel since 2007.
    Xlsx,
    /// The same in binary.
    Xlsb,
    /// A workbook of Excel until 2003.
    Xls,
    /// A workbook of `LibreOffice` and others.
    Ods,
    /// Parquet.
    Parquet,
    /// An Arrow IPC file, also called Feather.
    ArrowFile,
    /// An Arrow IPC stream.
    ArrowStream,
    /// Compressed with gzip.
    Gzip,
    /// A zip archive that is no workbook, as far as its bytes tell without unpacking.
    Zip,
}

impl fmt::Display for Kind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Text => "CSV text",
            Self::Tsf => "a .tsf file",
            Self::Xlsx => "an Excel workbook",
            Self::Xlsb => "a binary Excel workbook",
            Self::Xls => "an old Excel workbook (.xls)",
            Self::Ods => "an OpenDocument spreadsheet",
            Self::Parquet => "Parquet",
            Self::ArrowFile => "an Arrow file",
            Self::ArrowStream => "an Arrow stream",
            Self::Gzip => "a gzip archive",
            Self::Zip => "a zip archive",
        })
    }
}

/// What a file is that is known and not read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Foreign {
    name: &'static str,
    advice: Advice,
}

/// What to do about a file that is not read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Advice {
    Save,
    Unpack,
}

impl fmt::Display for Foreign {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name)
    }
}

impl Foreign {
    /// An Office document that nobody can read without its password, whatever it holds.
    pub(super) const PROTECTED: Self = Self::of("an Office document protected by a password");

    pub(super) const fn of(name: &'static str) -> Self {
        Self { name, advice: Advice::Save }
    }

    pub(super) const fn packed(name: &'static str) -> Self {
        Self { name, advice: Advice::Unpack }
    }

    /// What its owner can do.
    pub(super) const fn advice(self) -> &'static str {
        match self.advice {
            Advice::Save => "save the table as CSV, Excel or Parquet",
            Advice::Unpack => "unpack it, or compress the table with gzip or zip",
        }
    }
}

/// Formats by what stands at their beginning, longer beginnings first where one is the beginning of another.
const FOREIGN: [(&[u8], Foreign); 24] = [
    (b"%PDF-", Foreign::of("a PDF document")),
    (b"SQLite format 3\0", Foreign::of("an SQLite database")),
    (b"\x89PNG\r\n", Foreign::of("an image (PNG)")),
    (b"\xFF\xD8\xFF", Foreign::of("an image (JPEG)")),
    (b"GIF87a", Foreign::of("an image (GIF)")),
    (b"GIF89a", Foreign::of("an image (GIF)")),
    (b"II*\0", Foreign::of("an image (TIFF)")),
    (b"MM\0*", Foreign::of("an image (TIFF)")),
    (b"{\\rtf", Foreign::of("an RTF document")),
    (b"\x89HDF\r\n", Foreign::of("an HDF5 file")),
    (b"CDF\x01", Foreign::of("a NetCDF file")),
    (b"CDF\x02", Foreign::of("a NetCDF file")),
    (b"FEA1", Foreign::of("a Feather file of version 1")),
    (b"ORC", Foreign::of("an ORC file")),
    (b"Obj\x01", Foreign::of("an Avro file")),
    (b"\x93NUMPY", Foreign::of("a NumPy array")),
    (b"RDX2\n", Foreign::of("an R workspace")),
    (b"RDX3\n", Foreign::of("an R workspace")),
    (b"$FL2", Foreign::of("an SPSS file")),
    (b"<stata_dta>", Foreign::of("a Stata file")),
    (b"\xFD7zXZ\0", Foreign::packed("compressed with xz")),
    (b"BZh", Foreign::packed("compressed with bzip2")),
    (b"\x28\xB5\x2F\xFD", Foreign::packed("compressed with Zstandard")),
    (b"7z\xBC\xAF\x27\x1C", Foreign::packed("a 7z archive")),
];

const OLE2: &[u8] = b"\xD0\xCF\x11\xE0\xA1\xB1\x1A\xE1";
const UTF8_MARK: &[u8] = b"\xEF\xBB\xBF";
/// How much of a text is looked at.
const BEGINNING: usize = 4096;
/// Where a tar archive says that it is one.
const TAR_MARK: usize = 257;

/// What the first bytes say.
pub(super) fn of(bytes: &[u8]) -> Result<Kind, Foreign> {
    if let Some((_, foreign)) = FOREIGN.iter().find(|(mark, _)| bytes.starts_with(mark)) {
        // The marks of ORC and bzip2 are letters, which a header may begin with as well.
        if !mark_is_word(bytes) {
            return Err(*foreign);
        }
    }
    match bytes {
        [b'P', b'A', b'R', b'1', ..] => Ok(Kind::Parquet),
        [b'A', b'R', b'R', b'O', b'W', b'1', 0, 0, ..] => Ok(Kind::ArrowFile),
        [0xFF, 0xFF, 0xFF, 0xFF, ..] => Ok(Kind::ArrowStream),
        [0x1F, 0x8B, 8, ..] => Ok(Kind::Gzip),
        [b'P', b'K', 3, 4, ..] | [b'P', b'K', 5, 6, ..] => Ok(Kind::Zip),
        _ if bytes.starts_with(OLE2) => of_ole2(bytes),
        _ if bytes.get(TAR_MARK..).is_some_and(|rest| rest.starts_with(b"ustar")) => {
            Err(Foreign::packed("a tar archive"))
        }
        _ => of_text(bytes),
    }
}

/// Whether what follows a mark of letters is the rest of a text.
fn mark_is_word(bytes: &[u8]) -> bool {
    let is_letters = bytes.starts_with(b"ORC") || bytes.starts_with(b"BZh") || bytes.starts_with(b"FEA1");
    is_letters && bytes.iter().take(64).all(|&byte| byte.is_ascii_graphic() || byte.is_ascii_whitespace())
}

/// A compound file holds the streams of a workbook, of a document, or of something encrypted. The entries of its
/// directory are aligned and begin with the name.
fn of_ole2(bytes: &[u8]) -> Result<Kind, Foreign> {
    const ENTRY: usize = 128;
    let has = |name: &str| {
        let name: Vec<u8> = name.encode_utf16().chain([0]).flat_map(u16::to_le_bytes).collect();
        bytes.chunks_exact(ENTRY).any(|entry| entry.starts_with(&name))
    };
    if has("EncryptedPackage") {
        return Err(Foreign::PROTECTED);
    }
    if has("Workbook") || has("Book") {
        return Ok(Kind::Xls);
    }
    Err(if has("WordDocument") { Foreign::of("a Word document") } else { Foreign::of("an Office document") })
}

fn of_text(bytes: &[u8]) -> Result<Kind, Foreign> {
    let bytes = bytes.strip_prefix(UTF8_MARK).unwrap_or(bytes);
    let beginning = bytes[..bytes.len().min(BEGINNING)].trim_ascii_start();
    let lower = beginning.to_ascii_lowercase();
    let begins = |marks: &[&str]| marks.iter().any(|mark| lower.starts_with(mark.as_bytes()));
    if begins(&["<!doctype html", "<html", "<head", "<body", "<table", "<meta", "<style"]) {
        return Err(Foreign::of("an HTML page"));
    }
    if begins(&["<?xml", "<workbook"]) {
        return Err(Foreign::of("an XML document"));
    }
    if is_json(beginning) {
        return Err(Foreign::of("JSON"));
    }
    Ok(if is_tsf(&lower) { Kind::Tsf } else { Kind::Text })
}

/// Whether a text begins as JSON does and no header would.
fn is_json(beginning: &[u8]) -> bool {
    let after = |rest: &[u8]| rest.trim_ascii_start().first().copied();
    match beginning {
        [b'{', rest @ ..] => matches!(after(rest), Some(b'"' | b'}')),
        [b'[', rest @ ..] => matches!(after(rest), Some(b'{' | b'[' | b'"' | b']' | b'0'..=b'9' | b'-')),
        _ => false,
    }
}

/// Whether the first line that is no comment is one of those above the data of a `.tsf` file.
fn is_tsf(beginning: &[u8]) -> bool {
    let lines = beginning.split(|&byte| byte == b'\n' || byte == b'\r').map(<[u8]>::trim_ascii);
    let first = lines.into_iter().find(|line| !line.is_empty() && !line.starts_with(b"#"));
    let words: [&[u8]; 7] =
        [b"@relation", b"@attribute", b"@frequency", b"@horizon", b"@missing", b"@equallength", b"@data"];
    first.is_some_and(|line| words.iter().any(|word| line.starts_with(word)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_file_is_told_by_its_first_bytes() {
        let check = |bytes: &[u8], expected: &str| {
            let found =
                of(bytes).map_or_else(|foreign| format!("not read: {foreign}"), |kind| kind.to_string());
            assert_eq!(found, expected, "{}", String::from_utf8_lossy(bytes));
        };
        check(b"", "CSV text");
        check(b"date,value\n", "CSV text");
        check(b"PAR1\x15\x04", "Parquet");
        check(b"ARROW1\0\0", "an Arrow file");
        check(b"ARROW1,value\n", "CSV text");
        check(b"\xFF\xFF\xFF\xFF\x10\0\0\0", "an Arrow stream");
        check(b"\xFF\xFEd\0a\0", "CSV text");
        check(b"\x1F\x8B\x08\0", "a gzip archive");
        check(b"PK\x03\x04", "a zip archive");
        check(b"PK,value", "CSV text");
        check(b"%PDF-1.7", "not read: a PDF document");
        check(b"SQLite format 3\0", "not read: an SQLite database");
        check(b"\x89PNG\r\n\x1A\n", "not read: an image (PNG)");
        check(b"BZh91AY&SY\x8E", "not read: compressed with bzip2");
        check(b"BZhaus,value\n1,2\n", "CSV text");
        check(b"ORC\x08\x03", "not read: an ORC file");
        check(b"ORCHARD,value\n1,2\n", "CSV text");
        check(b"\xEF\xBB\xBF  <!DOCTYPE html><html>", "not read: an HTML page");
        check(b"\n<table><tr>", "not read: an HTML page");
        check(b"<?xml version=\"1.0\"?>", "not read: an XML document");
        check(b"{\"a\": 1}", "not read: JSON");
        check(b" [\n {\"a\"", "not read: JSON");
        check(b"[Report],2024\n", "CSV text");
        check(b"{x},y\n", "CSV text");
        check(b"# from Monash\n@relation a\n", "a .tsf file");
        check(b"@RELATION a\r\n", "a .tsf file");
        check(b"@user,value\n", "CSV text");
    }

    #[test]
    fn a_compound_file_is_told_by_its_streams() {
        let with = |name: &str| {
            let mut bytes = OLE2.to_vec();
            bytes.resize(640, 0);
            bytes.extend(name.encode_utf16().flat_map(u16::to_le_bytes));
            bytes.resize(1024, 0);
            of(&bytes)
        };
        assert_eq!(with("Workbook"), Ok(Kind::Xls));
        assert_eq!(with("Book"), Ok(Kind::Xls));
        assert!(with("EncryptedPackage").unwrap_err().to_string().contains("password"));
        assert_eq!(with("WordDocument").unwrap_err().to_string(), "a Word document");
        assert_eq!(with("Other").unwrap_err().to_string(), "an Office document");
    }
}
