//! Files of a user's own: what they hold, read as what, and the requests they make.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::{Bid, Candidate, FinalFour, GameOutcomeModel, SeasonRequest, SnapshotId};

kernel::words! {
    /// What a table of a season is about.
    #[derive(ToSchema)]
    #[schema(as = lab::SeasonPart)]
    pub enum SeasonPart {
        /// The teams: name, region, seed, rating.
        Field = "field",
        /// The bracket, game by game, where it does not follow from the seeds.
        Games = "games",
        /// Who won.
        Results = "results",
        /// What a market says of every team.
        Odds = "odds",
        /// Chances of pairs of teams.
        Pairs = "pairs",
        /// The bids of the entries.
        Bids = "bids",
        /// What an entry may bid.
        Rules = "rules",
        /// What places are paid.
        Payouts = "payouts",
        /// Points for steps.
        Scoring = "scoring",
    }
}

kernel::words! {
    /// The decimal mark.
    #[derive(ToSchema)]
    #[schema(as = lab::DecimalMark)]
    pub enum DecimalMark {
        /// `1.5`
        Point = "point",
        /// `1,5`
        Comma = "comma",
    }
}

/// A file: CSV and other delimited text, Excel or ODS with a sheet for each part, or a season as JSON.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = lab::TableFile)]
pub struct TableFile {
    /// What it is called; its words help to tell what it is about.
    #[schema(min_length = 1, max_length = 300)]
    pub name: String,
    /// What it is about; told by its sheets, its name or its columns when left out.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub part: Option<SeasonPart>,
    /// Its bytes in base64.
    pub content: String,
}

/// The files of one season, and what they leave open.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = lab::SeasonFiles)]
pub struct SeasonFiles {
    /// The files.
    #[schema(min_items = 1, max_items = 20)]
    pub files: Vec<TableFile>,
    /// What the tournament is called; the name of the file with the field when left out.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(min_length = 1, max_length = 100)]
    pub name: Option<String>,
    /// Its season; the year in a name when left out.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub season: Option<i32>,
    /// What the auction is called.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(min_length = 1, max_length = 100)]
    pub calcutta_name: Option<String>,
    /// The decimal mark of all numbers, where a file does not tell it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub decimal: Option<DecimalMark>,
    /// The steps, wins and byes together, that the odds are about; those of the title when left out.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(minimum = 1)]
    pub odds_level: Option<usize>,
    /// Which of four regions meet in the semi-finals.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub final_four: Option<FinalFour>,
}

/// What was read of files, what was assumed, and what stands in the way.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[schema(as = lab::IntakeReport)]
pub struct IntakeReport {
    /// The tables, in the order of the files.
    pub tables: Vec<ReadTable>,
    /// Teams that are not written as in the field, each spelling once.
    pub team_matches: Vec<TeamMatch>,
    /// Rows that were left out.
    pub left_out: Vec<LeftOut>,
    /// What was assumed, each in a sentence.
    pub notes: Vec<String>,
    /// What the files leave open.
    pub questions: Vec<IntakeQuestion>,
    /// What is wrong.
    pub problems: Vec<IntakeProblem>,
}

/// A table as it was read.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[schema(as = lab::ReadTable)]
pub struct ReadTable {
    /// The file.
    pub file: String,
    /// The sheet of a workbook; `null` of a text.
    pub sheet: Option<String>,
    /// What it is about.
    pub part: SeasonPart,
    /// Rows below the header.
    pub rows: u64,
    /// The line of the header; `null` where there is none.
    pub header_line: Option<u64>,
    /// What stands between the cells of a text; `null` of a sheet and of a single column.
    pub separator: Option<String>,
    /// How a text was decoded; `null` of a sheet.
    pub encoding: Option<String>,
    /// The columns from left to right.
    pub columns: Vec<ReadColumn>,
}

/// A column and what it was taken for.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[schema(as = lab::ReadColumn)]
pub struct ReadColumn {
    /// As the file has it.
    pub name: String,
    /// What it means; `null` where it is not used.
    pub meaning: Option<String>,
}

kernel::words! {
    /// How a team was found whose name is not written as in the field.
    #[derive(ToSchema)]
    #[schema(as = lab::MatchedBy)]
    pub enum MatchedBy {
        /// By its id.
        Id = "id",
        /// Capital letters aside.
        Case = "case",
        /// By letters and digits alone.
        Letters = "letters",
    }
}

/// A spelling of a team.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[schema(as = lab::TeamMatch)]
pub struct TeamMatch {
    /// As a file has it.
    pub written: String,
    /// The team.
    pub team_id: String,
    /// How it was found.
    pub by: MatchedBy,
}

/// A row that was left out.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[schema(as = lab::LeftOut)]
pub struct LeftOut {
    /// The file.
    pub file: String,
    /// The sheet of a workbook.
    pub sheet: Option<String>,
    /// The line or the row of the sheet, from 1.
    pub line: u64,
    /// Why.
    pub why: String,
}

/// Something that the files leave open.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[schema(as = lab::IntakeQuestion)]
pub struct IntakeQuestion {
    /// The field of the request that answers it.
    pub option: String,
    /// What is open.
    pub question: String,
    /// What it may be, where that is known.
    pub choices: Vec<String>,
}

/// Something wrong.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[schema(as = lab::IntakeProblem)]
pub struct IntakeProblem {
    /// The file.
    pub file: String,
    /// The sheet of a workbook.
    pub sheet: Option<String>,
    /// The line or the row of the sheet, from 1; `null` where it is about the whole.
    pub line: Option<u64>,
    /// The column, by its name.
    pub column: Option<String>,
    /// What is wrong, and what to do.
    pub message: String,
}

/// What files of a season come to. Nothing is kept.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
#[schema(as = lab::SeasonInspection)]
pub struct SeasonInspection {
    /// What was read.
    #[serde(flatten)]
    pub report: IntakeReport,
    /// The season, as it can be imported; `null` while there is a problem or a question.
    pub season: Option<SeasonRequest>,
    /// The model that odds or pairs make, to be submitted once the season is kept; `null` without either.
    pub game_outcome_model: Option<GameOutcomeModel>,
}

/// A file of bids for an auction: each entry of it a candidate.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = lab::BidSheet)]
pub struct BidSheet {
    /// The snapshot whose field is bid on and whose rules are kept.
    #[schema(value_type = uuid::Uuid)]
    pub snapshot_id: SnapshotId,
    /// The file.
    pub file: TableFile,
    /// The decimal mark of the numbers, where the file does not tell it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub decimal: Option<DecimalMark>,
}

/// What a bid sheet comes to. Nothing is kept.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[schema(as = lab::BidSheetInspection)]
pub struct BidSheetInspection {
    /// What was read.
    #[serde(flatten)]
    pub report: IntakeReport,
    /// The candidates that it makes, in the order of the file.
    pub candidates: Vec<ReadBids>,
}

/// The bids of one entry of a file.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[schema(as = lab::ReadBids)]
pub struct ReadBids {
    /// What people call it.
    pub display_name: String,
    /// Its bids.
    pub bids: Vec<Bid>,
    /// Points it bids in all.
    pub total_bid_points: u64,
}

/// The candidates of a bid sheet that were kept.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[schema(as = lab::CandidatesKept)]
pub struct CandidatesKept {
    /// In the order of the file.
    pub candidates: Vec<Candidate>,
}
