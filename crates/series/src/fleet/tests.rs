use wire::Moment;

use super::*;
use crate::testing;

fn day(text: &str) -> Moment {
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

#[test]
fn columns_are_read_series_by_series_in_the_order_given() {
    let fleet = Fleet::of(columns(
        &[("b", "2024-01-31", &[1.0, f64::NAN, 3.0]), ("a", "2023-02-28", &[4.0])],
        Frequency::MONTHLY,
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
    let good = || columns(&[("a", "2024-01-01", &[1.0, 2.0]), ("b", "2024-01-01", &[3.0])], Frequency::DAILY);
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
    columns(&[], Frequency::DAILY)
}

#[test]
fn series_become_columns_and_series_again() {
    let series = [testing::series(&[1.0, f64::NAN, 3.0])];
    let fleet = Fleet::from_series(&series).unwrap();
    // The JSON form writes a missing value as `null`, so that two are equal.
    let json = |series: &Series| serde_json::to_string(series).unwrap();
    assert_eq!(json(&fleet.series(0)), json(&series[0]));
    assert_eq!(fleet, Fleet::from_series(&[fleet.series(0)]).unwrap());
    let weekly = Series::of("w", Frequency::WEEKLY, [(day("2024-01-01"), 1.0)], Gaps::Missing).unwrap();
    let mixed = Fleet::from_series(&[series[0].clone(), weekly]);
    assert_eq!(mixed, Err(FleetError::Mixed { name: "w".into(), differs: "frequency" }));
    let twice = Fleet::from_series(&[series[0].clone(), series[0].clone()]);
    assert_eq!(twice, Err(FleetError::DuplicateName { name: "test".into() }));
    assert_eq!(Fleet::from_series(&[]), Err(FleetError::Empty));
}

#[test]
fn the_usual_frequency_is_the_one_most_rows_are_in() {
    let usual = |series: &[&[&str]]| {
        let days: Vec<Vec<Moment>> =
            series.iter().map(|dates| dates.iter().map(|date| day(date)).collect()).collect();
        usual_frequency(days.iter().map(Vec::as_slice))
    };
    let daily: &[&str] = &["2024-01-01", "2024-01-02", "2024-01-05"];
    let by_chance_weekly: &[&str] = &["2024-01-01", "2024-01-08"];
    assert_eq!(usual(&[by_chance_weekly, daily, &["2024-01-03"]]), Ok(Frequency::DAILY));
    let weekly: &[&str] = &["2024-01-01", "2024-01-08", "2024-01-15", "2024-01-22"];
    assert_eq!(usual(&[weekly, &["2024-01-01", "2024-01-02"]]), Ok(Frequency::WEEKLY));
    assert_eq!(usual(&[&["2024-01-31"]]), Ok(Frequency::DAILY));
    let fortnight: &[&str] = &["2024-01-05", "2024-01-19", "2024-02-02"];
    assert_eq!(usual(&[&["2024-01-31"], fortnight]), Err((1, day("2024-01-19"))));
}

#[test]
fn the_first_date_off_a_grid_is_found() {
    let off = |dates: &[&str], frequency| {
        let days: Vec<Moment> = dates.iter().map(|date| day(date)).collect();
        first_off_grid(&days, frequency)
    };
    assert_eq!(off(&["2024-01-01", "2024-01-09"], Frequency::DAILY), None);
    assert_eq!(off(&["2024-01-01", "2024-01-09"], Frequency::WEEKLY), Some(day("2024-01-09")));
    assert_eq!(off(&["2024-01-31", "2024-02-29"], Frequency::MONTHLY), None);
    assert_eq!(off(&["2024-01-31", "2024-02-28"], Frequency::MONTHLY), Some(day("2024-02-28")));
    assert_eq!(off(&["2024-01-31", "2024-02-29"], Frequency::QUARTERLY), Some(day("2024-02-29")));
}
