//! Files of a user's own. What they hold is answered as a report, whatever is wrong with them.

use axum::Json;
use axum::extract::State;
use axum::http::StatusCode;
use wire::lab::{BidSheet, BidSheetInspection, CandidatesKept, SeasonFiles, SeasonInspection};

use crate::Problem;
use crate::extract;
use crate::routes::{Invalid, NotFound, Refused};
use crate::state::{Acts, Caller};

/// The longest name of what is made, and of a file.
const NAME_CHARS: usize = 100;
const FILE_CHARS: usize = 300;

/// What files of a season hold: CSV and other text, Excel, ODS, or JSON. Answers what was read as what, what was assumed,
/// what is open and everything that is wrong, and the request that imports the season. Nothing is kept.
#[utoipa::path(post, path = "/lab/seasons/inspect", tag = "lab", request_body = SeasonFiles,
    responses((status = 200, description = "What they hold", body = SeasonInspection), Invalid, Refused))]
pub(crate) async fn inspect_season(
    Caller(_tenant): Caller,
    extract::Json(files): extract::Json<SeasonFiles>,
) -> Result<Json<SeasonInspection>, Problem> {
    if !(1..=20).contains(&files.files.len()) {
        return Err(Problem::field("files", "must be 1 to 20 files"));
    }
    for (field, name) in [("name", &files.name), ("calcutta_name", &files.calcutta_name)] {
        name.as_deref().map_or(Ok(()), |name| check_length(field, name, NAME_CHARS))?;
    }
    for (at, file) in files.files.iter().enumerate() {
        check_length(&format!("files[{at}].name"), &file.name, FILE_CHARS)?;
    }
    if files.odds_level == Some(0) {
        return Err(Problem::field("odds_level", "must be at least 1"));
    }
    Ok(Json(lab::intake::inspect_season(files).await))
}

/// What a file of bids holds, against the field and under the rules of an auction. Nothing is kept.
#[utoipa::path(post, path = "/lab/candidates/inspect", tag = "lab", request_body = BidSheet,
    responses((status = 200, description = "What it holds", body = BidSheetInspection), NotFound, Invalid, Refused))]
pub(crate) async fn inspect_bids(
    State(acts): State<Acts>,
    Caller(tenant): Caller,
    extract::Json(sheet): extract::Json<BidSheet>,
) -> Result<Json<BidSheetInspection>, Problem> {
    check_length("file.name", &sheet.file.name, FILE_CHARS)?;
    Ok(Json(acts.lab.reader().inspect_bid_sheet(tenant, sheet).await?.1))
}

/// Keeps every entry of a file of bids as a candidate, or none: what is wrong is told by row.
#[utoipa::path(post, path = "/lab/candidates/import", tag = "lab", request_body = BidSheet,
    responses((status = 201, description = "Kept", body = CandidatesKept), NotFound, Invalid, Refused))]
pub(crate) async fn import_bids(
    State(acts): State<Acts>,
    Caller(tenant): Caller,
    extract::Json(sheet): extract::Json<BidSheet>,
) -> Result<(StatusCode, Json<CandidatesKept>), Problem> {
    check_length("file.name", &sheet.file.name, FILE_CHARS)?;
    Ok((StatusCode::CREATED, Json(acts.lab.import_bid_sheet(tenant, sheet).await?)))
}

fn check_length(field: &str, text: &str, most: usize) -> Result<(), Problem> {
    if (1..=most).contains(&text.chars().count()) {
        return Ok(());
    }
    Err(Problem::field(field, format!("must be 1 to {most} characters")))
}
