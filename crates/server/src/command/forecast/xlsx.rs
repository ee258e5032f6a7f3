//! Forecasts as an Excel workbook: what is forecast, how it was judged, and figures that a planner can follow cell by cell.
//!
//! Nothing that a user named becomes a formula: names are written as strings, whatever they begin with. The same forecast
//! gives the same bytes.

use chrono::Datelike as _;
use kernel::RunId;
use rust_xlsxwriter::{DocProperties, ExcelDateTime, Format, Formula, Workbook, Worksheet, XlsxError};
use wire::Moment;
use wire::model_selection::{FleetResult, FleetStanding, Metrics, SeriesForecast};

use super::out::{columns, models};
use crate::names::Names;

/// Rows of a sheet of Excel, of which one is the head.
const MAX_ROWS: u64 = 1_048_576;
/// Excel counts days from here; an earlier date is written as text.
const FIRST_YEAR: i32 = 1900;

const FORECASTS: &str = "Forecasts";
const BACKTEST: &str = "Backtest";
/// Where dates stand among the columns of forecasts, and what these are made of.
const DATE: u16 = 2;
const MADE_OF: u16 = 10;
/// The columns of a backtest before the models' weights.
const JUDGED: [&str; WEIGHTS as usize] =
    ["series", "test points", "MAE", "RMSE", "bias", "WAPE %", "sMAPE %", "MASE", "RMSSE"];
const POINTS: u16 = 1;
const MAE: u16 = 2;
const MASE: u16 = 7;
/// The weights begin here, one column per model.
const WEIGHTS: u16 = 9;

/// Why the forecasts of so many series do not fit a sheet, if they do not.
pub(super) fn obstacle(series: u64, horizon: usize) -> Option<String> {
    let rows = series.saturating_mul(horizon as u64);
    (rows >= MAX_ROWS).then(|| {
        format!(
            "a sheet of Excel has {MAX_ROWS} rows, and {series} series of {horizon} steps have {rows}; name a file that \
             ends in .csv or .parquet"
        )
    })
}

/// The workbook of a forecast with a result.
pub(super) fn workbook(
    run: RunId,
    result: &FleetResult,
    series: &[SeriesForecast],
    names: &Names,
) -> Result<Vec<u8>, XlsxError> {
    let mut workbook = Workbook::new();
    let types = result.standings.iter().filter_map(|one| one.model_type.as_deref());
    let statement = names.sentence(&result.statement, types);
    // The date that every part of the archive has.
    let made = ExcelDateTime::from_ymd(1980, 1, 1)?;
    workbook.set_properties(&DocProperties::new().set_title(&statement).set_creation_datetime(&made));
    write_forecasts(workbook.add_worksheet_with_low_memory()?.set_name(FORECASTS)?, series, names)?;
    let backtest = Backtest { series, result, names };
    backtest.write(workbook.add_worksheet_with_low_memory()?.set_name(BACKTEST)?)?;
    let sheet = workbook.add_worksheet().set_name("Summary")?;
    Summary { run, backtest, sheet, row: 0 }.write(&statement)?;
    workbook.save_to_buffer()
}

/// One row per series and step, with the bounds of each level.
fn write_forecasts(sheet: &mut Worksheet, series: &[SeriesForecast], names: &Names) -> Result<(), XlsxError> {
    write_head(sheet, columns().into_iter())?;
    sheet.set_column_width(DATE, 20)?;
    let mut row = 0;
    for one in series {
        let made_of = models(one, |model| names.name(model));
        for (step, (date, point)) in one.dates.iter().zip(&one.points).enumerate() {
            row += 1;
            sheet.write_string(row, 0, &one.name)?;
            write_date(sheet, row, *date)?;
            sheet.write_number(row, DATE - 1, (step + 1) as f64)?;
            sheet.write_number(row, DATE + 1, *point)?;
            for (column, interval) in (DATE + 2..).step_by(2).zip(&one.intervals) {
                sheet.write_number(row, column, interval.lower[step])?;
                sheet.write_number(row, column + 1, interval.upper[step])?;
            }
            sheet.write_string(row, MADE_OF, &made_of)?;
        }
    }
    Ok(())
}

