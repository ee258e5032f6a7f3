//! Files in gzip and in zip archives.

use std::io::{Cursor, Write};

use flate2::Compression;
use flate2::write::GzEncoder;
use kernel::Fault;
use proptest::prelude::*;
use zip::ZipWriter;
use zip::write::SimpleFileOptions;

use super::facts::Packed;
use super::*;

const TABLE: &[u8] = b"date,value\n2024-01-01,5\n2024-01-02,6\n";

fn gzip(bytes: &[u8]) -> Vec<u8> {
    let mut encoder = GzEncoder::new(Vec::new(), Compression::fast());
    encoder.write_all(bytes).unwrap();
    encoder.finish().unwrap()
}

pub(super) fn zip(files: &[(&str, &[u8])]) -> Vec<u8> {
    let mut writer = ZipWriter::new(Cursor::new(Vec::new()));
    for (name, bytes) in files {
        writer.start_file(*name, SimpleFileOptions::default()).unwrap();
        writer.write_all(bytes).unwrap();
    }
    writer.finish().unwrap().into_inner()
}

fn plain(bytes: &[u8]) -> (Table, Facts) {
    read(bytes, &Stated::default()).unwrap_or_else(|error| panic!("{}", kernel::error_chain(&error)))
}

fn refusal(bytes: &[u8]) -> SourceError {
    tables(&Bytes::copy_from_slice(bytes), &Stated::default()).expect_err("it is refused")
}

#[test]
fn what_is_inside_is_read() {
    let expected = shown(&plain(TABLE).0);
    let check = |bytes: &[u8], packed: Packed, member: Option<&str>| {
        let (table, facts) = plain(bytes);
        assert_eq!(shown(&table), expected);
        assert_eq!((facts.kind, facts.packed, facts.member.as_deref()), (Kind::Text, Some(packed), member));
    };
    check(&gzip(TABLE), Packed::Gzip, None);
    check(&[gzip(&TABLE[..15]), gzip(&TABLE[15..])].concat(), Packed::Gzip, None);
    check(&zip(&[("sales.csv", TABLE)]), Packed::Zip, Some("sales.csv"));
    check(
        &zip(&[("a/sales.dat", TABLE), ("__MACOSX/a/._sales.dat", b"x"), ("a/.DS_Store", b"x")]),
        Packed::Zip,
        Some("a/sales.dat"),
    );
    check(
        &zip(&[("sales.csv", TABLE), ("README.txt", b"x"), ("plot.png", b"x")]),
        Packed::Zip,
        Some("sales.csv"),
    );
    check(&zip(&[("sales.csv.gz", &gzip(TABLE))]), Packed::Zip, Some("sales.csv.gz"));
    check(&gzip(&zip(&[("sales.csv", TABLE)])), Packed::Gzip, Some("sales.csv"));
}

#[test]
fn columnar_files_are_handed_on() {
    let Ok(Source::Columnar(kind, bytes, facts)) = tables(&gzip(b"PAR1 and more").into(), &Stated::default())
    else {
        panic!("it is Parquet")
    };
    assert_eq!((kind, &bytes[..], facts.packed), (Kind::Parquet, &b"PAR1 and more"[..], Some(Packed::Gzip)));
}

#[test]
fn what_unpacks_to_far_more_than_a_table_could_is_refused_early() {
    let zeros = vec![b'0'; 80 << 20];
    let mut best = GzEncoder::new(Vec::new(), Compression::best());
    best.write_all(&zeros).unwrap();
    for bytes in [best.finish().unwrap(), zip(&[("a.csv", &zeros)])] {
        let error = tables(&bytes.into(), &Stated::default()).map(|_| ()).expect_err("it is refused");
        assert_eq!(error.code(), "TABLE_TOO_LARGE");
        assert!(error.to_string().contains("more than 250 times"), "{error}");
    }
}

#[test]
fn what_cannot_be_unpacked_is_refused() {
    let check = |bytes: &[u8], code: &str, message: &str| {
        let error = refusal(bytes);
        assert_eq!((error.code(), error.to_string().starts_with(message)), (code, true), "{error}");
    };
    let two: &[(&str, &[u8])] = &[("a.csv", TABLE), ("b.csv", TABLE)];
    check(
        &zip(two),
        "TABLE_ARCHIVE",
        "the zip archive holds 2 files: `a.csv`, `b.csv`; unpack it and choose one",
    );
    check(&zip(&[]), "TABLE_ARCHIVE", "the zip archive holds no file");
    check(&zip(&[("word/document.xml", b"x")]), "TABLE_FOREIGN", "this is a Word document");
    check(&gzip(&gzip(&gzip(TABLE))), "TABLE_ARCHIVE", "the file is packed more than twice");
    check(&gzip(TABLE)[..20], "TABLE_UNREADABLE", "the bytes cannot be read as a gzip archive");
    check(&zip(two)[..60], "TABLE_UNREADABLE", "the bytes cannot be read as a zip archive");
    check(&gzip(b"%PDF-1.7"), "TABLE_FOREIGN", "this is a PDF document");
}

#[test]
fn a_bomb_is_refused() {
    let stated = Stated { limits: Limits { unpacked: 1 << 20, ..Limits::default() }, ..Stated::default() };
    let zeros = vec![b'0'; (1 << 20) + 1];
    for bytes in [gzip(&zeros), zip(&[("a.csv", &zeros)])] {
        let error = tables(&bytes.into(), &stated).unwrap_err();
        assert_eq!((error.code(), error.class()), ("TABLE_TOO_LARGE", kernel::Class::TooLarge));
    }
    let fits = [TABLE, &vec![b'\n'; (1 << 20) - TABLE.len()]].concat();
    assert!(tables(&gzip(&fits).into(), &stated).is_ok());
}

proptest! {
    #[test]
    fn no_change_of_an_archive_makes_it_panic(is_zip in any::<bool>(), at in any::<prop::sample::Index>(), byte in any::<u8>()) {
        let mut bytes = if is_zip { zip(&[("a.csv", TABLE), ("README", b"x")]) } else { gzip(TABLE) };
        let at = at.index(bytes.len());
        bytes[at] = byte;
        let _ = tables(&Bytes::from(bytes), &Stated::default());
    }
}
