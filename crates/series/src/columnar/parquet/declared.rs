//! What a Parquet file declares, checked before the decoder believes it.

use ::parquet::file::metadata::ParquetMetaData;

use super::super::error::ColumnarError;
use super::FORMAT;
use super::thrift::Walk;

const MARK: &[u8; 4] = b"PAR1";
/// The length of the footer and the mark.
const FILE_END: usize = 8;
/// The most a page may hold when it is unpacked. Writers make pages of one MiB.
const MOST_PAGE_BYTES: i64 = 256 << 20;
/// `PageHeader.uncompressed_page_size` and `PageHeader.compressed_page_size` (`parquet.thrift`).
const UNPACKED_SIZE: i64 = 2;
const PACKED_SIZE: i64 = 3;

/// Refuses a footer that is no structure within its own bytes. What has no footer is left to the decoder to refuse.
pub(super) fn check_footer(bytes: &[u8]) -> Result<(), ColumnarError> {
    let Some((body, end)) = bytes.split_last_chunk::<FILE_END>() else { return Ok(()) };
    let [a, b, c, d, mark @ ..] = end;
    let length = usize::try_from(u32::from_le_bytes([*a, *b, *c, *d])).unwrap_or(usize::MAX);
    let Some(from) = body.len().checked_sub(length).filter(|_| mark == MARK) else { return Ok(()) };
    let walked = Walk::new(&body[from..]).over(&mut |_, _| {});
    walked.map(|_| ()).ok_or_else(|| broken("the footer declares more than it holds"))
}

/// Refuses pages of these leaves whose headers are no structure, or that declare more than a page may hold.
pub(super) fn check_pages(
    bytes: &[u8],
    file: &ParquetMetaData,
    is_read: impl Fn(usize) -> bool,
) -> Result<(), ColumnarError> {
    for group in file.row_groups() {
        let columns = group.columns().iter().enumerate().filter(|(leaf, _)| is_read(*leaf));
        for (_, column) in columns {
            let dictionary = column.dictionary_page_offset().filter(|&from| from > 0);
            let from = dictionary.unwrap_or_else(|| column.data_page_offset());
            let end = from.saturating_add(column.compressed_size());
            let range = usize::try_from(from).ok().zip(usize::try_from(end).ok());
            let pages = range.and_then(|(from, end)| bytes.get(from..end));
            each_page(pages.ok_or_else(|| broken("a column lies outside the file"))?)?;
        }
    }
    Ok(())
}

fn each_page(mut pages: &[u8]) -> Result<(), ColumnarError> {
    while !pages.is_empty() {
        let (mut unpacked, mut packed) = (0, -1);
        let header = Walk::new(pages).over(&mut |id, value| match id {
            UNPACKED_SIZE => unpacked = value,
            PACKED_SIZE => packed = value,
            _ => {}
        });
        if unpacked > MOST_PAGE_BYTES {
            return Err(broken(&format!(
                "a page holds {unpacked} bytes, and at most {MOST_PAGE_BYTES} are read"
            )));
        }
        let header = header.ok_or_else(|| broken("the header of a page declares more than it holds"))?;
        let packed = usize::try_from(packed).map_err(|_| broken("a page has no size"))?;
        // A page that is cut off is the decoder's to refuse: the first writers left some bytes out of a column's size.
        pages = pages.get(header.saturating_add(packed)..).unwrap_or_default();
    }
    Ok(())
}

fn broken(reason: &str) -> ColumnarError {
    ColumnarError::unreadable(FORMAT, reason)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn refusal(result: Result<(), ColumnarError>) -> Option<String> {
        result.err().map(|error| std::error::Error::source(&error).expect("it says why").to_string())
    }

    /// 1: its kind; 2: the unpacked size; 3: the packed size, which is three bytes.
    fn page(unpacked: &[u8]) -> Vec<u8> {
        [&[0x15, 0, 0x15], unpacked, &[0x15, 6, 0, 7, 7, 7]].concat()
    }

    #[test]
    fn pages_are_walked_one_after_another_up_to_one_that_is_too_large() {
        let small = page(&[6]);
        assert_eq!(refusal(each_page(&small.repeat(3))), None);
        assert_eq!(refusal(each_page(&small[..small.len() - 1])), None, "a page that is cut off");
        let huge = [small.clone(), page(&[0xFE, 0xFF, 0xFF, 0xFF, 0x0F])].concat();
        assert!(refusal(each_page(&huge)).is_some_and(|reason| reason.contains("2147483647")));
        assert!(refusal(each_page(&small[..4])).is_some_and(|reason| reason.contains("header")));
    }

    #[test]
    fn a_footer_whose_list_is_longer_than_itself_is_refused() {
        let length = |footer: &[u8]| u32::try_from(footer.len()).unwrap().to_le_bytes();
        let file = |footer: &[u8]| [MARK.as_slice(), footer, &length(footer), MARK].concat();
        assert_eq!(refusal(check_footer(&file(&[0x15, 2, 0]))), None);
        let booleans = [0x19, 0xF1, 0xFF, 0xFF, 0xFF, 0xFF, 0x07, 1, 1, 0];
        assert!(refusal(check_footer(&file(&booleans))).is_some_and(|reason| reason.contains("footer")));
    }
}
