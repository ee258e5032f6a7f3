use std::io::Cursor;

use calamine::{Data, DataType as _, Range, Reader as _, Xlsx, open_workbook_from_rs};
use chrono::NaiveDate;
use serde_json::json;
use wire::model_selection::FleetForecast;

use super::*;

pub(in crate::command::forecast) fn forecast_of(names: &[&str]) -> (FleetForecast, Vec<SeriesForecast>) {
    let standing = |model_type: Option<&str>, mase: f64, weight: f64| {
        json!({ "model_type": model_type, "why": "asked for", "series": 2, "mase": mase, "mase_error": 0.25,
            "wape": 12.5, "weight": weight })
    };
    let time = "2026-01-01T00:00:00.000000Z";
    let forecast = json!({
        "run_id": "0197a1b2-c3d4-7e5f-8a9b-0c1d2e3f4a5b",
        "status": "succeeded",
        "dataset_id": "0197a1b2-c3d4-7e5f-8a9b-0c1d2e3f4a5c",
        "horizon": 2,
        "series_total": names.len(),
        "excluded_series": [],
        "excluded_total": 0,
        "other_frequencies": [],
        "result": {
            "statement": "=1+1 is no formula",
            "assumptions": ["@SUM is none either"],
            "unlearned_series": [],
            "frequency": "monthly",
            "season_length": 12,
            "series_forecast": names.len(),
            "standings": [standing(None, 0.75, 1.0), standing(Some("ets"), 0.8, 0.75), standing(Some("ces"), 0.9, 0.25)],
            "coverage": [{ "level": 0.8, "observed": 0.79 }],
        },
        "created_at": time,
        "started_at": time,
        "completed_at": time,
        "error_code": null,
        "error_message": null,
    });
    let one = |(at, name): (usize, &&str)| {
        let level = |level: f64| json!({ "level": level, "lower": [1.5 - level, 2.5 - level], "upper": [1.5 + level, 2.5 + level] });
        serde_json::from_value(json!({
            "name": name,
            "weights": [{ "model_type": "ets", "weight": 0.75 }, { "model_type": "ces", "weight": 0.25 }],
            "why": "w",
            // The last one has never been judged.
            "metrics": (at < 2).then(|| json!({ "wape": 10.0, "smape": 9.0, "mae": 0.1 + at as f64, "rmse": 2.0,
                "bias": 0.5, "mase": 0.5 + 0.5 * at as f64, "rmsse": 0.6, "sample_size": 10 * (at + 1) })),
            "dates": ["1899-12-01", "2026-02-01"],
            "points": [1.5, 1.0 / 3.0],
            "intervals": [level(0.5), level(0.8), level(0.95)],
            "history": [],
        }))
        .unwrap()
    };
    (serde_json::from_value(forecast).unwrap(), names.iter().enumerate().map(one).collect())
}

pub(in crate::command::forecast) fn names() -> Names {
    Names::of_pairs(&[("ets", "ETS"), ("ces", "CES")])
}

fn written(series: &[&str]) -> Vec<u8> {
    let (forecast, series) = forecast_of(series);
    workbook(forecast.run_id, &forecast.result.unwrap(), &series, &names()).unwrap()
}

fn opened(bytes: Vec<u8>) -> Xlsx<Cursor<Vec<u8>>> {
    open_workbook_from_rs(Cursor::new(bytes)).unwrap()
}

/// The value of each figure of the summary, with its formula.
fn figures(bytes: Vec<u8>) -> Vec<(String, String, Data, Data)> {
    let mut book = opened(bytes);
    let (values, formulas) =
        (book.worksheet_range("Summary").unwrap(), book.worksheet_formula("Summary").unwrap());
    let at = |range: &Range<Data>, row, column| range.get_value((row, column)).cloned().unwrap_or_default();
    let formula = |row| formulas.get_value((row, 1)).cloned().unwrap_or_default();
    let label = |row| at(&values, row, 0).to_string();
    (4..100)
        .filter(|row| !label(*row).is_empty() && !label(*row).starts_with("assumed"))
        .map(|row| (label(row), formula(row), at(&values, row, 1), at(&values, row, 2)))
        .collect()
}