fn write_date(sheet: &mut Worksheet, row: u32, date: Moment) -> Result<(), XlsxError> {
    if date.year() < FIRST_YEAR {
        sheet.write_string(row, DATE, date.to_string())?;
    } else {
        let form = if date.is_time() { "yyyy-mm-dd hh:mm:ss" } else { "yyyy-mm-dd" };
        sheet.write_datetime_with_format(row, DATE, date.time(), &Format::new().set_num_format(form))?;
    }
    Ok(())
}

fn write_head(sheet: &mut Worksheet, head: impl Iterator<Item = String>) -> Result<(), XlsxError> {
    let bold = Format::new().set_bold();
    sheet.set_freeze_panes(1, 1)?.set_column_width(0, 24)?;
    for (column, text) in (0..).zip(head) {
        sheet.write_string_with_format(0, column, text, &bold)?;
    }
    Ok(())
}

/// One row per series: how its forecast did on the folds, and what each model weighs.
#[derive(Clone, Copy)]
struct Backtest<'a> {
    series: &'a [SeriesForecast],
    result: &'a FleetResult,
    names: &'a Names,
}

impl Backtest<'_> {
    /// Models in the order of the standings, with the column of their weights.
    fn models(&self) -> impl Iterator<Item = (u16, &FleetStanding, &str)> {
        let named = self.result.standings.iter().filter_map(|one| Some((one, one.model_type.as_deref()?)));
        (WEIGHTS..).zip(named).map(|(column, (standing, name))| (column, standing, name))
    }

    fn write(self, sheet: &mut Worksheet) -> Result<(), XlsxError> {
        let weights = self.models().map(|(_, _, model)| format!("weight of {}", self.names.name(model)));
        write_head(sheet, JUDGED.into_iter().map(str::to_owned).chain(weights))?;
        for (row, one) in (1..).zip(self.series) {
            sheet.write_string(row, 0, &one.name)?;
            if let Some(metrics) = &one.metrics {
                sheet.write_number(row, POINTS, metrics.sample_size as f64)?;
                for (column, metric) in (MAE..).zip(judged(metrics)) {
                    if let Some(metric) = metric {
                        sheet.write_number(row, column, metric)?;
                    }
                }
            }
            for (column, _, name) in self.models() {
                sheet.write_number(row, column, weight(one, name))?;
            }
        }
        Ok(())
    }

    /// A column without its head, as a formula names it.
    fn column(self, column: u16) -> String {
        let name = rust_xlsxwriter::utility::column_number_to_name(column);
        format!("{BACKTEST}!{name}2:{name}{}", self.series.len() + 1)
    }

    fn numbers(self, metric: impl Fn(&Metrics) -> Option<f64>) -> Vec<f64> {
        self.series.iter().filter_map(|one| metric(one.metrics.as_ref()?)).collect()
    }
}

/// In the order of their columns.
const fn judged(metrics: &Metrics) -> [Option<f64>; 7] {
    let Metrics { wape, smape, mae, rmse, bias, mase, rmsse, .. } = metrics;
    [*mae, *rmse, *bias, *wape, *smape, *mase, *rmsse]
}

fn weight(one: &SeriesForecast, model_type: &str) -> f64 {
    one.weights.iter().find(|weight| weight.model_type == model_type).map_or(0.0, |weight| weight.weight)
}

/// Figures over the other sheets as formulas, beside what the run itself says of them.
struct Summary<'a, 's> {
    run: RunId,
    backtest: Backtest<'a>,
    sheet: &'s mut Worksheet,
    row: u32,
}

