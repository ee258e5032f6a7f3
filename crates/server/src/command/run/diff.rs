//! `assay run diff`: where two runs part.

use std::io::Write;

use client::Client;
use kernel::{RunId, counted};
use serde_json::Value;
use wire::ledger::{Change, Diff, DiffEntry, DiffField, DiffQuery, DiffSide};

use crate::cli::{Ignored, Output};
use crate::command::print_json;
use crate::plain::plain;

/// Most of a value that is printed in one line.
const MAX_CHARS: usize = 100;

/// The comparison, with its first thousand entries.
pub(super) async fn between(
    client: &Client,
    left: RunId,
    right: RunId,
    ignore: &[Ignored],
) -> anyhow::Result<Diff> {
    let words = [(Ignored::Timing, "timing"), (Ignored::Ids, "ids")];
    let words: Vec<&str> =
        words.iter().filter(|(what, _)| ignore.contains(what)).map(|(_, word)| *word).collect();
    let ignore = (!words.is_empty()).then(|| words.join(","));
    let query = DiffQuery { ignore, limit: Some(1000), ..DiffQuery::default() };
    Ok(client.run_diff(left, right, &query).await?)
}

pub(super) fn print(found: &Diff, output: Output) -> anyhow::Result<()> {
    if output.json {
        return print_json(found);
    }
    let mut out = std::io::stdout().lock();
    side(&mut out, "left ", &found.left)?;
    side(&mut out, "right", &found.right)?;
    for entry in &found.entries {
        one(&mut out, entry)?;
    }
    if found.remaining > 0 {
        writeln!(out, "and {}", counted(found.remaining, "more row", "more rows"))?;
    }
    let totals = &found.totals;
    let verdict = if found.is_same { "the same" } else { "NOT the same" };
    let same = counted(totals.same, "row", "rows");
    let (changed, added, removed) = (totals.changed, totals.added, totals.removed);
    Ok(writeln!(out, "{verdict}: {same} as before, {changed} changed, {added} added, {removed} removed")?)
}

fn side(out: &mut impl Write, name: &str, side: &DiffSide) -> std::io::Result<()> {
    let frames = counted(side.frames, "frame", "frames");
    write!(out, "{name}  {}  {}  {}  {frames}", side.run_id, plain(&side.kind), side.status)?;
    match side.first_difference_seq {
        Some(seq) => writeln!(out, ", parts at frame {seq}"),
        None => writeln!(out),
    }
}

fn one(out: &mut impl Write, entry: &DiffEntry) -> std::io::Result<()> {
    let sign = match entry.change {
        Change::Same => '=',
        Change::Changed => '~',
        Change::Added => '+',
        Change::Removed => '-',
    };
    let at = |seq: Option<u64>| seq.map_or_else(|| "–".to_owned(), |seq| seq.to_string());
    let (row, label) = (entry.row, plain(&entry.label));
    let (left, right) = (at(entry.left_seq), at(entry.right_seq));
    writeln!(out, "{sign} {row} {label}  [{left} | {right}]  {}", plain(&entry.path))?;
    entry.fields.iter().try_for_each(|said| field(out, said))?;
    if entry.fields_omitted > 0 {
        writeln!(out, "    and {}", counted(entry.fields_omitted, "more field", "more fields"))?;
    }
    Ok(())
}

fn field(out: &mut impl Write, field: &DiffField) -> std::io::Result<()> {
    let name = plain(&field.name);
    match (&field.left, &field.right) {
        (Some(left), Some(right)) => writeln!(out, "    {name}: {} → {}", short(left), short(right)),
        (Some(only), None) | (None, Some(only)) => writeln!(out, "    {name}: {}", short(only)),
        (None, None) => Ok(()),
    }
}

/// A value as one line, cut where it is long.
fn short(value: &Value) -> String {
    let text = value.to_string();
    let text = plain(&text);
    match text.char_indices().nth(MAX_CHARS) {
        Some((end, _)) => format!("{}…", &text[..end]),
        None => text.into_owned(),
    }
}
