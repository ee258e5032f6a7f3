use proptest::prelude::*;
use wire::{Begins, Periods};

use super::*;

fn moment(text: &str) -> Moment {
    text.parse().unwrap()
}

fn frequency(word: &str) -> Frequency {
    word.parse().unwrap()
}

#[test]
fn the_frequency_is_the_one_a_person_would_say() {
    let infer = |dates: &[&str]| Frequency::infer(&dates.iter().map(|date| moment(date)).collect::<Vec<_>>());
    let check = |dates: &[&str], word: &str| assert_eq!(infer(dates), Ok(frequency(word)), "{dates:?}");
    check(&["2024-01-01", "2024-01-02", "2024-01-03"], "daily");
    check(&["2024-01-05", "2024-01-08", "2024-01-09", "2024-01-10"], "daily");
    check(&["2024-01-01", "2024-01-08", "2024-01-22"], "weekly");
    check(&["2024-01-31", "2024-02-29", "2024-04-30"], "monthly");
    check(&["2023-12-15", "2024-03-15", "2024-09-15"], "quarterly");
    check(&["2020-06-01", "2021-06-01", "2024-06-01"], "yearly");
    check(&["2024-01-05", "2024-01-19", "2024-02-02", "2024-02-16"], "every_2_weeks");
    check(&["2024-01-31", "2024-03-31", "2024-05-31", "2024-07-31"], "every_2_months");
    check(&["2022-01-01", "2022-07-01", "2023-01-01", "2023-07-01"], "every_6_months");
    check(&["2024-01-01T00:00:00", "2024-01-01T01:00:00", "2024-01-01T04:00:00"], "hourly");
    check(&["2024-01-01T00:00:00", "2024-01-01T00:15:00", "2024-01-01T00:30:00"], "every_15_minutes");
    // A few dates are no pattern, and times at random are on no grid.
    for dates in [
        &["2024-01-01", "2024-01-10", "2024-03-02"][..],
        &["2024-01-05", "2024-01-19", "2024-02-02"],
        &["2024-01-01T09:13:00", "2024-01-01T14:40:00", "2024-01-02T10:02:00"],
    ] {
        assert!(infer(dates).is_err(), "{dates:?}");
    }
}

#[test]
fn working_days_are_neither_days_with_gaps_nor_weeks() {
    let start = moment("2024-01-01");
    let all: Vec<Moment> = (0..40).map(|step| Frequency::BUSINESS_DAILY.advance(start, 1, step)).collect();
    assert_eq!(Frequency::infer(&all), Ok(Frequency::BUSINESS_DAILY));
    // Holidays are missing, but of a product that is seldom sold nothing can be said.
    let without = |keeps: fn(usize) -> bool| -> Vec<Moment> {
        all.iter().enumerate().filter(|(at, _)| keeps(*at)).map(|(_, date)| *date).collect()
    };
    assert_eq!(Frequency::infer(&without(|at| at % 9 != 4)), Ok(Frequency::BUSINESS_DAILY));
    assert_ne!(Frequency::infer(&without(|at| at % 3 == 0)), Ok(Frequency::BUSINESS_DAILY));
    let with_a_sunday: Vec<Moment> = [&all[..5], &[moment("2024-01-07")], &all[5..]].concat();
    assert_eq!(Frequency::infer(&with_a_sunday), Ok(Frequency::DAILY));
    assert!(!Frequency::BUSINESS_DAILY.has(moment("2024-01-06")));
}

#[test]
fn a_retail_year_has_a_53rd_week_where_its_rule_says_so() {
    let retail = frequency("4-5-4");
    // The calendar of the National Retail Federation: the years of 2017 and 2023 have 53 weeks.
    for (year, first) in [
        (2016, "2016-01-31"),
        (2017, "2017-01-29"),
        (2018, "2018-02-04"),
        (2023, "2023-01-29"),
        (2024, "2024-02-04"),
    ] {
        let from = moment("2016-01-31");
        assert_eq!(retail.advance(from, 31, 12 * (year - 2016)), moment(first));
    }
    let periods: Vec<Moment> = (0..30).map(|step| retail.advance(moment("2016-01-31"), 31, step)).collect();
    assert_eq!(Frequency::infer(&periods), Ok(retail));
    let ends: Vec<Moment> = periods.iter().map(|date| Frequency::DAILY.advance(*date, 1, 6)).collect();
    assert!(Frequency::infer(&ends).is_ok_and(|found| found.season_length() == 12));
}

