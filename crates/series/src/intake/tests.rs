use chrono::NaiveDate;
use proptest::prelude::*;
use wire::datasets::{ColumnRole, Frequency as Word, Layout};

use super::*;

#[path = "tests/cases.rs"]
mod cases;
#[path = "tests/dialects.rs"]
mod dialects;
#[path = "tests/mutated.rs"]
mod mutated;

fn read_text(text: &str, asked: &Asked) -> Result<Intake, IntakeError> {
    read(&Bytes::from(text.to_owned().into_bytes()), asked)
}

fn of(text: &str) -> Intake {
    read_text(text, &Asked::default()).unwrap_or_else(|error| panic!("{error}\n{text}"))
}

fn refused(text: &str, asked: &Asked) -> String {
    read_text(text, asked).map(|intake| format!("{:?}", intake.series)).unwrap_err().to_string()
}

fn values(intake: &Intake) -> Vec<(&str, String, Vec<f64>)> {
    let one = |one: &'_ DatedSeries| one.values.clone();
    intake.series.iter().map(|s| (s.name.as_str(), s.dates[0].to_string(), one(s))).collect()
}

/// Two months of two shops, the second without its last value.
fn shops() -> Vec<(&'static str, String, Vec<f64>)> {
    vec![
        ("A", "2024-01-01".to_owned(), vec![1234.5, 7.0, 8.25, 9.0]),
        ("B", "2024-01-01".to_owned(), vec![1.5, 2.0, 3.0]),
    ]
}

#[test]
fn one_table_in_many_dialects_is_the_same_series() {
    let check = |text: &str| assert_eq!(values(&of(text)), shops(), "{text}");
    check(
        "series,date,value\nA,2024-01-01,1234.5\nA,2024-02-01,7\nA,2024-03-01,8.25\nA,2024-04-01,9\nB,2024-01-01,1.5\nB,2024-02-01,2\nB,2024-03-01,3\n",
    );
    check(
        "unique_id;ds;y\r\nA;2024-01;1.234,50\r\nB;2024-01;1,5\r\nA;2024-02;7\r\nB;2024-02;2\r\nA;2024-03;8,25\r\nB;2024-03;3\r\nA;2024-04;9\r\n",
    );
    check(
        "Sales report\n\nMonth\tA\tB\nJan 2024\t1234.5\t1.5\nFeb 2024\t7\t2\nMar 2024\t8.25\t3\nApr 2024\t9\t\n",
    );
    check("Monat;A;B\n01.2024;1234,5;1,5\n02.2024;7;2\n03.2024;8,25;3\n04.2024;9;\n");
    check("shop;01/2024;02/2024;03/2024;04/2024\nA;1.234,5;7;8,25;9\nB;1,5;2;3;\n");
    check(
        "date,A,B,Total\n2024-01-01,1234.5,1.5,1236\n2024-02-01,7,2,9\n2024-03-01,8.25,3,11.25\n2024-04-01,9,,9\nTotal,1258.75,6.5,1265.25\n",
    );
    check(
        "shop,2024-01-01,2024-02-01,2024-03-01,2024-04-01\nA,1234.5,7,8.25,9\nB,1.5,2,3,\nTotal,1236,9,11.25,9\n",
    );
}

#[test]
fn the_report_says_what_was_found() {
    let report = of("Sales\nshop;date;sales;note\nA;31.01.2024;1,5;x\nA;29.02.2024;2,5;y\nA;30.04.2024;3,5;x\nnew;30.04.2024;1;x\n").report;
    assert_eq!(report.layout, Layout::Long);
    assert_eq!(report.frequency, Some(Word::MONTHLY));
    assert_eq!((report.separator.as_deref(), report.decimal.as_deref()), (Some(";"), Some(",")));
    assert_eq!(report.date_format.as_deref(), Some("DD/MM/YYYY"));
    assert_eq!((report.rows, report.series, report.values, report.missing_dates), (4, 1, 3, 1));
    let roles: Vec<ColumnRole> = report.columns.iter().map(|column| column.role).collect();
    assert_eq!(roles, [ColumnRole::Id, ColumnRole::Date, ColumnRole::Value, ColumnRole::Unread]);
    assert_eq!(
        (report.left_out[0].name.as_str(), report.left_out[0].reason.as_str()),
        ("new", "it has 1 value")
    );
    assert!(report.notes.iter().any(|note| note.contains("line 2")), "{:?}", report.notes);
    assert!(report.notes.iter().any(|note| note.contains("`note`")), "{:?}", report.notes);
}

