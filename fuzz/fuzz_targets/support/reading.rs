//! Reads a file under options that a byte says, and checks what comes out.

use bytes::Bytes;
use series::columnar::Limits;
use series::intake::{Asked, Intake, Rhythm, read};
use series::{Frequency, Holidays};

/// Series keep their promises, or there is an error.
pub fn check(bytes: Vec<u8>, first: u8) {
    let asked = asked(first);
    if let Ok(intake) = read(&Bytes::from(bytes), &asked) {
        promises(&intake, &asked);
    }
}

fn asked(first: u8) -> Asked {
    let frequencies =
        [Frequency::DAILY, Frequency::WEEKLY, Frequency::MONTHLY, Frequency::QUARTERLY, Frequency::YEARLY];
    Asked {
        rhythm: frequencies.get(usize::from(first) % 7).copied().map(Rhythm::Of),
        start: (first >= 128).then(|| "2024-01-31".parse().expect("a date")),
        wide: first % 3 == 1,
        sum_duplicates: first % 5 == 1,
        holidays: Holidays::of_country("DE").filter(|_| first % 7 == 1),
        // Small, so that a large declared size is a slow input only if the limit is not kept.
        limits: Limits { rows: 100_000, series: 1000 },
        ..Asked::default()
    }
}

fn promises(intake: &Intake, asked: &Asked) {
    assert!(intake.series.len() <= asked.limits.series && !intake.series.is_empty());
    assert_eq!(intake.report.series, intake.series.len() as u64);
    for one in &intake.series {
        assert!(!one.values.is_empty() && one.values.iter().all(|value| !value.is_infinite()));
        assert_eq!(one.dates.len(), one.values.len());
        assert!(one.dates.iter().chain(&one.planned).is_sorted_by(|a, b| a < b));
        assert!(one.known.values().all(|column| column.len() == one.dates.len() + one.planned.len()));
    }
}
