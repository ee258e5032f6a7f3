//! A bid sheet from outside the lab.

use bytes::Bytes;
use wire::lab::{BidSheet, BidSheetInspection, ReadBids, Rules, SeasonPart};

use super::names::Names;
use super::part::{self, Part};
use super::told::Told;
use super::{bids, told::Place};
use crate::field::Playing;

/// What a bid sheet holds, against the field and under the rules of its auction.
pub(crate) fn inspect(sheet: &BidSheet, playing: &Playing, rules: &Rules) -> BidSheetInspection {
    let mut told = Told::default();
    let names = Names::of(&playing.field.teams);
    let bytes = part::bytes(&sheet.file, &mut told);
    let read =
        |bytes: &Bytes| part::read(&sheet.file, bytes, Some(SeasonPart::Bids), sheet.decimal, &mut told);
    let parts: Vec<Part> = bytes.as_ref().map(read).unwrap_or_default();
    let mut candidates = Vec::new();
    for part in &parts {
        for entry in bids::read(part, &names, rules, &mut told) {
            if entry.name.chars().count() > 100 {
                told.problem(part.whole(), format!("the name `{}` has more than 100 characters", entry.name));
            }
            candidates.push(ReadBids {
                bids: entry.bids(&names),
                total_bid_points: entry.total(),
                display_name: entry.name,
            });
        }
    }
    if candidates.is_empty() && told.is_clear() {
        told.problem(Place { file: sheet.file.name.clone(), ..Place::default() }, "the file holds no bids");
    }
    BidSheetInspection { report: told.into_report(), candidates }
}
