use wire::model_selection::Gaps;

use super::*;
use crate::testing;

fn of(code: &str) -> Holidays {
    Holidays::of_country(code).unwrap()
}

/// A series on these dates, on its grid, with the holidays of Germany.
fn on_grid(dates: &[&str], frequency: Frequency) -> crate::Series {
    let dates = dates.iter().map(|date| date.parse().unwrap()).collect();
    let german = crate::DatedSeries { holidays: Some(of("de")), ..testing::dated("one", dates, Vec::new()) };
    german.on_grid(frequency, Gaps::Zero).unwrap()
}

/// The rows that have holidays, with how many.
fn told(known: &Known, dates: &[Moment]) -> Vec<String> {
    let known = known.rows(0..dates.len());
    let rows = (0..dates.len()).filter(|row| known.holidays_of(*row) > 0.0);
    rows.map(|row| format!("{} {}", dates[row], known.holidays_of(row))).collect()
}

#[test]
fn days_are_holidays_even_where_the_shop_was_closed_and_where_they_are_ahead() {
    let open = ["2024-12-20", "2024-12-24", "2024-12-27"];
    let series = on_grid(&open, Frequency::DAILY);
    let known = series.known().unwrap();
    assert_eq!(told(known, series.dates()), ["2024-12-25 1", "2024-12-26 1"]);
    assert_eq!(known.holidays, None);
    let ahead = series.future_dates(AHEAD);
    let plan = series.plan(AHEAD).unwrap();
    let first = &told(plan, &ahead)[..3];
    assert_eq!(first, ["2025-01-01 1", "2025-04-18 1", "2025-04-21 1"]);
}

#[test]
fn longer_rows_count_the_holidays_in_them() {
    let check = |dates: &[&str], frequency: Frequency, expected: &[&str]| {
        let series = on_grid(dates, frequency);
        assert_eq!(told(series.known().unwrap(), series.dates()), expected, "{frequency}");
    };
    // Christmas is on a Wednesday and a Thursday.
    check(&["2024-12-16", "2024-12-23", "2024-12-30"], Frequency::WEEKLY, &["2024-12-23 2", "2024-12-30 1"]);
    check(&["2024-04-01", "2024-05-01", "2024-06-01"], Frequency::MONTHLY, &["2024-04-01 1", "2024-05-01 3"]);
    // A month that is dated by its last day has the same.
    check(&["2024-04-30", "2024-05-31", "2024-06-30"], Frequency::MONTHLY, &["2024-04-30 1", "2024-05-31 3"]);
    check(&["2024-03-31", "2024-06-30"], Frequency::QUARTERLY, &["2024-03-31 2", "2024-06-30 4"]);
    // A Friday is no weekend.
    check(
        &["2023-12-22", "2023-12-25", "2023-12-29"],
        Frequency::BUSINESS_DAILY,
        &["2023-12-25 1", "2023-12-26 1"],
    );
}

#[test]
fn hours_are_those_of_the_day_that_clocks_show() {
    let hours: Vec<String> =
        (0..48).map(|hour| format!("2024-12-{}T{:02}:00:00", 24 + hour / 24, hour % 24)).collect();
    let dates: Vec<Moment> = hours.iter().map(|hour| hour.parse().unwrap()).collect();
    let told_in = |zone: Option<&str>| {
        let holidays = of("DE").in_zone(zone.and_then(Zone::named));
        let known = Known::new(&[None; 48], vec![false; 48], vec![false; 48], None);
        let known = holidays.beside(known, Frequency::HOURLY, &dates);
        told(&known, &dates)[0].clone()
    };
    assert_eq!(told_in(None), "2024-12-25T00:00:00 1");
    assert_eq!(told_in(Some("Europe/Berlin")), "2024-12-24T23:00:00 1");
}

#[test]
fn what_the_file_calls_a_holiday_stays_one() {
    let dates: Vec<Moment> = ["2024-06-01", "2024-06-02"].map(|date| date.parse().unwrap()).to_vec();
    let known = Known::new(&[None; 2], vec![false; 2], vec![false, true], None);
    let known = of("DE").beside(known, Frequency::DAILY, &dates);
    assert_eq!(known.is_holiday, [false, true]);
}

#[test]
fn what_is_written_is_read() {
    for holidays in
        [of("US"), of("DE").in_zone(Zone::named("Europe/Berlin")), of("ch").in_zone(Zone::named("+05:30"))]
    {
        assert_eq!(holidays.to_string().parse(), Ok(holidays));
    }
    assert_eq!(Holidays::of_country("XX"), None);
    assert_eq!("DE Europe/Nowhere".parse::<Holidays>(), Err(()));
    assert!(Holidays::codes().contains("DE, "));
}

#[test]
fn every_country_has_holidays_in_every_year() {
    for country in Country::ALL {
        let holidays = country.holidays();
        for year in YEARS {
            let days = holidays.get_public().iter().filter(|day| day.year() == year).count();
            assert!(days > 0, "{country:?} {year}");
        }
    }
}
