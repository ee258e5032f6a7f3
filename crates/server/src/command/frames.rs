//! `assay frames`: texts of frames, whoever wrote them.

use std::io::Write;

use kernel::counted;
use wire::ledger::LintReport;

use super::{close, open_without_data, print_json};
use crate::cli::{Frames, Output, Place};
use crate::exit::Exit;
use crate::input;
use crate::plain::plain;
use crate::system::System;

pub(crate) async fn run(place: &Place, Frames::Lint { file, output }: &Frames) -> anyhow::Result<Exit> {
    let text = input::read(file)?;
    let (system, _dir) = open_without_data(place).await?;
    let ended = lint(&system, text, *output).await;
    close(system, ended).await
}

async fn lint(system: &System, text: bytes::Bytes, output: Output) -> anyhow::Result<Exit> {
    let report = system.client.lint_frames(text).await?;
    if output.json {
        print_json(&report)?;
    } else {
        print(&report)?;
    }
    Ok(if report.is_valid { Exit::Ok } else { Exit::NotVerified })
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