impl Summary<'_, '_> {
    fn write(mut self, statement: &str) -> Result<(), XlsxError> {
        let backtest = self.backtest;
        let Backtest { series, result, .. } = backtest;
        let bold = Format::new().set_bold();
        self.sheet.set_column_width(0, 44)?.set_column_width(1, 20)?.set_column_width(2, 20)?;
        self.sheet.write_string_with_format(0, 0, statement, &bold)?;
        self.sheet.write_string(1, 0, format!("run {}", self.run))?;
        for (column, text) in (0..).zip(["figure", "from the other sheets", "as the run says"]) {
            self.sheet.write_string_with_format(3, column, text, &bold)?;
        }
        self.row = 4;
        let names = self.backtest.column(0);
        let n = series.len() as f64;
        self.figure(
            "series with a forecast",
            Some((format!("ROWS({names})"), n)),
            Some(result.series_forecast as f64),
        )?;
        let steps: usize = series.iter().map(|one| one.points.len()).sum();
        let sum = series.iter().flat_map(|one| &one.points).sum();
        self.figure(
            "sum of all forecasts",
            Some((format!("SUM({FORECASTS}!D2:D{})", steps + 1), sum)),
            None,
        )?;
        self.errors()?;
        for coverage in &result.coverage {
            let label = format!("share of outcomes on the folds inside {:.0} %", 100.0 * coverage.level);
            self.figure(&label, None, Some(coverage.observed))?;
        }
        for (column, standing, name) in backtest.models() {
            let mean = series.iter().map(|one| weight(one, name)).sum::<f64>() / n;
            let formula = format!("AVERAGE({})", backtest.column(column));
            let label = format!("mean weight of {}", backtest.names.name(name));
            self.figure(&label, Some((formula, mean)), Some(standing.weight))?;
        }
        for sentence in &result.assumptions {
            self.row += 1;
            let types = result.standings.iter().filter_map(|one| one.model_type.as_deref());
            let sentence = backtest.names.sentence(sentence, types);
            self.sheet.write_string(self.row, 0, format!("assumed: {sentence}"))?;
        }
        Ok(())
    }

    /// The errors of the weighted forecast on the folds. What is none has no formula, which would be a division by zero.
    fn errors(&mut self) -> Result<(), XlsxError> {
        let rule = self.backtest.result.standings.first();
        let scaled = self.backtest.numbers(|metrics| metrics.mase);
        let (count, column) = (scaled.len() as f64, self.backtest.column(MASE));
        let mean = scaled.iter().sum::<f64>() / count;
        let spread = scaled.iter().map(|one| (one - mean).powi(2)).sum::<f64>() / (count - 1.0);
        let formula = (!scaled.is_empty()).then(|| (format!("AVERAGE({column})"), mean));
        self.figure("mean of MASE over the series", formula, rule.and_then(|rule| rule.mase))?;
        let formula = (scaled.len() > 1)
            .then(|| (format!("STDEV({column})/SQRT(COUNT({column}))"), (spread / count).sqrt()));
        self.figure("standard error of that mean", formula, rule.and_then(|rule| rule.mase_error))?;
        let points: f64 = self.backtest.numbers(|metrics| Some(metrics.sample_size as f64)).iter().sum();
        let errors: f64 =
            self.backtest.numbers(|metrics| Some(metrics.mae? * metrics.sample_size as f64)).iter().sum();
        let (tested, column) = (self.backtest.column(POINTS), self.backtest.column(MAE));
        let formula =
            (points > 0.0).then(|| (format!("SUMPRODUCT({tested},{column})/SUM({tested})"), errors / points));
        self.figure("MAE over all test points", formula, None)?;
        self.figure("pooled WAPE over all test points, %", None, rule.and_then(|rule| rule.wape))
    }

    fn figure(
        &mut self,
        label: &str,
        formula: Option<(String, f64)>,
        said: Option<f64>,
    ) -> Result<(), XlsxError> {
        self.sheet.write_string(self.row, 0, label)?;
        if let Some((formula, value)) = formula {
            // The value is for readers that do not calculate.
            self.sheet.write_formula(self.row, 1, Formula::new(formula).set_result(value.to_string()))?;
        }
        if let Some(said) = said {
            self.sheet.write_number(self.row, 2, said)?;
        }
        self.row += 1;
        Ok(())
    }
}

#[cfg(test)]
#[path = "xlsx/tests.rs"]
pub(super) mod tests;
