//! Files and uses on which people have stumbled, by a name each, and the tests that hold what is right of them. Each test makes
//! an input of the kind itself.

use std::fs;
use std::path::Path;

use tempfile::tempdir;

use crate::support::{json, run, stderr};

const READING: &str = "series/src/intake/tests/cases.rs";
const VERDICT: &str = "server/tests/it/verdict.rs";
const CALENDARS: &str = "server/tests/it/calendars.rs";
const EQUIVARIANCE: &str = "evaluation/tests/equivariance.rs";
const HERE: &str = "server/tests/it/cases.rs";
const MONTHS: &str = "months_are_the_same_in_every_file_that_has_them";
const DAYS: &str = "days_are_the_same_in_every_file_that_has_them";
const CALENDAR: &str = "every_calendar_is_forecast_on_its_own_dates_with_its_own_season";
const COLUMNS: &str = "a_row_number_names_no_series_and_two_columns_name_them_together";

/// What happened, the file below `crates`, and the test in it.
const CASES: [(&str, &str, &str); 38] = [
    (
        "a fold without data is not without demand",
        VERDICT,
        "a_fold_without_values_is_not_one_without_demand_and_the_terminal_is_warned",
    ),
    ("binary file read as CSV", READING, MONTHS),
    ("business days, season 5", CALENDARS, CALENDAR),
    ("calendar 4-4-5", CALENDARS, CALENDAR),
    ("calendar of every second week", CALENDARS, CALENDAR),
    (
        "the champion of the notes is another one",
        "model_selection/src/comparison/ranking/tests.rs",
        "a_number_has_one_value_and_the_champion_is_one_model_for_all_series",
    ),
    ("CSV with rows of commas", READING, MONTHS),
    ("CSV with midnights", READING, DAYS),
    ("CSV with the day first", READING, DAYS),
    ("CSV with more columns", READING, MONTHS),
    ("CSV of hours", CALENDARS, CALENDAR),
    ("CSV with marks of missing values", READING, "every_usual_mark_of_a_missing_value_is_one"),
    ("CSV with the header unique_id, ds, y", READING, MONTHS),
    ("CSV with semicolons and decimal commas", READING, MONTHS),
    ("CSV with a column per series", READING, "a_wide_table_is_a_series_per_column"),
    ("CSV with years and months", READING, MONTHS),
    (
        "a stated frequency is heeded in CSV",
        HERE,
        "a_frequency_that_is_stated_is_the_one_that_is_compared_on",
    ),
    ("MASE by the stated season", VERDICT, "scaled_errors_are_measured_by_the_stated_season"),
    ("MASE by one yardstick", "evaluation/src/metrics/tests.rs", "all_folds_have_one_yardstick"),
    ("rows that are left out are zeros", HERE, "dates_that_are_left_out_are_zeros_where_that_is_said"),
    (
        "negative forecasts of sales",
        EQUIVARIANCE,
        "nothing_below_zero_is_forecast_where_nothing_below_zero_was_seen",
    ),
    (
        "a clear winner on fifty of fifty series",
        VERDICT,
        "two_windows_of_fifty_series_tell_a_model_that_is_worse_on_all_of_them",
    ),
    ("one blank cell drops no model", VERDICT, "one_blank_cell_puts_no_model_out_of_the_ranking"),
    ("a series of one row", READING, "a_series_of_one_row_does_not_refuse_the_file"),
    (
        "several first starts at once",
        "server/tests/it/files.rs",
        "six_commands_that_meet_on_a_new_directory_all_succeed",
    ),
    (
        "restarts do not fail a run",
        "runs/tests/it/recover.rs",
        "any_number_of_clean_stops_later_a_run_finishes",
    ),
    ("a product of Saturdays is daily", READING, "a_product_of_saturdays_is_daily_as_its_file_is"),
    ("Parquet with gzip, Brotli, LZ4", READING, MONTHS),
    ("Parquet with a number per row", READING, COLUMNS),
    ("Parquet with item_id, timestamp, target", READING, DAYS),
    ("Parquet with midnights of a zone", READING, DAYS),
    ("Parquet with store and item", READING, COLUMNS),
    ("metrics that rank", VERDICT, "every_column_ranks_in_either_case_and_mape_is_refused_with_the_reason"),
    (
        "three years of months, one ahead",
        "model_selection/tests/it/planned.rs",
        "three_years_are_enough_to_ask_for_the_next_one",
    ),
    ("single sales per day", READING, "single_sales_are_added_up_if_that_is_said"),
    ("small figures are told apart", VERDICT, "small_figures_are_told_apart_in_every_column"),
    ("the unit does not change the champion", EQUIVARIANCE, "another_unit_of_measure_scales_the_forecast"),
    ("five years of weeks", HERE, "five_years_of_weeks_are_enough_for_a_season_of_weeks"),
];

