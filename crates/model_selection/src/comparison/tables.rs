//! What a comparison found of its series, as Parquet artifacts: readable by other programs, and by pages a few series at a time.
//!
//! | artifact | a row per |
//! |---|---|
//! | `series` | series that is ranked, in the order of the input |
//! | `ranks` | series and candidate: the ranked in their order, then the excluded in the order of the request |
//! | `folds` | series, candidate that finished it and fold |
//!
//! A candidate is known by its place in the request (`ordinal`, from 0), because no run may show in what is compared with
//! another run's. Each table states its columns and their units where it is laid out.

mod folds;
mod open;
mod ranks;
mod series;

use ::series::columnar::{TableWriter, WriteError};
use bytes::Bytes;

use super::ranking::Judged;

pub(super) use self::folds::{FOLDS, FoldRow};
pub(super) use self::open::Opened;
pub(super) use self::ranks::{RANKS, entry};
pub(super) use self::series::{SERIES, ranking};

/// The bytes of the tables.
pub(super) struct Tables {
    pub series: Bytes,
    pub ranks: Bytes,
    pub folds: Bytes,
}

/// The tables of judged series. Rows are written as they are made; no table is held but as its bytes.
pub(super) fn tables(judged: &[Judged<'_>]) -> Result<Tables, WriteError> {
    let mut of_series = TableWriter::new(&SERIES);
    let (mut ranks, mut folds) = (TableWriter::new(&RANKS), TableWriter::new(&FOLDS));
    let mut folds_at = 0;
    for one in judged {
        ranks::push(&mut ranks, &one.ranking)?;
        let fold_rows = folds::push(&mut folds, one)?;
        series::push(&mut of_series, &one.ranking, (folds_at, fold_rows))?;
        folds_at += fold_rows;
    }
    Ok(Tables {
        series: of_series.finish()?.into(),
        ranks: ranks.finish()?.into(),
        folds: folds.finish()?.into(),
    })
}
