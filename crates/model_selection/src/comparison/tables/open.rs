//! A table in the store, of which only what is asked for is read.

use std::ops::Range;

use runs::{Artifact, Run};
use series::columnar::{self, ColumnarError, Layout, Row, Rows, Table};

use crate::blocking::off_the_runtime;
use crate::{ReadError, Reader};

/// A table of a run.
pub(in crate::comparison) struct Opened<'a> {
    reader: &'a Reader,
    run: &'a Run,
    artifact: Artifact,
    table: Table,
}

impl<'a> Opened<'a> {
    /// The artifact of a name. A run that ought to have it and does not was recorded by another version.
    pub(in crate::comparison) async fn of(
        reader: &'a Reader,
        run: &'a Run,
        name: &str,
        layout: &'static Layout,
    ) -> Result<Self, ReadError> {
        let artifact = reader.artifact(run, name).await?;
        let artifact = match artifact {
            Some(artifact) => artifact,
            None if runs::is_retired(&reader.db, run.id).await? => {
                let (what, kind) = (name.to_owned(), run.kind.clone());
                return Err(ReadError::Retired { what, kind, run: run.id });
            }
            None => return Err(ReadError::unreadable(run, name, "the run has none")),
        };
        let (digest, size) = (artifact.digest, artifact.size_bytes);
        reader.store.vouch(&digest).await?;
        let unreadable = |error: ColumnarError| ReadError::unreadable(run, name, error);
        let tail = reader.store.get_range(&digest, columnar::tail(size)).await?;
        let place = columnar::description(size, &tail).map_err(unreadable)?;
        let description = reader.store.get_range(&digest, place).await?;
        let table = off_the_runtime(move |_| Table::open(layout, size, description)).await;
        Ok(Self { reader, run, artifact, table: table.map_err(unreadable)? })
    }

    /// How many rows it has.
    pub(in crate::comparison) fn rows(&self) -> usize {
        self.table.rows()
    }

    /// These columns of these rows, which ascend.
    pub(in crate::comparison) async fn read(
        &self,
        columns: &[&'static str],
        rows: &[Range<usize>],
    ) -> Result<Rows, ReadError> {
        let mut pieces = Vec::new();
        for place in self.table.bytes_of(columns, rows).map_err(|error| self.unreadable(error))? {
            pieces.push((place.start, self.reader.store.get_range(&self.artifact.digest, place).await?));
        }
        let (table, columns, rows) = (self.table.clone(), columns.to_vec(), rows.to_vec());
        let read = off_the_runtime(move |_| table.read(&columns, &rows, pieces)).await;
        read.map_err(|error| self.unreadable(error))
    }

    /// What each row says.
    pub(in crate::comparison) fn each<'r, T>(
        &self,
        rows: &'r Rows,
        of: impl FnMut(Row<'r>) -> Result<T, ColumnarError>,
    ) -> Result<Vec<T>, ReadError> {
        rows.iter().map(of).collect::<Result<_, _>>().map_err(|error| self.unreadable(error))
    }

    /// It does not say what it should.
    pub(in crate::comparison) fn unreadable(
        &self,
        source: impl Into<Box<dyn std::error::Error + Send + Sync>>,
    ) -> ReadError {
        ReadError::unreadable(self.run, &self.artifact.name, source)
    }
}