#[test]
fn what_a_file_leaves_open_is_asked() {
    let none = Asked::default();
    let check = |text: &str, part: &str| {
        let said = refused(text, &none);
        assert!(said.contains(part), "{said}\n{text}");
    };
    check("date,value\n01/02/2024,1\n01/03/2024,2\n", "could be DD/MM/YYYY or MM/DD/YYYY");
    check(
        "Month,Sales\n01/01/2024,1\n02/01/2024,2\n03/01/2024,2\nTotal,5\n",
        "could be DD/MM/YYYY or MM/DD/YYYY",
    );
    check("date,value\n22-01-01,1\n22-02-01,2\n22-03-01,3\n", "could be DD/MM/YYYY or YY-MM-DD");
    check("week,value\n01/2024,1\n02/2024,2\n03/2024,3\n", "date format WW/YYYY");
    check("date;value\n2024-01-01;1.234\n2024-01-02;2.345\n", "decimals or of thousands");
    check("date;value\n2024-01-01;1.5\n2024-01-02;2,5\n", "a file has one of them");
    check("shop,date,price,stock\nA,2024-01-01,1,2\nA,2024-01-02,2,3\n", "say which");
    check("date,value\n2024-01-01 00:07,1\n2024-01-01 06:00,2\n2024-01-02 07:00,2\n", "a time within a day");
    check("date,value\n2024-01-05,1\n2024-01-19,2\n2024-02-02,2\n", "14 days after the one before");
    check("date,value\n2024-01-01,1\n2024-01-01,2\n", "more than once, on lines 2 and 3");
    check("shop,kind,date,value\nA,x,2024-01-01,1\nA,x,2024-01-01,2\n", "`kind` could)");
    check("date,plant,kg\n2024-01-01,100,1\n2024-01-01,200,2\n2024-01-02,100,1\n", "say which");
    check("date,plant,value\n2024-01-01,100,1\n2024-01-01,200,2\n2024-01-02,100,1\n", "`plant` could)");
    check(
        "date,value\n2024-01-01,1\n2024-02-30,2\n2024-01-03,2\n2024-01-04,2\n2024-01-05,2\n",
        "line 3: `2024-02-30` is not a date",
    );
    check(
        "date,value\n2024-01-01,1\n2024-01-02,abc\n2024-01-03,1\n2024-01-04,1\n2024-01-05,1\n",
        "line 3: `abc`",
    );
    check("name,colour\nx,red\ny,blue\n", "no column could be the date");
}

#[test]
fn an_answer_settles_it() {
    let day_first = Asked { date_format: Some("DD/MM/YYYY".to_owned()), ..Asked::default() };
    let intake = read_text("date,value\n01/02/2024,1\n01/03/2024,2\n01/04/2024,3\n", &day_first).unwrap();
    assert_eq!(intake.report.frequency, Some(Word::MONTHLY));
    let comma = Asked { decimal: Some(Decimal::Comma), ..Asked::default() };
    let intake = read_text("date;value\n2024-01-01;1.234\n2024-01-02;2.345\n", &comma).unwrap();
    assert_eq!(intake.series[0].values, [1234.0, 2345.0]);
    let sum = Asked { sum_duplicates: true, ..Asked::default() };
    let intake =
        read_text("date,value\n2024-01-01 09:00,1\n2024-01-01 17:00,2\n2024-01-02 10:00,5\n", &sum).unwrap();
    assert_eq!(intake.series[0].values, [3.0, 5.0]);
    let value = Asked { value: Some("Stock".to_owned()), ..Asked::default() };
    let intake = read_text("shop,date,price,stock\nA,2024-01-01,1,2\nA,2024-01-02,2,3\n", &value).unwrap();
    assert_eq!(intake.series[0].values, [2.0, 3.0]);
    let fortnight = Asked { rhythm: Some(Rhythm::Of(Frequency::WEEKLY)), ..Asked::default() };
    let intake = read_text("date,value\n2024-01-05,1\n2024-01-19,2\n2024-02-02,2\n", &fortnight).unwrap();
    assert_eq!(intake.report.missing_dates, 2);
}

