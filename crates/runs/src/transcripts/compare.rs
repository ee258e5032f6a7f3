//! Two runs side by side.

use std::collections::BTreeMap;

use frames::Frame;
use frames::diff::{self, Ignore, Outline, diff};
use kernel::{RunId, Tenant, off_the_runtime};
use serde_json::Value;
use wire::ledger::{
    Change, Diff, DiffEntry, DiffField, DiffPart, DiffRow, DiffShow, DiffSide, DiffSpan, DiffTotals,
};

use super::fold::Folded;
use super::{TranscriptError, Transcripts};
use crate::query;
use crate::run::Run;

/// A page of entries ends after so many bytes.
const MAX_PAGE_BYTES: usize = 1 << 20;

/// Which runs to compare, and what to show of it.
#[derive(Debug, Clone, Copy)]
pub struct Comparing {
    /// The run that is read first.
    pub left: RunId,
    /// The run that it is compared with.
    pub right: RunId,
    /// What does not count.
    pub ignore: Ignore,
    /// Which rows to show.
    pub show: DiffShow,
    /// How many of them to pass over.
    pub after: u64,
    /// How many to show at most.
    pub limit: usize,
}

/// What was found, and where the next page begins if there is one.
pub type Compared = (Diff, Option<u64>);

/// One run with what its frames show.
struct Side {
    run: Run,
    frames: u64,
    outline: Outline,
    kinds: BTreeMap<String, u64>,
}

#[derive(Debug, Default)]
struct Seen {
    outline: Outline,
    kinds: BTreeMap<&'static str, u64>,
}

impl Transcripts {
    /// Compares two runs. Both are folded for it each time, so a page costs as much as the whole.
    pub async fn compare(&self, tenant: Tenant, asked: Comparing) -> Result<Compared, TranscriptError> {
        let find =
            async |run| query::find(&self.db, tenant, run).await?.ok_or(TranscriptError::NotFound(run));
        // Both before either is read: which of the two is unknown must not depend on how long the other takes.
        let (left, right) = (find(asked.left).await?, find(asked.right).await?);
        let _turn = self.turns.acquire().await;
        let left = self.side(tenant, left).await?;
        let right = self.side(tenant, right).await?;
        Ok(off_the_runtime(move || told(left, right, asked)).await)
    }

    async fn side(&self, tenant: Tenant, run: Run) -> Result<Side, TranscriptError> {
        let head = self.ledger.head_to_follow(tenant, run.id, 0).await?;
        let apply = |seen: &mut Seen, frame: &Frame| {
            *seen.kinds.entry(frame.kind()).or_default() += 1;
            seen.outline.apply(frame);
        };
        let folded = self.fold((tenant, run.id), Folded::<Seen>::default(), head.seq, apply, |_| {}).await?;
        let Seen { mut outline, kinds } = folded.shown;
        let spec = serde_json::from_str(&run.spec).unwrap_or_else(|_| Value::from(run.spec.as_str()));
        outline.ask("spec", spec);
        outline.ask("program", Value::from(run.program.to_string()));
        let kinds = kinds.into_iter().map(|(kind, count)| (kind.to_owned(), count)).collect();
        Ok(Side { run, frames: head.seq, outline, kinds })
    }
}

fn told(left: Side, right: Side, asked: Comparing) -> Compared {
    let found = diff(left.outline, right.outline, asked.ignore);
    let total = |change| found.total(change);
    let totals = DiffTotals {
        same: total(diff::Change::Same),
        changed: total(diff::Change::Changed),
        added: total(diff::Change::Added),
        removed: total(diff::Change::Removed),
    };
    let (is_same, firsts) = (found.is_same(), found.first_difference());
    let side = |run: Run, frames, kinds, rows, first_difference_seq| DiffSide {
        run_id: run.id,
        kind: run.kind,
        status: run.state.into(),
        title: run.title,
        spec_digest: run.spec_digest,
        frames,
        rows,
        kinds,
        first_difference_seq,
    };
    let left = side(left.run, left.frames, left.kinds, found.left_rows, firsts.0);
    let right = side(right.run, right.frames, right.kinds, found.right_rows, firsts.1);
    let (entries, remaining) = page(found.entries, asked);
    let next = (remaining > 0).then(|| asked.after + entries.len() as u64);
    (Diff { left, right, is_same, totals, entries, remaining, next_cursor: None }, next)
}

/// The entries of a page, and how many follow.
fn page(entries: Vec<diff::Entry>, asked: Comparing) -> (Vec<DiffEntry>, u64) {
    let shown = |entry: &diff::Entry| asked.show == DiffShow::All || entry.change != diff::Change::Same;
    let after = usize::try_from(asked.after).unwrap_or(usize::MAX);
    let mut rest = entries.into_iter().filter(shown).skip(after).map(entry).peekable();
    let (mut page, mut bytes) = (Vec::new(), 0);
    while let Some(entry) = rest.peek().filter(|_| page.len() < asked.limit) {
        bytes += serde_json::to_vec(entry).map_or(0, |json| json.len());
        // One always fits, so that reading gets on.
        if bytes > MAX_PAGE_BYTES && !page.is_empty() {
            break;
        }
        page.extend(rest.next());
    }
    (page, rest.count() as u64)
}

fn entry(entry: diff::Entry) -> DiffEntry {
    DiffEntry {
        change: change(entry.change),
        part: part(entry.part),
        row: row(entry.kind),
        label: entry.label,
        path: entry.path,
        left_seq: entry.left_seq,
        right_seq: entry.right_seq,
        fields: entry.fields.into_iter().map(field).collect(),
        fields_omitted: entry.fields_omitted,
    }
}

fn field(field: diff::Field) -> DiffField {
    let span = |span: diff::Span| DiffSpan { change: change(span.change), text: span.text };
    let diff::Field { name, left, right, spans, is_cut } = field;
    DiffField { name, left, right, spans: spans.into_iter().map(span).collect(), is_cut }
}

const fn change(change: diff::Change) -> Change {
    match change {
        diff::Change::Same => Change::Same,
        diff::Change::Changed => Change::Changed,
        diff::Change::Added => Change::Added,
        diff::Change::Removed => Change::Removed,
    }
}

const fn part(part: diff::Part) -> DiffPart {
    match part {
        diff::Part::Request => DiffPart::Request,
        diff::Part::Course => DiffPart::Course,
        diff::Part::Result => DiffPart::Result,
    }
}

const fn row(kind: diff::RowKind) -> DiffRow {
    use diff::RowKind as Kind;
    match kind {
        Kind::Spec => DiffRow::Spec,
        Kind::Input => DiffRow::Input,
        Kind::Attempt => DiffRow::Attempt,
        Kind::Phase => DiffRow::Phase,
        Kind::Step => DiffRow::Step,
        Kind::Approval => DiffRow::Approval,
        Kind::Notice => DiffRow::Notice,
        Kind::Omission => DiffRow::Omission,
        Kind::Section => DiffRow::Section,
        Kind::Message => DiffRow::Message,
        Kind::Citation => DiffRow::Citation,
        Kind::Refusal => DiffRow::Refusal,
        Kind::Reasoning => DiffRow::Reasoning,
        Kind::Tool => DiffRow::Tool,
        Kind::Item => DiffRow::Item,
        Kind::Handover => DiffRow::Handover,
        Kind::Checkpoint => DiffRow::Checkpoint,
        Kind::Chunk => DiffRow::Chunk,
        Kind::Artifact => DiffRow::Artifact,
        Kind::Usage => DiffRow::Usage,
        Kind::End => DiffRow::End,
    }
}
