//! Any bytes: the readers give a fleet that keeps its promises, or an error.

#![no_main]

use bytes::Bytes;
use series::columnar::{Columns, Limits, read_arrow, read_csv, read_parquet};
use series::{Fleet, Frequency};
use libfuzzer_sys::fuzz_target;
use wire::model_selection::Gaps;

// A panic inside a decoder becomes an error, so that a hook may not end the process; one that gets out still does.
fuzz_target!(init: std::panic::set_hook(Box::new(|panic| eprintln!("{panic}"))), |bytes: &[u8]| {
    let Some((&first, rest)) = bytes.split_first() else { return };
    let columns = columns(first);
    let read = match first % 3 {
        0 => read_csv(rest, &columns),
        1 => read_arrow(&Bytes::copy_from_slice(rest), &columns),
        _ => read_parquet(&Bytes::copy_from_slice(rest), &columns),
    };
    if let Ok(fleet) = read {
        check(&fleet, &columns);
    }
});

fn columns(first: u8) -> Columns {
    let frequencies =
        [Frequency::Daily, Frequency::Weekly, Frequency::Monthly, Frequency::Quarterly, Frequency::Yearly];
    Columns {
        frequency: frequencies.get(usize::from(first / 3) % 6).copied(),
        start: (first >= 128).then(|| "2024-01-31".parse().expect("a date")),
        gaps: [Gaps::Missing, Gaps::Zero, Gaps::Refuse][usize::from(first / 18) % 3],
        // Small, so that a large declared size is a slow input only if the limit is not kept.
        limits: Limits { rows: 100_000, series: 1000 },
        ..Columns::default()
    }
}

fn check(fleet: &Fleet, columns: &Columns) {
    assert!(fleet.len() <= columns.limits.series && !fleet.is_empty());
    for at in 0..fleet.len().min(20) {
        let values = fleet.values(at);
        assert!(!values.is_empty() && values.iter().all(|value| !value.is_infinite()));
        assert_eq!(fleet.dates(at).len(), values.len());
        if values.len() < 1000 {
            assert_eq!(fleet.series(at).len(), values.len());
        }
    }
}