#[test]
fn an_option_that_says_nothing_of_the_file_is_refused() {
    let text = "date,A,B\n2024-01-01,1,2\n2024-01-02,2,3\n";
    for asked in [
        Asked { known: vec!["B".to_owned()], wide: true, ..Asked::default() },
        Asked { value: Some("A".to_owned()), wide: true, ..Asked::default() },
        Asked { sheet: Some("x".to_owned()), ..Asked::default() },
        Asked {
            start: NaiveDate::from_ymd_opt(2024, 1, 1).map(Moment::from),
            rhythm: Some(Rhythm::Of(Frequency::DAILY)),
            ..Asked::default()
        },
        Asked { date_format: Some("ymd".to_owned()), ..Asked::default() },
        Asked { ids: vec!["C".to_owned()], ..Asked::default() },
        Asked { date: Some("A".to_owned()), ..Asked::default() },
    ] {
        read_text(text, &asked).unwrap_err();
    }
}

#[test]
fn columns_that_tell_series_apart_name_them() {
    let rows = "row,date,store,item,sales\n1,2024-01-01,1,a,5\n2,2024-01-02,1,a,6\n3,2024-01-01,1,b,7\n4,2024-01-02,1,b,8\n5,2024-01-01,2,a,7\n6,2024-01-02,2,a,8\n";
    let intake = of(&rows.replace("row", "id"));
    assert_eq!(intake.series.iter().map(|one| one.name.as_str()).collect::<Vec<_>>(), ["1/a", "1/b", "2/a"]);
    assert_eq!(intake.series[1].groups, ["1", "b"]);
    assert!(intake.report.notes.iter().any(|note| note.contains("different in every row")));
}

#[test]
fn the_fewest_columns_that_tell_rows_apart_name_the_series() {
    let mut text = "date,store,promo_type,dept,sales\n".to_owned();
    for day in 1..=4 {
        for (store, dept) in [("S1", "a"), ("S1", "b"), ("S2", "a"), ("S2", "b")] {
            text +=
                &format!("2024-01-0{day},{store},{},{dept},{day}\n", if day == 2 { "flyer" } else { "no" });
        }
    }
    let names = |intake: &Intake| intake.series.iter().map(|one| one.name.clone()).collect::<Vec<_>>();
    assert_eq!(names(&of(&text)), ["S1/a", "S1/b", "S2/a", "S2/b"]);
    // Where dates alone tell them apart, a text beside them is none of a name.
    let days = of("date,weekday,sales\n2024-01-01,Mon,1\n2024-01-02,Tue,2\n2024-01-08,Mon,3\n");
    assert_eq!((names(&days), days.report.columns[1].role), (vec!["sales".to_owned()], ColumnRole::Unread));
    let coded = of("date,1001,1002,1003\n2024-01-01,1,2,3\n2024-01-02,4,5,6\n");
    assert_eq!(names(&coded), ["1001", "1002", "1003"]);
    let numbered = of("sku,category,2024-01,2024-02,2024-03\n4711,x,1,2,3\n4712,x,4,5,6\n");
    assert_eq!(names(&numbered), ["4711/x", "4712/x"]);
    let exported = of(",date,A,B\n0,2024-01-01,1,2\n1,2024-01-02,4,5\n");
    assert_eq!(names(&exported), ["A", "B"]);
}

