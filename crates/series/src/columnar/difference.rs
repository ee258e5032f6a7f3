//! Where two Parquet files first differ.

use ::parquet::arrow::arrow_reader::{ParquetRecordBatchReader, ParquetRecordBatchReaderBuilder};
use arrow_array::{Array, RecordBatch};
use arrow_cast::display::{ArrayFormatter, FormatOptions};
use arrow_schema::ArrowError;
use bytes::Bytes;

use super::decode::guarded;
use super::error::ColumnarError;

const FORMAT: &str = "Parquet";
/// Rows that are compared at once, of either file.
const ROWS_PER_BATCH: usize = 4096;

/// The first cell in which two tables differ.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CellDifference {
    /// The row, from 0.
    pub row: usize,
    /// The column's name; of tables with other columns or another number of rows none.
    pub column: Option<String>,
    /// What stands in the first table.
    pub first: String,
    /// What stands in the second.
    pub second: String,
}

/// The first difference of two tables, by rows and then by columns; `None` where all cells are alike, although the bytes of
/// the files may differ.
///
/// # Errors
///
/// Fails if either is no Parquet file.
pub fn first_difference(first: Bytes, second: Bytes) -> Result<Option<CellDifference>, ColumnarError> {
    let (mut first, mut second) = (open(first)?, open(second)?);
    let columns = |reader: &ParquetRecordBatchReader| {
        use arrow_array::RecordBatchReader as _;
        let schema = reader.schema();
        let fields = schema.fields().iter().map(|field| format!("{} {}", field.name(), field.data_type()));
        fields.collect::<Vec<_>>().join(", ")
    };
    let schemas = (columns(&first), columns(&second));
    if schemas.0 != schemas.1 {
        return Ok(Some(CellDifference { row: 0, column: None, first: schemas.0, second: schemas.1 }));
    }
    let mut row = 0;
    loop {
        let next = |reader: &mut ParquetRecordBatchReader| guarded(FORMAT, || reader.next().transpose());
        let (one, other) = (next(&mut first)?, next(&mut second)?);
        let rows = |batch: &Option<RecordBatch>| batch.as_ref().map_or(0, RecordBatch::num_rows);
        let (ends, common) = ((rows(&one), rows(&other)), rows(&one).min(rows(&other)));
        if let (Some(one), Some(other)) = (&one, &other) {
            let found = guarded(FORMAT, || cell(&one.slice(0, common), &other.slice(0, common), row))?;
            if found.is_some() {
                return Ok(found);
            }
        }
        row += common;
        if ends.0 != ends.1 {
            let said = |own: usize| if own > common { "a row" } else { "no row" }.to_owned();
            let (first, second) = (said(ends.0), said(ends.1));
            return Ok(Some(CellDifference { row, column: None, first, second }));
        }
        if common == 0 {
            return Ok(None);
        }
    }
}

fn open(bytes: Bytes) -> Result<ParquetRecordBatchReader, ColumnarError> {
    guarded(FORMAT, || {
        ParquetRecordBatchReaderBuilder::try_new(bytes)?.with_batch_size(ROWS_PER_BATCH).build()
    })
}

/// The first cell of two batches of one shape that differs; `from` counts the rows before them.
fn cell(
    first: &RecordBatch,
    second: &RecordBatch,
    from: usize,
) -> Result<Option<CellDifference>, ArrowError> {
    let differing = first.columns().iter().zip(second.columns()).enumerate();
    let differing: Vec<usize> =
        differing.filter(|(_, (one, other))| one.to_data() != other.to_data()).map(|(at, _)| at).collect();
    for row in 0..first.num_rows() {
        for &at in &differing {
            let (one, other) = (first.column(at), second.column(at));
            if one.slice(row, 1).to_data() == other.slice(row, 1).to_data() {
                continue;
            }
            let text = |column: &dyn Array| -> Result<String, ArrowError> {
                let options = FormatOptions::new().with_null("none");
                Ok(ArrayFormatter::try_new(column, &options)?.value(row).to_string())
            };
            return Ok(Some(CellDifference {
                row: from + row,
                column: Some(first.schema().field(at).name().clone()),
                first: text(one)?,
                second: text(other)?,
            }));
        }
    }
    Ok(None)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::columnar::{Compression, OutlookColumns, OutlookWriter};

    /// Forecasts of two dates of each series, the points as given.
    fn table(points: &[f64]) -> Bytes {
        let day = |day| wire::Moment::from_epoch_days(day).unwrap();
        let mut columns = OutlookColumns::new(&[]);
        for (at, pair) in points.chunks(2).enumerate() {
            columns.push(&format!("s{at}"), &[day(1), day(2)], pair, &[]);
        }
        let mut writer = OutlookWriter::new(Compression::Zstd);
        let mut bytes = writer.add(&columns).unwrap();
        bytes.extend(writer.finish(&[]).unwrap());
        bytes.into()
    }

    #[test]
    fn the_first_cell_that_differs_is_named() {
        let found = |a: &[f64], b: &[f64]| first_difference(table(a), table(b)).unwrap();
        let many: Vec<f64> = (0..10_000).map(f64::from).collect();
        assert_eq!(found(&many, &many), None);
        let mut other = many.clone();
        other[9_001] = 0.1 + 0.2;
        let difference = found(&many, &other).unwrap();
        assert_eq!((difference.row, difference.column.as_deref()), (9_001, Some("forecast")));
        assert_eq!((&*difference.first, &*difference.second), ("9001.0", "0.30000000000000004"));
        let shorter = found(&many, &many[..9_998]).unwrap();
        assert_eq!((shorter.row, shorter.column), (9_998, None));
        assert_eq!((&*shorter.first, &*shorter.second), ("a row", "no row"));
    }

    #[test]
    fn what_is_no_table_is_refused() {
        let refused = first_difference(table(&[1.0, 2.0]), Bytes::from_static(b"PAR1 and no more"));
        assert!(matches!(refused, Err(ColumnarError::Unreadable { .. })), "{refused:?}");
    }
}
