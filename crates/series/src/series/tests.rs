use wire::Moment;

use super::*;

fn day(text: &str) -> Moment {
    text.parse().unwrap()
}

fn infer(dates: &[&str]) -> Result<Frequency, SeriesError> {
    let rows = dates.iter().map(|date| (day(date), 1.0));
    Series::infer("s", rows, Gaps::Missing).map(|series| series.frequency())
}

#[test]
fn the_frequency_is_read_off_the_dates() {
    let cases: [(&[&str], Frequency); 8] = [
        (&["2024-01-05"], Frequency::DAILY),
        (&["2024-01-01", "2024-01-02", "2024-01-05"], Frequency::DAILY),
        (&["2024-01-01", "2024-01-08", "2024-01-22"], Frequency::WEEKLY),
        (&["2024-01-01", "2024-02-01", "2024-03-01"], Frequency::MONTHLY),
        (&["2024-01-31", "2024-02-29", "2024-04-30"], Frequency::MONTHLY),
        (&["2024-01-30", "2024-02-29", "2024-03-30"], Frequency::MONTHLY),
        (&["2024-03-31", "2024-06-30", "2024-12-31"], Frequency::QUARTERLY),
        (&["2021-07-01", "2022-07-01", "2024-07-01"], Frequency::YEARLY),
    ];
    for (dates, expected) in cases {
        assert_eq!(infer(dates), Ok(expected), "{dates:?}");
    }
}

#[test]
fn what_is_past_is_read_as_it_was_and_reaches_as_far_ahead() {
    let dates = (1..=5).map(|nth| (day(&format!("2024-01-0{nth}")), 1.0));
    let stock = vec![1.0, 2.0, f64::NAN, 4.0, 5.0];
    let series =
        Series::infer("s", dates, Gaps::Missing).unwrap().with_past([("stock".into(), stock)].into());
    assert_eq!((series.known(), series.plan(1)), (None, None));
    let series = series.looking_back(2);
    let column = |known: &Known| {
        known.days["stock, 2 rows before"].iter().map(|number| kernel::finite(*number)).collect::<Vec<_>>()
    };
    assert_eq!(column(series.known().unwrap()), [None, None, Some(1.0), Some(2.0), None]);
    assert_eq!(column(series.plan(2).unwrap()), [Some(4.0), Some(5.0)]);
    assert_eq!(series.plan(3), None);
}

#[test]
fn duplicate_and_irregular_dates_are_named() {
    let duplicate = infer(&["2024-01-02", "2024-01-01", "2024-01-02"]).unwrap_err();
    assert_eq!(duplicate, SeriesError::Duplicate { name: "s".into(), date: day("2024-01-02") });
    let irregular = infer(&["2024-01-01", "2024-02-01", "2024-03-01", "2024-04-02"]).unwrap_err();
    assert!(matches!(irregular, SeriesError::Irregular { .. }), "{irregular:?}");
    let weekly = Series::of(
        "s",
        Frequency::WEEKLY,
        [(day("2024-01-01"), 1.0), (day("2024-01-09"), 1.0), (day("2024-01-15"), 1.0)],
        Gaps::Missing,
    );
    let date = day("2024-01-09");
    assert_eq!(weekly, Err(SeriesError::Irregular { name: "s".into(), date, expected: Frequency::WEEKLY }));
}

#[test]
fn a_gap_means_what_the_policy_says() {
    let rows = [(day("2024-01-01"), 1.0), (day("2024-01-02"), f64::NAN), (day("2024-01-04"), 4.0)];
    let with = |gaps| Series::of("s", Frequency::DAILY, rows, gaps);
    assert_eq!(with(Gaps::Omit).unwrap().values(), [1.0, 4.0]);
    assert_eq!(with(Gaps::Zero).unwrap().values(), [1.0, 0.0, 0.0, 4.0]);
    let missing = with(Gaps::Missing).unwrap();
    assert_eq!(missing.values().iter().map(|v| v.is_nan()).collect::<Vec<_>>(), [false, true, true, false]);
    assert_eq!(with(Gaps::Refuse), Err(SeriesError::Gap { name: "s".into(), date: day("2024-01-02") }));
}

#[test]
fn empty_infinite_and_endless_input_is_refused() {
    assert_eq!(infer(&[]), Err(SeriesError::Empty { name: "s".into() }));
    let infinite = Series::infer("s", [(day("2024-01-01"), f64::INFINITY)], Gaps::Missing);
    assert_eq!(infinite, Err(SeriesError::Infinite { name: "s".into(), date: day("2024-01-01") }));
    let rows = [(day("0001-01-01"), 1.0), (day("9999-01-02"), 1.0)];
    let long = Series::of("s", Frequency::DAILY, rows, Gaps::Zero);
    assert!(matches!(long, Err(SeriesError::TooLong { .. })), "{long:?}");
}

#[test]
fn a_series_survives_json_with_its_missing_values() {
    let rows = [(day("2024-01-31"), 1.5), (day("2024-03-31"), 2.0)];
    let series = Series::of("s", Frequency::MONTHLY, rows, Gaps::Missing).unwrap();
    let text = serde_json::to_string(&series).unwrap();
    assert!(text.contains(r#""values":[1.5,null,2.0]"#), "{text}");
    let back: Series = serde_json::from_str(&text).unwrap();
    assert_eq!(back.dates(), [day("2024-01-31"), day("2024-02-29"), day("2024-03-31")]);
    assert_eq!(serde_json::to_string(&back).unwrap(), text);
}

#[test]
fn future_dates_continue_the_grid() {
    let rows = [(day("2024-01-31"), 1.0), (day("2024-02-29"), 2.0)];
    let series = Series::infer("s", rows, Gaps::Refuse).unwrap();
    assert_eq!(series.future_dates(2), [day("2024-03-31"), day("2024-04-30")]);
}