#[test]
fn what_is_known_is_used_by_its_meaning_and_that_is_said() {
    let read = |text: &str| {
        read_text(text, &Asked { known: vec!["flyer".to_owned(), "price".to_owned()], ..Asked::default() })
    };
    let intake = read("date,value,flyer,price\n2024-01-01,1,none,10.1\n2024-01-02,2,tv,9.2\n2024-01-03,3,,tbd\n2024-01-04,3,bogo,9.9\n2024-01-05,3,,9.9\n2024-01-06,3,,9.9\n").unwrap();
    let one = &intake.series[0];
    assert_eq!(one.known["flyer"], [0.0, 2.0, 0.0, 1.0, 0.0, 0.0]);
    assert_eq!(one.known["price"][..2], [10.1, 9.2]);
    assert!(one.known["price"][2].is_nan());
    for part in ["1 cell of `price`", "`price` as the price"] {
        assert!(
            intake.report.notes.iter().any(|note| note.contains(part)),
            "{part}: {:?}",
            intake.report.notes
        );
    }
    let flags = read("date,value,flyer,price\n2024-01-01,1,0,1\n2024-01-02,2,1,2\n").unwrap();
    assert!(
        flags.report.notes.iter().any(|note| note.contains("`flyer` as promotions")),
        "{:?}",
        flags.report.notes
    );
    // A planned date without a price is not planned.
    let blank =
        of("date,value,price\n2024-01-01,1,9\n2024-01-02,2,9\n2024-01-03,,8\n2024-01-04,,\n2024-01-05,,8\n");
    let series =
        blank.series[0].clone().on_grid(Frequency::DAILY, wire::model_selection::Gaps::Missing).unwrap();
    assert!(series.plan(1).is_some() && series.plan(2).is_none());
}

#[test]
fn texts_beside_a_series_group_it() {
    let intake = of(
        "sku,date,value,state,mood\na,2024-01-01,1,CA,x\na,2024-01-02,2,CA,y\nb,2024-01-01,3,TX,x\nb,2024-01-02,4,TX,x\n",
    );
    assert_eq!(intake.series[1].groups, ["TX"]);
    let roles: Vec<ColumnRole> = intake.report.columns.iter().map(|column| column.role).collect();
    assert_eq!(roles[3..], [ColumnRole::Group, ColumnRole::Unread]);
}

#[test]
fn what_goes_on_after_the_last_value_is_a_plan() {
    let text = "date,value,price,promo\n2024-01-01,1,9.5,0\n2024-01-02,2,9.5,1\n2024-01-03,,8.5,1\n2024-01-04,,8.5,0\n";
    let intake = of(text);
    let one = &intake.series[0];
    assert_eq!((one.dates.len(), one.planned.len()), (2, 2));
    assert_eq!(one.known["price"], [9.5, 9.5, 8.5, 8.5]);
    let series = one.clone().on_grid(Frequency::DAILY, wire::model_selection::Gaps::Missing).unwrap();
    assert!(series.plan(3).is_none());
    let plan = series.plan(2).unwrap();
    assert_eq!(plan.promo_active, [true, false]);
    assert_eq!(series.known().unwrap().price_factor, [1.0, 1.0]);
    // Without a plan a column is not taken for one, and its use has to be stated.
    let bare = "date,value,price\n2024-01-01,1,9.5\n2024-01-02,2,9.5\n";
    assert!(of(bare).series[0].known.is_empty());
    let known = Asked { known: vec!["price".to_owned()], ..Asked::default() };
    assert_eq!(read_text(bare, &known).unwrap().series[0].known["price"].len(), 2);
}

#[test]
fn months_that_end_on_working_days_are_months() {
    let intake = of(
        "date,value\n2024-01-31,1\n2024-02-29,2\n2024-03-29,3\n2024-04-30,4\n2024-05-31,5\n2024-06-28,6\n",
    );
    assert_eq!(intake.report.frequency, Some(Word::MONTHLY));
    assert_eq!(intake.series[0].dates[2].to_string(), "2024-03-31");
}

#[test]
fn series_of_a_file_share_one_frequency_unless_each_has_its_own() {
    let mut text = "series,date,value\n".to_owned();
    for day in 1..=28 {
        text += &format!("milk,2024-01-{day:02},1\n");
    }
    for day in [6, 13, 20, 27] {
        text += &format!("bbq,2024-01-{day:02},1\n");
    }
    let intake = of(&text);
    assert!(intake.series.iter().all(|one| one.frequency == Word::DAILY));
    let each = Asked { rhythm: Some(Rhythm::Each), ..Asked::default() };
    assert_eq!(read_text(&text, &each).unwrap().series[1].frequency, Word::WEEKLY);
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(200))]

    #[test]
    fn no_bytes_make_it_panic(bytes in prop::collection::vec(any::<u8>(), 0..400), wide: bool, sum: bool) {
        let asked = Asked { wide, sum_duplicates: sum, ..Asked::default() };
        let _ = read(&Bytes::from(bytes), &asked);
    }

    #[test]
    fn no_text_makes_it_panic(text in "[a-c0-9,;.\\-/\n \"]{0,200}") {
        let _ = read_text(&text, &Asked::default());
        let _ = read_text(&format!("series,date,value\n{text}"), &Asked { sum_duplicates: true, ..Asked::default() });
    }
}

