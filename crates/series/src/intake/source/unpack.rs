//! What is inside gzip and zip.

use std::io::{Cursor, Read};

use bytes::Bytes;
use flate2::read::MultiGzDecoder;
use zip::ZipArchive;
use zip::result::ZipError;

use super::error::SourceError;
use super::facts::{Facts, Packed};
use super::guard::guarded;
use super::kind::{self, Foreign, Kind};

/// A zip archive in memory.
pub(super) type Archive = ZipArchive<Cursor<Bytes>>;

/// How often a file may be packed: a gzip archive in a zip archive is seen, more is not.
const MAX_PACKED: usize = 2;

/// No table is packed to less than this part of itself; what seems to be is made to fill the memory of whoever unpacks it.
const MAX_RATIO: u64 = 250;
/// Small files are unpacked whatever their ratio.
const ALWAYS: u64 = 64 << 20;

/// How many bytes may come out of so many.
fn room(packed: usize, limit: u64) -> u64 {
    limit.min((packed as u64).saturating_mul(MAX_RATIO).max(ALWAYS))
}

/// That it has more.
fn too_large(room: u64, limit: u64) -> SourceError {
    if room < limit { SourceError::Bomb { ratio: MAX_RATIO } } else { SourceError::TooLarge { limit } }
}

/// What a file holds once it is no longer packed, and what it is.
pub(super) fn all(bytes: &Bytes, limit: u64) -> Result<(Bytes, Facts), SourceError> {
    let mut bytes = bytes.clone();
    let (mut packed, mut member) = (None, None);
    for _ in 0..=MAX_PACKED {
        match layer(&bytes, limit)? {
            Layer::Open(kind) => return Ok((bytes, Facts { packed, member, ..Facts::of(kind) })),
            Layer::Gzip(inner) => {
                packed = packed.or(Some(Packed::Gzip));
                bytes = inner;
            }
            Layer::Zip(inner, name) => {
                packed = packed.or(Some(Packed::Zip));
                (bytes, member) = (inner, Some(name));
            }
        }
    }
    Err(SourceError::PackedTooDeep)
}

/// What a file is, with what is inside.
enum Layer {
    Open(Kind),
    Gzip(Bytes),
    /// And the name it has there.
    Zip(Bytes, String),
}

fn layer(bytes: &Bytes, limit: u64) -> Result<Layer, SourceError> {
    let kind = kind::of(bytes)?;
    match kind {
        Kind::Gzip => gunzip(bytes, limit).map(Layer::Gzip),
        Kind::Zip => {
            let (mut archive, names) = open(bytes)?;
            match kind_of(&names)? {
                Kind::Zip => {
                    unzip_one(&mut archive, &names, limit).map(|(inner, name)| Layer::Zip(inner, name))
                }
                workbook => Ok(Layer::Open(workbook)),
            }
        }
        kind => Ok(Layer::Open(kind)),
    }
}

/// What a gzip archive of one or several members holds.
fn gunzip(bytes: &Bytes, limit: u64) -> Result<Bytes, SourceError> {
    let room = room(bytes.len(), limit);
    let unpacked = guarded(Kind::Gzip, || up_to(room, MultiGzDecoder::new(&bytes[..])))?;
    unpacked.ok_or_else(|| too_large(room, limit))
}

/// All of a reader, or nothing if it is more than the limit.
fn up_to(limit: u64, reader: impl Read) -> std::io::Result<Option<Bytes>> {
    let mut unpacked = Vec::new();
    reader.take(limit.saturating_add(1)).read_to_end(&mut unpacked)?;
    Ok((unpacked.len() as u64 <= limit).then(|| unpacked.into()))
}

/// Opens a zip archive and lists it.
pub(super) fn open(bytes: &Bytes) -> Result<(Archive, Vec<String>), SourceError> {
    guarded(Kind::Zip, || {
        let archive = ZipArchive::new(Cursor::new(bytes.clone()))?;
        let names =
            (0..archive.len()).map(|at| archive.name_for_index(at).unwrap_or(Err(ZipError::FileNotFound)));
        let names =
            names.map(|name| name.map(std::borrow::Cow::into_owned)).collect::<Result<_, ZipError>>()?;
        Ok::<_, ZipError>((archive, names))
    })
}

