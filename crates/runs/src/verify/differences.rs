//! Collects what does not fit, and what nothing speaks of.

use std::fmt::Display;

use chrono::{DateTime, Utc};
use kernel::rfc3339;
use wire::runs::VerifiedPart;

/// What does not fit, and what nothing speaks of, each in a sentence.
#[derive(Debug, Default)]
pub(super) struct Differences {
    pub problems: Vec<String>,
    pub not_covered: Vec<String>,
    /// Whether times have an order that can be demanded.
    pub is_unordered: bool,
}

impl Differences {
    /// `what` is one thing in the row and another in the frames.
    pub(super) fn compare<T: PartialEq + Display>(&mut self, what: &str, row: &T, told: &T) {
        if row != told {
            self.problems.push(format!("{what} is `{row}` in the row and `{told}` in the frames"));
        }
    }

    /// As [`Self::compare`], of a time.
    pub(super) fn compare_time(
        &mut self,
        what: &str,
        row: Option<DateTime<Utc>>,
        told: Option<DateTime<Utc>>,
    ) {
        let shown = |time: Option<DateTime<Utc>>| time.map_or_else(|| "empty".to_owned(), rfc3339);
        self.compare(what, &shown(row), &shown(told));
    }

    pub(super) fn say(&mut self, is_wrong: bool, what: impl FnOnce() -> String) {
        if is_wrong {
            self.problems.push(what());
        }
    }

    /// These times follow each other; those that are empty are passed by.
    pub(super) fn in_order(&mut self, times: &[(&str, Option<DateTime<Utc>>)]) {
        if self.is_unordered {
            return;
        }
        let known: Vec<(&str, DateTime<Utc>)> =
            times.iter().filter_map(|(what, time)| Some((*what, (*time)?))).collect();
        for pair in known.windows(2) {
            let [(earlier, before), (later, after)] = pair else { continue };
            self.say(before > after, || {
                format!("{earlier} ({}) is after {later} ({})", rfc3339(*before), rfc3339(*after))
            });
        }
    }

    pub(super) fn not_covered(&mut self, is_so: bool, what: impl Into<String>) {
        if is_so {
            self.not_covered.push(what.into());
        }
    }

    pub(super) fn into_part(self, name: &str, checked: usize) -> VerifiedPart {
        let Self { problems, not_covered, .. } = self;
        VerifiedPart {
            part: name.to_owned(),
            verified: problems.is_empty(),
            checked: checked as u64,
            problems,
            not_covered,
        }
    }
}
