//! Files of series.

use std::path::PathBuf;

use clap::{Args, Subcommand};

use super::Output;

/// Where the help lists how to read a file: the options of the command itself stand before.
const READING: &str = "How to read the file";

/// A file of series, and what it does not say itself.
#[derive(Debug, Args)]
pub(crate) struct SeriesFile {
    /// A file of series: CSV and its kin, Excel or ODS, Parquet, Arrow, `.tsf`, or gzip or zip of those. Long (a row
    /// per date), wide (a column per series) or turned (a row per series); `assay data inspect` shows how it is read.
    pub(crate) file: PathBuf,
    #[command(flatten)]
    pub(crate) reading: Reading,
}

impl SeriesFile {
    /// The arguments that read this file in this way, as somebody types them.
    pub(crate) fn arguments(&self) -> String {
        let reading = &self.reading;
        let lists = [
            ("--id", reading.ids.join(",")),
            ("--known", reading.known.join(",")),
            ("--past", reading.past.join(",")),
        ];
        let lists = lists.into_iter().map(|(flag, text)| (flag, Some(text).filter(|text| !text.is_empty())));
        let words = [
            ("--date", &reading.date),
            ("--value", &reading.value),
            ("--date-format", &reading.date_format),
            ("--decimal", &reading.decimal),
            ("--separator", &reading.separator),
            ("--encoding", &reading.encoding),
            ("--sheet", &reading.sheet),
            ("--frequency", &reading.frequency),
            ("--start", &reading.start),
            ("--time-zone", &reading.time_zone),
            ("--holidays", &reading.holidays),
        ];
        let mut arguments = typed(&self.file.to_string_lossy());
        for (flag, text) in lists.chain(words.map(|(flag, text)| (flag, text.clone()))) {
            if let Some(text) = text {
                arguments.push_str(&format!(" {flag} {}", typed(&text)));
            }
        }
        for (flag, _) in [("--wide", reading.wide), ("--sum-duplicates", reading.sum_duplicates)]
            .iter()
            .filter(|flag| flag.1)
        {
            arguments.push_str(&format!(" {flag}"));
        }
        arguments
    }
}

/// A word as a shell takes it.
fn typed(word: &str) -> String {
    let is_plain = |c: char| c.is_alphanumeric() || "_-./,:@%+".contains(c);
    if !word.is_empty() && word.chars().all(is_plain) {
        return word.to_owned();
    }
    format!("'{}'", word.replace('\'', "'\\''"))
}

/// How to read a file, where it leaves something open.
#[derive(Debug, Default, Args)]
pub(crate) struct Reading {
    /// The columns that name a series.
    #[arg(help_heading = READING, long = "id", value_delimiter = ',', value_name = "COLUMN")]
    pub(crate) ids: Vec<String>,
    /// The column of dates.
    #[arg(help_heading = READING, long, value_name = "COLUMN")]
    pub(crate) date: Option<String>,
    /// The column of values.
    #[arg(help_heading = READING, long, value_name = "COLUMN")]
    pub(crate) value: Option<String>,
    /// Columns that are known beforehand (prices, promotions), also for the dates to forecast: rows with them and without a value.
    #[arg(help_heading = READING, long, value_delimiter = ',', value_name = "COLUMN")]
    pub(crate) known: Vec<String>,
    /// Columns that are known only up to the last value (stock, orders): models of all series together read them as they were
    /// a horizon and a row before.
    #[arg(help_heading = READING, long, value_delimiter = ',', value_name = "COLUMN")]
    pub(crate) past: Vec<String>,
    /// How dates are written, as in `DD/MM/YYYY`; `serial` are days as Excel counts them.
    #[arg(help_heading = READING, long, value_name = "FORM")]
    pub(crate) date_format: Option<String>,
    /// The decimal mark: `point` or `comma`.
    #[arg(help_heading = READING, long, value_name = "MARK")]
    pub(crate) decimal: Option<String>,
    /// What separates the cells of a text: one character, or `tab`.
    #[arg(help_heading = READING, long, value_name = "CHARACTER")]
    pub(crate) separator: Option<String>,
    /// How the bytes of a text stand for characters, as in `windows-1251` or `shift_jis`.
    #[arg(help_heading = READING, long, value_name = "LABEL")]
    pub(crate) encoding: Option<String>,
    /// The sheet of a workbook.
    #[arg(help_heading = READING, long, value_name = "NAME")]
    pub(crate) sheet: Option<String>,
    /// How far apart the dates are (`daily`, `business_daily`, `weekly`, `monthly`, `quarterly`, `yearly`, `hourly`,
    /// `every_15_minutes`, `every_2_weeks`, `4-4-5`, …), or `each` if every series has a frequency of its own.
    #[arg(help_heading = READING, long)]
    pub(crate) frequency: Option<String>,
    /// The first date of lists of values that have none, or the date of period 0.
    #[arg(help_heading = READING, long, value_name = "YYYY-MM-DD")]
    pub(crate) start: Option<String>,
    /// Whose clock the times show, where they do not say it themselves, as in `Europe/Berlin`: makes hours that clocks skip or
    /// show twice regular.
    #[arg(help_heading = READING, long, value_name = "ZONE")]
    pub(crate) time_zone: Option<String>,
    /// Every column of numbers is a series.
    #[arg(help_heading = READING, long)]
    pub(crate) wide: bool,
    /// Add the values of one date up.
    #[arg(help_heading = READING, long)]
    pub(crate) sum_duplicates: bool,
    /// The country whose public holidays are known beforehand, as in `DE`: those of the dates to forecast too.
    #[arg(help_heading = READING, long, value_name = "CODE")]
    pub(crate) holidays: Option<String>,
}

#[derive(Debug, Subcommand)]
pub(crate) enum Data {
    /// Say how a file is read: columns, dates, numbers, what is dropped and what is assumed. Nothing is stored.
    Inspect(Inspect),
}

#[derive(Debug, Args)]
pub(crate) struct Inspect {
    #[command(flatten)]
    pub(crate) series: SeriesFile,
    #[command(flatten)]
    pub(crate) output: Output,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn arguments_are_those_that_were_typed() {
        let reading = Reading {
            ids: vec!["shop".to_owned(), "item".to_owned()],
            sheet: Some("it's 1".to_owned()),
            wide: true,
            ..Reading::default()
        };
        let file = SeriesFile { file: "my sales.xlsx".into(), reading };
        assert_eq!(file.arguments(), r"'my sales.xlsx' --id shop,item --sheet 'it'\''s 1' --wide");
    }
}