#[test]
fn names_are_never_formulas_and_numbers_keep_every_digit() {
    let names = ["=1+1", "+a", "-b", "@c", "{=1}", "http://a.b", "\tTab"];
    let mut book = opened(written(&names));
    assert_eq!(book.sheet_names(), ["Forecasts", "Backtest", "Summary"]);
    for sheet in ["Forecasts", "Backtest"] {
        assert!(book.worksheet_formula(sheet).unwrap().used_cells().next().is_none(), "{sheet}");
    }
    let forecasts = book.worksheet_range("Forecasts").unwrap();
    let head: Vec<String> = forecasts.rows().next().unwrap().iter().map(ToString::to_string).collect();
    assert_eq!(head, columns());
    for (row, name) in forecasts.rows().skip(1).zip(names.iter().flat_map(|name| [name, name])) {
        assert_eq!(row[0], Data::String((*name).to_owned()));
        assert_eq!(row[10], Data::String("ETS 75 % + CES 25 %".to_owned()));
    }
    let rows: Vec<&[Data]> = forecasts.rows().collect();
    // A date before the days that Excel counts is a text.
    assert_eq!(rows[1][2], Data::String("1899-12-01".to_owned()));
    assert!(matches!(rows[2][2], Data::DateTime(_)), "{:?}", rows[2][2]);
    assert_eq!(rows[2][2].as_date(), NaiveDate::from_ymd_opt(2026, 2, 1));
    assert_eq!((&rows[2][3], &rows[1][4]), (&Data::Float(1.0 / 3.0), &Data::Float(1.0)));
    let summary = book.worksheet_range("Summary").unwrap();
    assert_eq!(summary.get_value((0, 0)), Some(&Data::String("=1+1 is no formula".to_owned())));
}

#[test]
fn figures_are_formulas_over_the_other_sheets_with_what_the_run_says_beside_them() {
    let found = figures(written(&["a", "b", "c"]));
    let figure =
        |label: &str| found.iter().find(|one| one.0 == label).unwrap_or_else(|| panic!("{label}: {found:?}"));
    let check = |label: &str, formula: &str, value: f64| {
        let (_, written, result, _) = figure(label);
        assert_eq!(written, formula);
        assert!(matches!(result, Data::Float(found) if (found - value).abs() < 1e-12), "{label}: {result:?}");
    };
    check("series with a forecast", "ROWS(Backtest!A2:A4)", 3.0);
    check("sum of all forecasts", "SUM(Forecasts!D2:D7)", 5.5);
    check("mean of MASE over the series", "AVERAGE(Backtest!H2:H4)", 0.75);
    check("standard error of that mean", "STDEV(Backtest!H2:H4)/SQRT(COUNT(Backtest!H2:H4))", 0.25);
    check(
        "MAE over all test points",
        "SUMPRODUCT(Backtest!B2:B4,Backtest!C2:C4)/SUM(Backtest!B2:B4)",
        (10.0 * 0.1 + 20.0 * 1.1) / 30.0,
    );
    check("mean weight of ETS", "AVERAGE(Backtest!J2:J4)", 0.75);
    assert_eq!(figure("mean of MASE over the series").3, Data::Float(0.75));
    assert_eq!(figure("share of outcomes on the folds inside 80 %").3, Data::Float(0.79));
    assert_eq!(figure("share of outcomes on the folds inside 80 %").1, "");
}

#[test]
fn the_same_forecast_gives_the_same_bytes() {
    assert!(written(&["a", "b"]) == written(&["a", "b"]));
}

#[test]
fn more_rows_than_a_sheet_has_are_refused_with_the_other_formats() {
    assert_eq!(obstacle(30_490, 28), None);
    assert_eq!(obstacle(1_048_575, 1), None);
    let refusal = obstacle(1_048_576, 1).unwrap();
    assert!(refusal.contains("1048576 rows") && refusal.contains(".parquet"), "{refusal}");
}
