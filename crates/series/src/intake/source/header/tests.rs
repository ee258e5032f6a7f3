use chrono::NaiveDate;

use super::*;

/// Rows of cells with `|` between them.
pub(super) fn rows(texts: &[&str]) -> Vec<SampleRow> {
    let cell = |cell: &str| Word::Text(cell.trim().to_owned());
    let row = |(at, text): (usize, &&str)| SampleRow {
        line: at as u64 + 1,
        cells: text.split('|').map(cell).collect(),
    };
    texts.iter().enumerate().map(row).collect()
}

#[test]
fn the_header_is_the_first_row_that_names_the_columns() {
    let check = |texts: &[&str], line: Option<u64>, titles: usize| {
        let (header, _) = find(&rows(texts));
        assert_eq!((header.line, header.titles), (line, titles), "{texts:?}");
    };
    check(&["id|date|value", "a|2024-01-01|1"], Some(1), 0);
    check(&["Sales report 2024||", "id|date|value", "a|2024-01-01|1"], Some(2), 1);
    check(
        &["Sales report 2024", "Exported|2024-02-01", "id|date|value", "a|2024-01-01|1", "a|2024-01-02|1"],
        Some(3),
        2,
    );
    check(&["Exported|2024-02-01|", "id|date|value", "a|2024-01-01|1", "a|2024-01-02|1"], Some(2), 1);
    check(&["|date|value", "0|2024-01-01|1", "1|2024-01-02|2"], Some(1), 0);
    check(&["a|2024-01-01|1", "a|2024-01-02|2"], None, 0);
    check(&["Title||", "a|2024-01-01|1", "a|2024-01-02|2"], None, 1);
    check(&["2024-01-01|n.a. yet|1", "2024-01-02|5|2", "2024-01-03|5|2"], None, 0);
    check(&["date|1|2|7", "2024-01-01|5|2|3", "2024-01-02|5|2|3"], Some(1), 0);
    check(&["Country|2019|2020|2021", "A|5|2|3", "B|5|2|3"], Some(1), 0);
    check(&["1|2", "5|7", "6|8"], None, 0);
    check(&["store|2024-01|2024-02", "A|5|2", "B|5|2"], Some(1), 0);
    check(&["value", "1", "2"], Some(1), 0);
    check(&["1", "2"], None, 0);
    check(&["date|value"], Some(1), 0);
    check(&["2024-01-01|5"], None, 0);
    check(&["a|b", "x|y", "z|w"], Some(1), 0);
    check(&["date|value|note", "2024-01-01|NA|", "2024-01-02|2|late"], Some(1), 0);
}

#[test]
fn names_are_distinct_and_every_column_has_one() {
    let check = |text: &str, expected: &[&str], renamed: &[(&str, &str)]| {
        let below = "2024-01-01|".to_owned() + &vec!["5"; expected.len() - 1].join("|");
        let (header, found) = find(&rows(&[text, &below]));
        let names: Vec<&str> = header.names.iter().map(|name| name.text.as_str()).collect();
        let found: Vec<(&str, &str)> = found.iter().map(|one| (one.from.as_str(), one.to.as_str())).collect();
        assert_eq!((&names[..], &found[..]), (expected, renamed));
    };
    check("date|a|b", &["date", "a", "b"], &[]);
    check("date||b", &["date", "column 2", "b"], &[]);
    check("date|a|a|a", &["date", "a", "a (2)", "a (3)"], &[("a", "a (2)"), ("a", "a (3)")]);
    check("date|a|a|a (2)", &["date", "a", "a (3)", "a (2)"], &[("a", "a (3)")]);
    check("date|net\nsales|b", &["date", "net sales", "b"], &[]);
}

#[test]
fn a_date_as_a_name_is_written_as_iso_has_it() {
    let moment =
        |hour| Word::Moment(NaiveDate::from_ymd_opt(2024, 1, 31).unwrap().and_hms_opt(hour, 0, 0).unwrap());
    assert_eq!(name(&moment(0)), "2024-01-31");
    assert_eq!(name(&moment(13)), "2024-01-31 13:00:00");
    assert_eq!(name(&Word::Number(2024.0)), "2024");
}