/// A series as its name, first date and values.
type Told = (String, String, Vec<f64>);

/// The notes of a text that is read, and its series.
fn told(text: &str) -> (Vec<String>, Vec<Told>) {
    let intake = of(text);
    let series = intake.series.iter();
    let series = series.map(|one| (one.name.clone(), one.dates[0].to_string(), one.values.clone())).collect();
    (intake.report.notes, series)
}

fn check_told(text: &str, expected: &[(&str, &str, &[f64])], note: &str) {
    let (notes, series) = told(text);
    let expected: Vec<Told> = expected
        .iter()
        .map(|(name, date, values)| ((*name).into(), (*date).into(), values.to_vec()))
        .collect();
    assert_eq!(series, expected, "{text}");
    assert!(notes.iter().any(|own| own.contains(note)), "{note}: {notes:?}");
}

#[test]
fn names_of_merged_cells_are_those_above() {
    let note = "stand for the one above";
    let both: &[(&str, &str, &[f64])] = &[("A", "2024-01-01", &[1.0, 2.0]), ("B", "2024-01-01", &[3.0, 4.0])];
    check_told("shop,month,sales\nA,2024-01,1\n,2024-02,2\nB,2024-01,3\n,2024-02,4\n", both, note);
    check_told("month,shop,sales\n2024-01,A,1\n,B,3\n2024-02,A,2\n,B,4\n", both, note);
    check_told(
        "region,shop,2024-01,2024-02,2024-03\nN,A,1,2,3\n,B,4,5,6\nS,A,7,8,9\n",
        &[
            ("N/A", "2024-01-01", &[1.0, 2.0, 3.0]),
            ("N/B", "2024-01-01", &[4.0, 5.0, 6.0]),
            ("S/A", "2024-01-01", &[7.0, 8.0, 9.0]),
        ],
        note,
    );
    check_told(
        "region,shop,month,sales\nN,A,2024-01,1\n,,2024-02,2\n,B,2024-01,3\n,,2024-02,4\nTotal,,,10\n",
        both,
        note,
    );
    // A name that is merely missing is not the one above.
    let missing = of(
        "shop,date,sales\nA,2024-01-01,1\nB,2024-01-01,2\n,2024-01-01,3\nA,2024-01-02,1\nB,2024-01-02,2\n,2024-01-02,3\n",
    );
    assert_eq!((missing.series.len(), missing.report.left_out_total), (2, 1));
}

#[test]
fn sums_within_a_table_are_no_series() {
    let note = "is the sum of others and was left out";
    check_told(
        "region,shop,2024-01,2024-02,2024-03\nN,A,1,2,3\nN,B,4,5,6\nN Total,,5,7,9\nS,A,7,8,9\nS Total,,7,8,9\nGrand total,,12,15,18\n",
        &[
            ("N/A", "2024-01-01", &[1.0, 2.0, 3.0]),
            ("N/B", "2024-01-01", &[4.0, 5.0, 6.0]),
            ("S/A", "2024-01-01", &[7.0, 8.0, 9.0]),
        ],
        note,
    );
    check_told(
        "date,A,B,Sum AB,C,Total\n2024-01-01,1,2,3,4,7\n2024-01-02,2,2,4,4,8\n",
        &[
            ("A", "2024-01-01", &[1.0, 2.0]),
            ("B", "2024-01-01", &[2.0, 2.0]),
            ("C", "2024-01-01", &[4.0, 4.0]),
        ],
        note,
    );
    check_told(
        "shop;month;sales\nA;2024-01;1\nA;2024-02;2\n;Summe A;3\nSource: SAP;;\n",
        &[("A", "2024-01-01", &[1.0, 2.0])],
        "(`Summe A`) is no date",
    );
}