#[test]
fn seasons_are_days_weeks_and_years_in_rows() {
    let check = |word: &str, seasons: &[usize]| assert_eq!(frequency(word).seasons(), seasons, "{word}");
    check("every_15_minutes", &[96, 672]);
    check("hourly", &[24, 168]);
    check("every_7_hours", &[24]);
    check("daily", &[7, 365]);
    check("business_daily", &[5, 261]);
    check("every_2_days", &[7, 183]);
    check("weekly", &[52]);
    check("every_2_weeks", &[26]);
    check("every_4_weeks", &[13]);
    check("13_periods", &[13]);
    check("4-4-5", &[12]);
    check("monthly", &[12]);
    check("every_2_months", &[6]);
    check("every_5_months", &[12]);
    check("quarterly", &[4]);
    check("yearly", &[]);
    assert_eq!(frequency("yearly").season_length(), 1);
}

/// Frequencies that dates can be told to have.
fn any_frequency() -> impl Strategy<Value = Frequency> {
    let every = |unit, counts: &'static [u32]| {
        prop::sample::select(counts).prop_map(move |count| Step::every(count, unit).unwrap())
    };
    let begins = [
        Begins::From { month: 1, day: 29 },
        Begins::From { month: 12, day: 29 },
        Begins::From { month: 7, day: 3 },
        Begins::Week(5),
    ];
    let weeks = (prop::sample::select(&Periods::ALL[..]), prop::sample::select(begins.to_vec()));
    prop_oneof![
        every(Unit::Second, &[1, 5, 30]),
        every(Unit::Minute, &[1, 10, 15, 30]),
        every(Unit::Hour, &[1, 2, 6, 12, 24]),
        every(Unit::Day, &[1, 2, 3, 10]),
        every(Unit::Week, &[1, 2, 3, 4]),
        every(Unit::Month, &[1, 2, 3, 6, 12, 24]),
        Just(Step::BusinessDay),
        weeks.prop_map(|(periods, begins)| Step::Weeks { periods, begins }),
    ]
    .prop_map(Frequency)
}

/// The first date of a grid at or after a day.
fn first_from(frequency: Frequency, day: i32) -> Moment {
    let mut dates = (day..).filter_map(Moment::from_epoch_days);
    dates.find_map(|date| frequency.begin(date)).unwrap()
}

proptest! {
    #[test]
    fn dates_of_a_grid_are_told_to_be_on_it(frequency in any_frequency(), day in 0_i32..40_000, rows in 30_usize..80) {
        let first = first_from(frequency, day);
        let dates: Vec<Moment> = (0..rows).map(|step| frequency.advance(first, first.day(), step)).collect();
        let found = Frequency::infer(&dates);
        // A retail year may be told another that has the same dates.
        let has_all = found.is_ok_and(|found| {
            dates.iter().enumerate().all(|(step, date)| {
                found.steps_between(first, anchor(&dates), *date) == i64::try_from(step).ok()
            })
        });
        prop_assert!(has_all, "{frequency}: {found:?} of {dates:?}");
        if !matches!(frequency.0, Step::Weeks { .. }) {
            prop_assert_eq!(found, Ok(frequency));
        }
    }

    #[test]
    fn steps_add_up_and_come_back(frequency in any_frequency(), day in 0_i32..40_000, one in 0_usize..200, other in 0_usize..200) {
        let first = first_from(frequency, day);
        let anchor = first.day();
        let there = frequency.advance(first, anchor, one);
        prop_assert_eq!(frequency.advance(there, anchor, other), frequency.advance(first, anchor, one + other));
        prop_assert_eq!(frequency.steps_between(first, anchor, there), i64::try_from(one).ok());
        prop_assert_eq!(frequency.rows_between(first, there), one as u64 + 1);
        let dates: Vec<Moment> = (0..=one + 5).map(|step| frequency.advance(first, anchor, step)).collect();
        prop_assert_eq!(frequency.dates_before(&dates[one..], one).len(), one);
        if !frequency.is_in_months() {
            prop_assert_eq!(frequency.dates_before(&dates[one..], one), dates[..one].to_vec());
        }
        prop_assert_eq!(frequency.to_string().parse(), Ok(frequency));
    }
}

fn anchor(dates: &[Moment]) -> u32 {
    dates.iter().map(Datelike::day).max().unwrap()
}
