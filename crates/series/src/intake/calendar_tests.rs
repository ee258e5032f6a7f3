//! Files of every calendar, as people have them.

use std::fmt::Write as _;

use chrono::Datelike as _;
use kernel::Fault as _;

use super::*;

fn text(dates: &[String]) -> String {
    let mut text = "date,value\n".to_owned();
    for (at, date) in dates.iter().enumerate() {
        writeln!(text, "{date},{}", 10 + at % 7).unwrap();
    }
    text
}

fn read_dates(dates: &[String], asked: &Asked) -> Result<Intake, IntakeError> {
    read(&Bytes::from(text(dates)), asked)
}

fn frequency(dates: &[String]) -> String {
    let intake = read_dates(dates, &Asked::default()).unwrap();
    assert_eq!(intake.report.missing_dates, 0);
    intake.report.frequency.unwrap().to_string()
}

fn dates(word: &str, start: &str, rows: usize) -> Vec<String> {
    let (frequency, start): (Frequency, Moment) = (word.parse().unwrap(), start.parse().unwrap());
    (0..rows).map(|step| frequency.advance(start, start.day(), step).to_string()).collect()
}

/// Clocks from a moment of UTC on, one row a quarter of an hour.
fn clocks(zone: &str, start: &str, rows: usize) -> Vec<String> {
    let zone = Zone::named(zone).unwrap();
    let utc = dates("every_15_minutes", start, rows);
    utc.iter().map(|utc| zone.local(utc.parse().unwrap()).to_string().replace('T', " ")).collect()
}

#[test]
fn every_calendar_is_read_as_what_it_is() {
    for (word, start) in [
        ("business_daily", "2021-01-04"),
        ("every_2_weeks", "2015-01-02"),
        ("every_4_weeks", "2015-01-02"),
        ("4-4-5", "2014-02-02"),
        ("every_2_months", "2020-01-31"),
        ("hourly", "2024-03-25T00:00:00"),
        ("every_15_minutes", "2024-03-25T00:00:00"),
        ("every_10_days", "2024-03-25"),
    ] {
        assert_eq!(frequency(&dates(word, start, 104)), word);
    }
}

#[test]
fn one_product_with_a_weekend_makes_the_days_of_a_file_all_days() {
    let mut text = "product,date,value\n".to_owned();
    for date in dates("business_daily", "2024-01-01", 60) {
        writeln!(text, "office,{date},3").unwrap();
    }
    for date in dates("daily", "2024-01-01", 30) {
        writeln!(text, "shop,{date},3").unwrap();
    }
    let intake = read(&Bytes::from(text), &Asked::default()).unwrap();
    assert_eq!(intake.report.frequency, Some(Frequency::DAILY.into()));
    assert!(intake.series.iter().all(|one| one.off_grid_date.is_none()));
}

#[test]
fn clocks_that_change_need_their_zone() {
    // The last Sunday of October, when clocks show two o'clock twice.
    let autumn = clocks("Europe/Berlin", "2024-10-26T12:00:00", 96);
    let error = read_dates(&autumn, &Asked::default()).unwrap_err().to_string();
    assert!(error.contains("state the time zone"), "{error}");
    let asked = Asked { time_zone: Zone::named("Europe/Berlin"), ..Asked::default() };
    let intake = read_dates(&autumn, &asked).unwrap();
    assert_eq!((intake.report.missing_dates, intake.report.values), (0, 96));
    assert_eq!(intake.series[0].dates[0].to_string(), "2024-10-26T12:00:00");
    assert!(intake.report.notes.iter().any(|note| note.contains("UTC")), "{:?}", intake.report.notes);
    // The newest row first is the same series.
    let mut rows: Vec<&str> = Vec::new();
    let turned = text(&autumn);
    rows.extend(turned.lines().skip(1));
    rows.reverse();
    let turned = read(&Bytes::from(format!("date,value\n{}", rows.join("\n"))), &asked).unwrap();
    assert_eq!(turned.series, intake.series);
    // In spring an hour is missing, and nothing is there twice.
    let spring = clocks("Europe/Berlin", "2024-03-30T12:00:00", 96);
    assert_eq!(read_dates(&spring, &Asked::default()).unwrap().report.missing_dates, 4);
    assert_eq!(read_dates(&spring, &asked).unwrap().report.missing_dates, 0);
    // A time that no clock showed.
    let odd = ["2024-03-31 01:00", "2024-03-31 02:00", "2024-03-31 03:00"].map(str::to_owned);
    let error = read_dates(&odd, &asked).unwrap_err().to_string();
    assert!(error.contains("clocks never showed"), "{error}");
}