#[test]
fn years_over_months_are_dates() {
    check_told(
        "Sales plan;;;;\n;2023;;2024;\nProduct;Nov;Dez;Jan;Feb\nBolts;1;2;3;4\nNuts;5;6;7;8\n",
        &[("Bolts", "2023-11-01", &[1.0, 2.0, 3.0, 4.0]), ("Nuts", "2023-11-01", &[5.0, 6.0, 7.0, 8.0])],
        "The header has two lines, 2 and 3",
    );
    check_told(
        "Country,2024,2022,2021\nA,1,2,3\nB,4,5,6\n",
        &[("A", "2021-01-01", &[3.0, 2.0, 1.0]), ("B", "2021-01-01", &[6.0, 5.0, 4.0])],
        "Each row is a series",
    );
}

#[test]
fn numbers_are_read_with_what_people_put_beside_them() {
    check_told(
        "date,share\n2024-01-01,12%\n2024-01-02,7.5%\n",
        &[("share", "2024-01-01", &[0.12, 0.075])],
        "12% is 0.12",
    );
    let (_, series) = told("date;value\n2024-01-01;123-\n2024-01-02;(5,5)\n");
    assert_eq!(series[0].2, [-123.0, -5.5]);
    check_told(
        "date,value\n2024-01-01,$5\n2024-01-02,€6\n",
        &[("series", "2024-01-01", &[5.0, 6.0])],
        "several currencies",
    );
    let (_, series) = told(
        "item,date,value\n3\" pipe,2024-01-01,1\n3\" pipe,2024-01-02,2\n4\" pipe,2024-01-01,3\n4\" pipe,2024-01-02,4\n",
    );
    assert_eq!((series[0].0.as_str(), series.len()), ("3\" pipe", 2));
}

#[test]
fn dates_that_mean_nothing_alone_are_asked_about() {
    let none = Asked::default();
    for (text, part) in [
        ("date,value\n15-Jan,1\n16-Jan,2\n", "have no year, as in `15-Jan`"),
        ("date,value\n45292,1\n45293,2\n", "would be 2024-01-01 as Excel counts days"),
        ("item,1-Jan,2-Jan,3-Jan\nA,1,2,3\n", "have no year"),
        ("week,value\n01/2024,1\n02/2024,2\n", "WW/YYYY"),
    ] {
        let said = refused(text, &none);
        assert!(said.contains(part), "{said}\n{text}");
    }
    let stated = |form: &str| Asked { date_format: Some(form.to_owned()), ..Asked::default() };
    let read = |text: &str, form: &str| {
        let intake = read_text(text, &stated(form)).unwrap();
        (intake.series[0].dates[0].to_string(), intake.report.frequency)
    };
    assert_eq!(read("date,value\n45292,1\n45293,2\n", "serial"), ("2024-01-01".into(), Some(Word::DAILY)));
    assert_eq!(
        read("week,value\n01/2024,1\n02/2024,2\n03/2024,2\n20/2024,2\n", "WW/YYYY"),
        ("2024-01-01".into(), Some(Word::WEEKLY))
    );
}

#[test]
fn rows_without_dates_follow_a_start() {
    let start = |text: &str, rhythm: Option<Rhythm>| {
        let asked = Asked {
            start: NaiveDate::from_ymd_opt(2024, 1, 31).map(Moment::from),
            rhythm,
            ..Asked::default()
        };
        read_text(text, &asked)
    };
    let monthly = Some(Rhythm::Of(Frequency::MONTHLY));
    let intake = start("shop,sales\nA,1\nA,2\nB,3\nA,4\nB,5\n", monthly).unwrap();
    assert_eq!(intake.series[0].values, [1.0, 2.0, 4.0]);
    assert_eq!(intake.series[1].dates[1].to_string(), "2024-02-29");
    assert_eq!(start("A,B\n1,2\n2,3\n", monthly).unwrap().series.len(), 2);
    let said = |result: Result<Intake, IntakeError>| result.unwrap_err().to_string();
    assert!(said(start("shop,sales\nA,1\nA,2\n", None)).contains("need a frequency"));
    assert!(said(start("date,sales\n2024-01-01,1\n2024-02-01,2\n", monthly)).contains("dates of its own"));
    assert!(said(start("date,sales\n2024-01-01,1\n2024-02-01,2\n", None)).contains("dates of its own"));
}

