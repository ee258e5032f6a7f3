//! A table of lists batch by batch.

use ::parquet::arrow::arrow_reader::{ArrowReaderMetadata, ParquetRecordBatchReader};
use bytes::Bytes;

use super::{FORMAT, checked, open, rows_of_batch};
use crate::columnar::Columns;
use crate::columnar::choose::Chosen;
use crate::columnar::decode::{Read, Taking, Wanted, guarded};
use crate::columnar::error::ColumnarError;
use crate::fleet::Fleet;

/// The series of a table of lists, a few hundred at a time. That no two of all have one name is for the caller to see to.
pub(crate) struct Fleets<'a> {
    columns: &'a Columns,
    file: ArrowReaderMetadata,
    chosen: Chosen,
    batches: ParquetRecordBatchReader,
}

impl<'a> Fleets<'a> {
    /// Those of a file; none of a table of cells.
    pub(crate) fn open(bytes: &Bytes, columns: &'a Columns) -> Result<Option<Self>, ColumnarError> {
        let (file, wanted) = checked(bytes, columns)?;
        let batches = open(bytes, &file, &wanted, rows_of_batch(&wanted))?;
        let Wanted::Lists(chosen) = wanted else { return Ok(None) };
        Ok(Some(Self { columns, file, chosen, batches }))
    }

    /// The next ones.
    pub(crate) fn next(&mut self) -> Result<Option<Fleet>, ColumnarError> {
        while let Some(batch) = guarded(FORMAT, || self.batches.next().transpose())? {
            if batch.num_rows() == 0 {
                continue;
            }
            let wanted = Wanted::Lists(self.chosen.clone());
            let mut taking = Taking::new(self.columns, wanted, self.file.schema())?;
            taking.add(&batch)?;
            if let Read::Lists(fleet) = taking.finish()? {
                return Ok(Some(fleet));
            }
        }
        Ok(None)
    }
}