#[test]
fn times_that_say_their_zone_are_regular_without_one() {
    let rows = ["2024-10-27T02:00:00+02:00", "2024-10-27T02:00:00+01:00", "2024-10-27T03:00:00+01:00"];
    let intake = read_dates(&rows.map(str::to_owned), &Asked::default()).unwrap();
    let read: Vec<String> = intake.series[0].dates.iter().map(Moment::to_string).collect();
    assert_eq!(read, ["2024-10-27T00:00:00", "2024-10-27T01:00:00", "2024-10-27T02:00:00"]);
    // Midnights of a zone are its days, whether the offset is written or the zone is stated.
    for rows in [
        ["2024-10-26T00:00:00+02:00", "2024-10-27T00:00:00+02:00", "2024-10-28T00:00:00+01:00"],
        ["2024-10-25T22:00:00Z", "2024-10-26T22:00:00Z", "2024-10-27T23:00:00Z"],
    ] {
        let zone = rows[0].ends_with('Z').then(|| Zone::named("Europe/Berlin").unwrap());
        let asked = Asked { time_zone: zone, ..Asked::default() };
        let intake = read_dates(&rows.map(str::to_owned), &asked).unwrap();
        assert_eq!(intake.series[0].dates[1].to_string(), "2024-10-27");
        assert_eq!(intake.report.frequency, Some(Frequency::DAILY.into()));
    }
}

#[test]
fn a_zone_that_changes_nothing_is_refused() {
    let asked = Asked { time_zone: Zone::named("Europe/Berlin"), ..Asked::default() };
    for rows in [
        ["2024-01-01", "2024-01-02", "2024-01-03"],
        ["2024-01-01T00:00:00Z", "2024-01-01T01:00:00Z", "2024-01-01T02:00:00Z"],
    ] {
        let error = read_dates(&rows.map(str::to_owned), &asked).unwrap_err();
        assert!(matches!(error, IntakeError::DoesNotApply { field: "time_zone", .. }), "{error}");
    }
}

#[test]
fn times_at_random_are_added_up_by_the_day_and_by_no_other_step_unasked() {
    let rows =
        ["2024-01-01 09:13", "2024-01-01 09:40", "2024-01-02 10:02", "2024-01-02 17:31", "2024-01-03 12:00"];
    let rows = rows.map(str::to_owned);
    let error = read_dates(&rows, &Asked::default()).unwrap_err().to_string();
    assert!(error.contains("on no regular grid") && error.contains("line 4"), "{error}");
    let sums = |rhythm| {
        let asked = Asked { sum_duplicates: true, rhythm, ..Asked::default() };
        let series = read_dates(&rows, &asked).unwrap().series.remove(0);
        (series.dates[0].to_string(), series.values)
    };
    assert_eq!(sums(None), ("2024-01-01".to_owned(), vec![21.0, 25.0, 14.0]));
    let hourly = sums(Some(Rhythm::Of(Frequency::HOURLY)));
    assert_eq!(hourly, ("2024-01-01T09:00:00".to_owned(), vec![21.0, 12.0, 13.0, 14.0]));
}

#[test]
fn a_stated_frequency_has_its_kind_of_dates() {
    let stated = |word: &str| Asked { rhythm: Some(Rhythm::Of(word.parse().unwrap())), ..Asked::default() };
    let hours = dates("hourly", "2024-01-01T00:00:00", 48);
    let error = read_dates(&hours, &stated("daily")).unwrap_err();
    assert!(matches!(error, IntakeError::TooFine { .. }), "{error}");
    let days = dates("daily", "2024-01-01", 48);
    let error = read_dates(&days, &stated("hourly")).unwrap_err();
    assert!(matches!(error, IntakeError::NoFrequency { .. }), "{error}");
    let error = read_dates(&days, &stated("business_daily")).unwrap_err().to_string();
    assert!(error.contains("2024-01-06 does not fit business_daily dates"), "{error}");
    let noon: Vec<String> = days.iter().map(|day| format!("{day} 12:00")).collect();
    assert_eq!(frequency(&noon), "daily");
}

#[test]
fn holidays_are_told_and_refused_where_nobody_knows_them() {
    let asked = Asked { holidays: Holidays::of_country("DE"), ..Asked::default() };
    let intake = read_dates(&dates("daily", "2024-01-01", 30), &asked).unwrap();
    assert_eq!(intake.series[0].holidays, asked.holidays);
    let told = intake.report.notes.iter().any(|note| note.contains("public holidays of Germany (DE)"));
    assert!(told, "{:?}", intake.report.notes);
    let error = read_dates(&dates("yearly", "1995-01-01", 10), &asked).unwrap_err();
    assert!(
        error.to_string().contains("1995-01-01") && error.to_string().contains("2000 to 2076"),
        "{error}"
    );
    assert_eq!((error.code(), error.fields()[0].field.as_str()), ("TABLE_OPTION", "holidays"));
}