#[test]
fn a_column_of_the_past_is_neither_a_value_nor_known() {
    let text = "date,sales_kg,stock,price\n2024-01-01,1,5,9\n2024-01-02,2,4,9\n2024-01-03,,3,8\n";
    let past = Asked { past: vec!["stock".to_owned(), "price".to_owned()], ..Asked::default() };
    let intake = read_text(text, &past).unwrap();
    assert_eq!(
        (intake.series[0].uses.as_slice(), intake.series[0].planned.len()),
        ([crate::Use::Past; 2].as_slice(), 0)
    );
    assert_eq!(intake.report.columns[2].role, ColumnRole::Past);
    assert!(intake.report.notes.iter().any(|note| note.contains("up to the last value: `stock`, `price`;")));
    let both = Asked { known: vec!["stock".to_owned()], ..past };
    assert!(matches!(read_text(text, &both), Err(IntakeError::TwoRoles { .. })));
    let wide = "date,A,B,stock\n2024-01-01,1,2,5\n2024-01-02,2,3,4\n";
    let said = refused(wide, &Asked { past: vec!["stock".to_owned()], wide: true, ..Asked::default() });
    assert!(said.contains("past") && said.contains("beside its series"), "{said}");
}

#[test]
fn one_name_in_two_writings_of_unicode_is_one_series() {
    let intake = of(
        "shop,date,sales\nCafe\u{301},2024-01-01,1\nCaf\u{e9},2024-01-02,2\n caf\u{e9},2024-01-01,3\ncaf\u{e9} ,2024-01-02,4\n",
    );
    assert_eq!(intake.series.iter().map(|one| one.name.as_str()).collect::<Vec<_>>(), ["Café", "café"]);
}

#[test]
fn a_year_and_its_month_are_a_date_together() {
    let note = "The dates are `Year` and `Month` together";
    check_told(
        "Year,Month,Sales\n2023,11,1\n2023,12,2\n2024,1,3\n",
        &[("Sales", "2023-11-01", &[1.0, 2.0, 3.0])],
        note,
    );
    check_told(
        "shop,Year,Month,Sales\nA,2023,Dez,1\nA,2024,Jan,2\nB,2023,Dez,3\nB,2024,Jan,4\n",
        &[("A", "2023-12-01", &[1.0, 2.0]), ("B", "2023-12-01", &[3.0, 4.0])],
        note,
    );
    let weeks = of("year;kw;sales\n2024;1;1\n2024;2;2\n2024;3;3\n");
    assert_eq!(weeks.series[0].dates[2].to_string(), "2024-01-15");
    let dated = of("date,year,month,sales\n2024-01-01,2024,1,5\n2024-01-02,2024,1,6\n");
    assert_eq!(dated.report.columns[0].role, ColumnRole::Date);
}

#[test]
fn subtotals_between_merged_cells_are_no_series() {
    let text = "Region;Shop;Jan 2024;Feb 2024;Mrz 2024\nNord;A;1;2;3\n;B;4;5;6\nNord Ergebnis;;5;7;9\nSüd;C;1;1;1\n;D;2;2;2\nSüd Ergebnis;;3;3;3\nGesamtergebnis;;8;10;12\n";
    let (_, series) = told(text);
    let names: Vec<&str> = series.iter().map(|one| one.0.as_str()).collect();
    assert_eq!(names, ["Nord/A", "Nord/B", "Süd/C", "Süd/D"]);
    // One cell that is empty among many is told.
    let (notes, _) =
        told("region,shop,2024-01,2024-02,2024-03\nN,A,1,2,3\nN,B,4,5,6\n,C,4,5,6\nS,D,1,2,3\nS,E,1,2,3\n");
    assert!(notes.iter().any(|note| note.contains("name `/C` is empty")), "{notes:?}");
}
