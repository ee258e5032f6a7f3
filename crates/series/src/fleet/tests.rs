use proptest::prelude::*;

use super::*;
use crate::testing;

fn day(text: &str) -> NaiveDate {
    text.parse().unwrap()
}

fn columns(lists: &[(&str, &str, &[f64])], frequency: Frequency) -> FleetColumns {
    let mut ends = Vec::new();
    let mut values = Vec::new();
    for (_, _, list) in lists {
        values.extend_from_slice(list);
        ends.push(values.len());
    }
    let names = lists.iter().map(|one| one.0.to_owned()).collect();
    let starts = lists.iter().map(|one| day(one.1)).collect();
    FleetColumns { names, starts, ends, values, frequency, gaps: Gaps::Missing }
}

/// One series by way of columns of rows.
fn of_rows(rows: &[(NaiveDate, f64)], frequency: Option<Frequency>, gaps: Gaps) -> Result<Fleet, FleetError> {
    let rows = Rows {
        names: vec!["s".to_owned()],
        ends: vec![rows.len()],
        days: rows.iter().map(|row| row.0.to_epoch_days()).collect(),
        values: rows.iter().map(|row| row.1).collect(),
    };
    rows.into_fleet(frequency, gaps)
}

#[test]
fn columns_are_read_series_by_series_in_the_order_given() {
    let fleet = Fleet::of(columns(
        &[("b", "2024-01-31", &[1.0, f64::NAN, 3.0]), ("a", "2023-02-28", &[4.0])],
        Frequency::Monthly,
    ))
    .unwrap();
    assert_eq!((fleet.len(), fleet.rows(), fleet.name(0), fleet.name(1)), (2, 4, "b", "a"));
    assert!(fleet.values(0)[1].is_nan());
    assert_eq!(fleet.values(1), [4.0]);
    let dates: Vec<_> = fleet.dates(0).collect();
    assert_eq!(dates, [day("2024-01-31"), day("2024-02-29"), day("2024-03-31")]);
    assert_eq!(fleet.future_dates(0, 2).collect::<Vec<_>>(), fleet.series(0).future_dates(2));
    assert_eq!(fleet.by_length(), BTreeMap::from([(1, vec![1]), (3, vec![0])]));
}

#[test]
fn columns_that_are_no_fleet_are_refused() {
    let good = || columns(&[("a", "2024-01-01", &[1.0, 2.0]), ("b", "2024-01-01", &[3.0])], Frequency::Daily);
    let check = |change: &dyn Fn(&mut FleetColumns), expected: &str| {
        let mut columns = good();
        change(&mut columns);
        assert_eq!(Fleet::of(columns).unwrap_err().to_string(), expected);
    };
    assert!(Fleet::of(good()).is_ok());
    check(&|c| c.names[1] = "a".to_owned(), "there are two series named `a`; give each a name of its own");
    check(&|c| c.ends[0] = 0, "series `a` has no values");
    check(&|c| c.ends[0] = 9, "values has 3 entries, and 3 are described");
    check(&|c| c.ends[1] = 4, "values has 3 entries, and 4 are described");
    check(&|c| c.starts.truncate(1), "starts has 1 entries, and 2 are described");
    check(&|c| c.values[1] = f64::INFINITY, "series `a` has an infinite value on 2024-01-02");
    check(&|c| c.starts[0] = day("9999-12-31"), "series `a`: +10000-01-01 is outside the years 1 to 9999");
    check(
        &|c| (c.gaps, c.values[2]) = (Gaps::Refuse, f64::NAN),
        "series `b` has no value for 2024-01-01; add it or choose what a gap means (omit, zero, missing)",
    );
    let omit = |c: &mut FleetColumns| c.gaps = Gaps::Omit;
    check(
        &omit,
        "a fleet has a row for every date, so gaps cannot be omitted; choose zero, missing or refuse",
    );
    check(&|c| *c = columns_without_series(), "there are no series");
}

fn columns_without_series() -> FleetColumns {
    columns(&[], Frequency::Daily)
}

#[test]
fn series_become_columns_and_series_again() {
    let series = [testing::series(&[1.0, f64::NAN, 3.0])];
    let fleet = Fleet::from_series(&series).unwrap();
    // The JSON form writes a missing value as `null`, so that two are equal.
    let json = |series: &Series| serde_json::to_string(series).unwrap();
    assert_eq!(json(&fleet.series(0)), json(&series[0]));
    assert_eq!(fleet, Fleet::from_series(&[fleet.series(0)]).unwrap());
    let weekly = Series::of("w", Frequency::Weekly, [(day("2024-01-01"), 1.0)], Gaps::Missing).unwrap();
    let mixed = Fleet::from_series(&[series[0].clone(), weekly]);
    assert_eq!(mixed, Err(FleetError::Mixed { name: "w".into(), differs: "frequency" }));
    let twice = Fleet::from_series(&[series[0].clone(), series[0].clone()]);
    assert_eq!(twice, Err(FleetError::DuplicateName { name: "test".into() }));
    assert_eq!(Fleet::from_series(&[]), Err(FleetError::Empty));
}

