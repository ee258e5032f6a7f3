//! Files of a user's own to the requests they make: a season out of its tables, candidates out of a bid sheet.
//!
//! Pure functions of bytes. Nothing is guessed silently: what was assumed is a note, what is open a question with the
//! option that answers it, what is wrong a problem with its file, sheet, row and column, and all of them are told at
//! once.

mod bids;
mod bracket;
mod field;
mod market;
mod meaning;
mod names;
mod part;
mod results;
mod season;
mod sheet;
mod terms;
mod told;

use wire::lab::{SeasonFiles, SeasonInspection};

pub(crate) use self::sheet::inspect as inspect_bids;

/// What the files of a season hold, and the request that they make. Nothing is kept.
pub async fn inspect_season(files: SeasonFiles) -> SeasonInspection {
    kernel::off_the_runtime(move || season::inspect(&files)).await
}