#[test]
fn each_case_has_its_test() {
    let crates = Path::new(env!("CARGO_MANIFEST_DIR")).join("..");
    for (case, file, test) in CASES {
        let text = fs::read_to_string(crates.join(file)).unwrap_or_else(|error| panic!("{file}: {error}"));
        assert!(text.contains(&format!("fn {test}(")), "{case}: {file} has no {test}");
    }
    let mut names = CASES.map(|(case, ..)| case).to_vec();
    names.sort_unstable();
    names.dedup();
    assert_eq!(names.len(), CASES.len());
}

/// A file of one series: the dates from the first one on, so many days apart, of which some are left out.
fn file(place: &Path, (rows, days): (u64, u64), value: impl Fn(u64) -> Option<u64>) -> String {
    let first = chrono::NaiveDate::from_ymd_opt(2019, 1, 7).unwrap();
    let row =
        |at: u64| value(at).map(|value| format!("A,{},{value}\n", first + chrono::Days::new(days * at)));
    let text: String = (0..rows).filter_map(row).collect();
    let path = place.join("sales.csv");
    fs::write(&path, format!("series,date,value\n{text}")).unwrap();
    path.to_str().unwrap().to_owned()
}

#[test]
fn dates_that_are_left_out_are_zeros_where_that_is_said() {
    let data = tempdir().unwrap();
    let demand = |at: u64| if at.wrapping_mul(2_654_435_761) % 5 < 2 { 3 + at % 4 } else { 0 };
    let asked = ["--horizon", "14", "--models", "naive,moving_average", "--json"];
    let compared = |file: &str, more: &[&str]| {
        json(data.path(), &[&["compare", "run", file], &asked[..], more].concat())
    };
    let zeros = compared(&file(data.path(), (300, 1), |at| Some(demand(at))), &[]);
    let omitted =
        file(data.path(), (300, 1), |at| Some(demand(at)).filter(|value| *value > 0 || at == 0 || at == 299));
    let said = compared(&omitted, &["--gaps", "zero"]);
    let metrics = |found: &serde_json::Value| {
        let entries = found["entries"].as_array().unwrap().clone();
        entries.into_iter().map(|entry| entry["metrics"].clone()).collect::<Vec<_>>()
    };
    assert_eq!(metrics(&said), metrics(&zeros));
    let unsaid = compared(&omitted, &[]);
    assert_ne!(metrics(&unsaid), metrics(&zeros));
    let told = unsaid["assumptions"].to_string();
    assert!(told.contains("if nothing was sold on them, state gaps zero"), "{told}");
}

#[test]
fn a_frequency_that_is_stated_is_the_one_that_is_compared_on() {
    let data = tempdir().unwrap();
    let irregular = file(data.path(), (200, 1), |at| {
        Some(10 + at % 7).filter(|_| at == 199 || (at % 3 != 1 && at % 5 != 2))
    });
    let asked =
        ["compare", "run", &irregular, "--horizon", "7", "--models", "naive,seasonal_naive", "--json"];
    let found = json(data.path(), &[&asked[..], &["--frequency", "daily"]].concat());
    assert_eq!(
        (&found["series"][0]["frequency"], &found["series"][0]["rows"]),
        (&"daily".into(), &200.into())
    );
    let refused = run(data.path(), &[&asked[..], &["--frequency", "nightly"]].concat());
    assert_eq!(refused.status.code(), Some(2));
    assert!(stderr(&refused).contains("`nightly` is none of daily, "), "{}", stderr(&refused));
}

#[test]
fn five_years_of_weeks_are_enough_for_a_season_of_weeks() {
    let data = tempdir().unwrap();
    let weeks = file(data.path(), (260, 7), |at| Some(100 + (at % 52) * (52 - at % 52) + at * 7 % 5));
    let asked = [
        "compare",
        "run",
        &weeks,
        "--horizon",
        "13",
        "--season",
        "52",
        "--models",
        "naive,seasonal_naive",
        "--json",
    ];
    let found = json(data.path(), &asked);
    let first = &found["entries"][0];
    assert_eq!(
        (&first["model_type"], &first["included"]),
        (&"seasonal_naive".into(), &true.into()),
        "{found}"
    );
    assert!(first["metrics"]["wape"].as_f64().unwrap() < 5.0, "{first}");
}
