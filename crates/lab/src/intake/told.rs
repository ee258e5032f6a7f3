//! What is to be said of files, collected while they are read, so that all of it is told at once.

use std::collections::BTreeSet;

use wire::lab::{IntakeProblem, IntakeQuestion, IntakeReport, LeftOut, MatchedBy, ReadTable, TeamMatch};

/// Rows and problems that are told of one inspection; the others are counted.
const MOST: usize = 200;

/// The report of an inspection that is under way.
#[derive(Debug, Default)]
pub(super) struct Told {
    report: IntakeReport,
    spellings: BTreeSet<String>,
    problems: usize,
    left_out: usize,
}

/// Where something stands.
#[derive(Debug, Clone, Default)]
pub(super) struct Place {
    pub(super) file: String,
    pub(super) sheet: Option<String>,
    pub(super) line: Option<u64>,
    pub(super) column: Option<String>,
}

impl Told {
    pub(super) fn table(&mut self, table: ReadTable) {
        self.report.tables.push(table);
    }

    pub(super) fn note(&mut self, note: impl Into<String>) {
        self.report.notes.push(note.into());
    }

    pub(super) fn ask(&mut self, option: &str, question: impl Into<String>, choices: &[&str]) {
        if self.report.questions.iter().any(|asked| asked.option == option) {
            return;
        }
        let choices = choices.iter().map(ToString::to_string).collect();
        self.report.questions.push(IntakeQuestion {
            option: option.to_owned(),
            question: question.into(),
            choices,
        });
    }

    pub(super) fn problem(&mut self, at: Place, message: impl Into<String>) {
        self.problems += 1;
        if self.report.problems.len() < MOST {
            let Place { file, sheet, line, column } = at;
            self.report.problems.push(IntakeProblem { file, sheet, line, column, message: message.into() });
        }
    }

    pub(super) fn left_out(&mut self, at: Place, why: &str) {
        self.left_out += 1;
        if self.report.left_out.len() < MOST {
            let (line, why) = (at.line.unwrap_or(0), why.to_owned());
            self.report.left_out.push(LeftOut { file: at.file, sheet: at.sheet, line, why });
        }
    }

    /// A team that is not written as in the field; each spelling is told once.
    pub(super) fn matched(&mut self, written: &str, team_id: &str, by: MatchedBy) {
        if self.spellings.insert(written.to_owned()) {
            let (written, team_id) = (written.to_owned(), team_id.to_owned());
            self.report.team_matches.push(TeamMatch { written, team_id, by });
        }
    }

    /// Whether nothing stands in the way.
    pub(super) fn is_clear(&self) -> bool {
        self.problems == 0 && self.report.questions.is_empty()
    }

    /// The report, with how much of it was not told.
    pub(super) fn into_report(mut self) -> IntakeReport {
        for (all, shown, what) in [
            (self.problems, self.report.problems.len(), "problems"),
            (self.left_out, self.report.left_out.len(), "rows that were left out"),
        ] {
            if all > shown {
                self.report.notes.push(format!("Of {all} {what} the first {shown} are told."));
            }
        }
        self.report
    }
}
