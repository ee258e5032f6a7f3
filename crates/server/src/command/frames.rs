//! `assay frames`: texts of frames, whoever wrote them.

use std::io::{BufRead, BufReader, Read, Write};
use std::path::Path;

use kernel::counted;
use wire::ledger::LintReport;

use super::print_json;
use crate::cli::Frames;
use crate::exit::Exit;
use crate::input;
use crate::plain::plain;

/// A frame has a MiB as a line at most. A longer line is no frame, whatever is in it, and is not held in memory.
const MAX_LINE_BYTES: u64 = 2 << 20;

pub(crate) fn run(Frames::Lint { file, output }: &Frames) -> anyhow::Result<Exit> {
    let report = api::lint_report(lint(file)?);
    if output.json {
        print_json(&report)?;
    } else {
        print(&report)?;
    }
    Ok(if report.is_valid { Exit::Ok } else { Exit::NotVerified })
}

/// Reads line by line, so that a file may be larger than the memory.
fn lint(path: &Path) -> anyhow::Result<frames::Lint> {
    let (file, _) = input::open(path)?;
    let mut lines = BufReader::with_capacity(1 << 16, file);
    let mut linter = frames::Linter::new(api::LINT_TOLD);
    let mut line = Vec::new();
    loop {
        line.clear();
        let read = (&mut lines).take(MAX_LINE_BYTES).read_until(b'\n', &mut line);
        if read.map_err(|error| input::unreadable(path, &error))? == 0 {
            return Ok(linter.finish());
        }
        if line.last() != Some(&b'\n') && line.len() as u64 == MAX_LINE_BYTES {
            lines.skip_until(b'\n').map_err(|error| input::unreadable(path, &error))?;
            linter.push_unreadable("is longer than a frame can be");
            continue;
        }
        match str::from_utf8(&line) {
            Ok(text) => linter.push(text.trim_end_matches(['\r', '\n'])),
            Err(_) => linter.push_unreadable("is not UTF-8"),
        }
    }
}

fn print(report: &LintReport) -> anyhow::Result<()> {
    let mut out = std::io::stdout().lock();
    for finding in &report.findings {
        writeln!(out, "line {}: {} ({})", finding.line, plain(&finding.message), finding.code)?;
    }
    let more = report.findings_total - report.findings.len() as u64;
    if more > 0 {
        writeln!(out, "and {}", counted(more, "more fault", "more faults"))?;
    }
    let frames = counted(report.frames, "frame", "frames");
    if report.is_valid {
        writeln!(out, "{frames}, a whole stream that keeps to the contract")?;
    } else {
        writeln!(out, "{frames}, {}", counted(report.findings_total, "fault", "faults"))?;
    }
    Ok(())
}
