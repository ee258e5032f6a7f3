//! A stream out of a compound file, by MS-CFB: sectors that follow each other by a table, and small streams in smaller
//! sectors inside one of the others.

const FREE: u32 = 0xFFFF_FFFA;
const ENTRY: usize = 128;
const HEADER: usize = 512;
const SMALL_SECTOR: usize = 64;
/// Streams below this size are in small sectors.
const SMALL_STREAM: usize = 4096;
/// Sectors of the table that the header itself names.
const NAMED_IN_HEADER: usize = 109;

/// An open compound file.
struct Compound<'a> {
    bytes: &'a [u8],
    sector_size: usize,
    /// The sector after each sector.
    next: Vec<u32>,
}

/// The first stream of one of these names.
pub(super) fn stream(bytes: &[u8], names: &[&str]) -> Result<Vec<u8>, &'static str> {
    let file = Compound::open(bytes)?;
    let directory = file.chain(number(bytes, 48)?)?;
    let entry = |name: &str| {
        let name: Vec<u8> =
            name.to_ascii_uppercase().encode_utf16().chain([0]).flat_map(u16::to_le_bytes).collect();
        directory.chunks_exact(ENTRY).find(|entry| entry[..name.len()].to_ascii_uppercase() == name)
    };
    let root = directory.get(..ENTRY).ok_or("there is no directory")?;
    let entry = names.iter().find_map(|name| entry(name)).ok_or("there is no workbook in it")?;
    let size = number(entry, 120)? as usize;
    let mut stream = if size < SMALL_STREAM {
        file.small_chain(number(entry, 116)?, number(root, 116)?)?
    } else {
        file.chain(number(entry, 116)?)?
    };
    stream.truncate(size);
    Ok(stream)
}

impl<'a> Compound<'a> {
    fn open(bytes: &'a [u8]) -> Result<Self, &'static str> {
        let sector_size = if number(bytes, 30)? & 0xFFFF == 12 { 4096 } else { 512 };
        let mut file = Self { bytes, sector_size, next: Vec::new() };
        let mut tables: Vec<u32> =
            (0..NAMED_IN_HEADER).map(|nth| number(bytes, 76 + 4 * nth)).collect::<Result<_, _>>()?;
        let mut more = number(bytes, 68)?;
        while more < FREE {
            let sector = file.sector(more)?;
            tables.extend(numbers(sector));
            more = tables.pop().unwrap_or(FREE);
            if tables.len() > bytes.len() {
                return Err("its table goes in circles");
            }
        }
        for table in tables.into_iter().filter(|&table| table < FREE) {
            let sector = file.sector(table)?;
            file.next.extend(numbers(sector));
        }
        Ok(file)
    }

    fn sector(&self, nth: u32) -> Result<&'a [u8], &'static str> {
        // The header takes the place of a first sector, however long it is.
        let from = (nth as usize + 1).saturating_mul(self.sector_size).max(HEADER);
        let rest =
            self.bytes.get(from..).filter(|rest| !rest.is_empty()).ok_or("a sector is beyond the end")?;
        Ok(&rest[..rest.len().min(self.sector_size)])
    }

    fn chain(&self, first: u32) -> Result<Vec<u8>, &'static str> {
        let mut bytes = Vec::new();
        for nth in follow(first, &self.next)? {
            bytes.extend_from_slice(self.sector(nth)?);
        }
        Ok(bytes)
    }

    fn small_chain(&self, first: u32, container: u32) -> Result<Vec<u8>, &'static str> {
        let container = self.chain(container)?;
        let next: Vec<u32> = numbers(&self.chain(number(self.bytes, 60)?)?).collect();
        let mut bytes = Vec::new();
        for nth in follow(first, &next)? {
            let from = (nth as usize).saturating_mul(SMALL_SECTOR);
            let rest = container.get(from..).ok_or("a small sector is beyond the end")?;
            bytes.extend_from_slice(&rest[..rest.len().min(SMALL_SECTOR)]);
        }
        Ok(bytes)
    }
}

/// A sector and those that follow it.
fn follow(first: u32, next: &[u32]) -> Result<Vec<u32>, &'static str> {
    let mut chain = Vec::new();
    let mut sector = first;
    while sector < FREE {
        chain.push(sector);
        if chain.len() > next.len() {
            return Err("its sectors go in circles");
        }
        sector = next.get(sector as usize).copied().unwrap_or(FREE);
    }
    Ok(chain)
}

fn numbers(bytes: &[u8]) -> impl Iterator<Item = u32> {
    bytes.as_chunks::<4>().0.iter().map(|four| u32::from_le_bytes(*four))
}

fn number(bytes: &[u8], at: usize) -> Result<u32, &'static str> {
    let four = bytes.get(at..).and_then(|rest| rest.first_chunk::<4>());
    four.map(|four| u32::from_le_bytes(*four)).ok_or("it is cut off")
}