/// What an archive of these files is: a workbook, a document, or just an archive.
fn kind_of(names: &[String]) -> Result<Kind, Foreign> {
    // Office writes the paths as it likes.
    let has = |path: &str| names.iter().any(|name| name.trim_start_matches('/').eq_ignore_ascii_case(path));
    let begins = |path: &str| names.iter().any(|name| name.starts_with(path));
    if has("xl/workbook.bin") {
        return Ok(Kind::Xlsb);
    }
    if has("xl/workbook.xml") || has("[Content_Types].xml") && begins("xl/") {
        return Ok(Kind::Xlsx);
    }
    if has("mimetype") && has("content.xml") {
        return Ok(Kind::Ods);
    }
    if has("word/document.xml") {
        return Err(Foreign::of("a Word document"));
    }
    if begins("ppt/") {
        return Err(Foreign::of("a PowerPoint document"));
    }
    if names.iter().any(|name| name.rsplit('.').next() == Some("iwa")) {
        return Err(Foreign::of("an Apple iWork document"));
    }
    Ok(Kind::Zip)
}

/// The one table in an archive and its name.
fn unzip_one(archive: &mut Archive, names: &[String], limit: u64) -> Result<(Bytes, String), SourceError> {
    let name = the_one(names)?;
    let at = names.iter().position(|other| *other == name).expect("it is one of them");
    let (is_encrypted, packed) = guarded(Kind::Zip, || {
        archive.by_index_raw(at).map(|file| (file.encrypted(), file.compressed_size()))
    })?;
    if is_encrypted {
        return Err(SourceError::Password);
    }
    let room = room(usize::try_from(packed).unwrap_or(usize::MAX), limit);
    let unpacked = guarded(Kind::Zip, || up_to(room, archive.by_index(at)?).map_err(ZipError::Io))?;
    Ok((unpacked.ok_or_else(|| too_large(room, limit))?, name))
}

/// The only file, or the only one that is called like a table. What operating systems put beside files is not counted.
fn the_one(names: &[String]) -> Result<String, SourceError> {
    let is_litter = |name: &str| {
        let last = name.rsplit(['/', '\\']).next().unwrap_or(name);
        name.starts_with("__MACOSX/")
            || last.starts_with('.')
            || last.is_empty()
            || last.eq_ignore_ascii_case("thumbs.db")
    };
    let files: Vec<&String> = names.iter().filter(|name| !is_litter(name)).collect();
    let tables: Vec<&&String> = files.iter().filter(|name| is_called_a_table(name)).collect();
    match (&files[..], &tables[..]) {
        ([], _) => Err(SourceError::EmptyArchive),
        ([only], _) => Ok((*only).clone()),
        (_, [only]) => Ok((**only).clone()),
        _ => Err(SourceError::SeveralMembers { members: files.into_iter().cloned().collect() }),
    }
}

fn is_called_a_table(name: &str) -> bool {
    const ENDS: [&str; 14] = [
        "csv", "tsv", "tab", "txt", "tsf", "xlsx", "xlsm", "xlsb", "xls", "ods", "parquet", "arrow",
        "feather", "gz",
    ];
    let end = name.rsplit('.').next().unwrap_or_default();
    // A text beside a table is a note about it; several tables are refused anyway.
    let is_note =
        name.to_ascii_lowercase().contains("readme") || name.to_ascii_lowercase().contains("license");
    !is_note && ENDS.iter().any(|known| end.eq_ignore_ascii_case(known))
}

/// Refuses a workbook that is larger than it may be once it is unpacked, before anybody unpacks it into memory.
pub(super) fn check_size(
    archive: &mut Archive,
    kind: Kind,
    packed: usize,
    limit: u64,
) -> Result<(), SourceError> {
    let all = room(packed, limit);
    let mut room = all;
    for at in 0..archive.len() {
        let used = guarded(kind, || {
            let mut file = archive.by_index(at)?;
            std::io::copy(&mut (&mut file).take(room.saturating_add(1)), &mut std::io::sink())
                .map_err(ZipError::Io)
        })?;
        room = room.checked_sub(used).ok_or_else(|| too_large(all, limit))?;
    }
    Ok(())
}

/// The beginning of a file in an archive.
pub(super) fn beginning(archive: &mut Archive, at: usize, bytes: u64) -> Result<Vec<u8>, ZipError> {
    let mut begin = Vec::new();
    archive.by_index(at)?.take(bytes).read_to_end(&mut begin).map_err(ZipError::Io)?;
    Ok(begin)
}