#[test]
fn the_frequency_of_a_fleet_is_the_one_most_rows_are_in() {
    let fleet = |dates: &[&[&str]]| {
        let mut rows = Rows::default();
        for (at, dates) in dates.iter().enumerate() {
            rows.names.push(at.to_string());
            rows.days.extend(dates.iter().map(|date| day(date).to_epoch_days()));
            rows.ends.push(rows.days.len());
        }
        rows.values = vec![1.0; rows.days.len()];
        rows.into_fleet(None, Gaps::Missing)
    };
    let daily: &[&str] = &["2024-01-01", "2024-01-02", "2024-01-05"];
    let by_chance_weekly: &[&str] = &["2024-01-01", "2024-01-15"];
    let found = fleet(&[by_chance_weekly, daily, &["2024-01-03"]]).unwrap();
    assert_eq!(found.frequency(), Frequency::Daily);
    assert_eq!((0..3).map(|at| found.values(at).len()).collect::<Vec<_>>(), [15, 5, 1]);
    let weekly: &[&str] = &["2024-01-01", "2024-01-08", "2024-01-15", "2024-01-22"];
    let odd = fleet(&[weekly, &["2024-01-01", "2024-01-02"]]).unwrap_err();
    let (name, date) = ("1".to_owned(), day("2024-01-02"));
    assert_eq!(odd, SeriesError::Irregular { name, date, expected: Frequency::Weekly }.into());
    assert_eq!(fleet(&[&["2024-01-31"]]).unwrap().frequency(), Frequency::Daily);
}

#[test]
fn one_wrong_date_does_not_fill_the_memory() {
    let rows = [(day("0001-01-01"), 1.0), (day("9999-01-02"), 1.0)];
    let long = of_rows(&rows, Some(Frequency::Daily), Gaps::Zero);
    assert!(matches!(long, Err(FleetError::Series(SeriesError::TooLong { .. }))), "{long:?}");
    // Each series is short enough on its own.
    let (first, last) = (day("0001-01-01").to_epoch_days(), day("2500-01-01").to_epoch_days());
    let rows = Rows {
        names: (0..60).map(|name| name.to_string()).collect(),
        ends: (1..=60).map(|end| 2 * end).collect(),
        days: [first, last].repeat(60),
        values: vec![1.0; 120],
    };
    let many = rows.into_fleet(Some(Frequency::Daily), Gaps::Zero);
    assert_eq!(many, Err(FleetError::TooManyRows { limit: MAX_FLEET_ROWS }));
}

#[test]
fn a_repeated_date_is_told_before_an_irregular_one() {
    let rows = [15, 20, 20].map(|day| (NaiveDate::from_ymd_opt(2022, 1, day).unwrap(), 1.0));
    let found = of_rows(&rows, None, Gaps::Missing);
    assert!(matches!(found, Err(FleetError::Series(SeriesError::Duplicate { .. }))), "{found:?}");
}

fn frequency() -> impl Strategy<Value = Frequency> {
    use Frequency::{Daily, Monthly, Quarterly, Weekly, Yearly};
    prop::sample::select(vec![Daily, Weekly, Monthly, Quarterly, Yearly])
}

/// Rows that are mostly on a grid, with holes and missing values.
fn rows() -> impl Strategy<Value = Vec<(NaiveDate, f64)>> {
    let value = prop_oneof![6 => -9.0..9.0_f64, 2 => Just(f64::NAN), 1 => Just(f64::INFINITY)];
    let row = (any::<bool>(), value, prop::bool::weighted(0.02));
    (frequency(), 0_i32..800, 0_u32..32, prop::collection::vec(row, 1..30)).prop_map(
        |(frequency, first, anchor, rows)| {
            let first = NaiveDate::from_epoch_days(19_000 + first).unwrap();
            let date = |step| frequency.advance(first, anchor.max(first.day()), step);
            let mut kept: Vec<_> = rows.into_iter().enumerate().filter(|(_, row)| row.0).collect();
            kept.dedup_by_key(|(step, _)| *step);
            let shifted = |(step, (_, value, shift)): (usize, (bool, f64, bool))| {
                (date(step) + chrono::Days::new(u64::from(shift)), value)
            };
            let mut rows: Vec<_> = kept.into_iter().map(shifted).collect();
            rows.sort_by_key(|row| row.0);
            rows
        },
    )
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(512))]
    /// Columns and single series are two ways to one result, refusals included.
    #[test]
    fn rows_are_judged_as_a_series_judges_them(rows in rows(), of in prop::option::of(frequency())) {
        for gaps in [Gaps::Missing, Gaps::Zero, Gaps::Refuse] {
            let alone = match of {
                Some(frequency) => Series::of("s", frequency, rows.clone(), gaps),
                None => Series::infer("s", rows.clone(), gaps),
            };
            match (of_rows(&rows, of, gaps), alone) {
                (Ok(fleet), Ok(series)) => {
                    prop_assert_eq!(
                        serde_json::to_string(&fleet.series(0)).unwrap(),
                        serde_json::to_string(&series).unwrap()
                    );
                    prop_assert_eq!(fleet, Fleet::from_series(&[series]).unwrap());
                }
                // Of two faults either may be named.
                (Err(_), Err(_)) if rows.iter().any(|row| row.1.is_infinite()) => {}
                (Err(FleetError::Series(a)), Err(b)) => {
                    prop_assert_eq!(std::mem::discriminant(&a), std::mem::discriminant(&b), "{} {}", a, b);
                }
                (a, b) => prop_assert!(false, "{a:?} {b:?}"),
            }
        }
    }
}
