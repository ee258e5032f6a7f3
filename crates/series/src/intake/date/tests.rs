use super::*;

fn words(texts: &[&str]) -> Vec<Word> {
    texts.iter().map(|&text| Word::Text(text.to_owned())).collect()
}

#[test]
fn dates_are_read_as_people_write_them() {
    let check = |texts: &[&str], form: Form, date: &str| {
        assert_eq!(form_of(&words(texts)), Found::One(form), "{texts:?}");
        let read = moment(&words(texts)[0], Some(form)).unwrap();
        assert_eq!((read.date().to_string().as_str(), read.time()), (date, NaiveTime::MIN), "{texts:?}");
    };
    check(&["2024-01-31", "2024-02-01", ""], Form::YearFirst, "2024-01-31");
    check(&["2024/1/31", "2024/02/01"], Form::YearFirst, "2024-01-31");
    check(&["2024-01-31 00:00:00", "2024-02-01T00:00:00Z"], Form::YearFirst, "2024-01-31");
    check(&["2024-01-31T00:00:00.000+02:00"], Form::YearFirst, "2024-01-31");
    check(&["20240131"], Form::Compact, "2024-01-31");
    check(&["2024-01"], Form::YearMonth, "2024-01-01");
    check(&["2024M01"], Form::YearMonth, "2024-01-01");
    check(&["01/2024", "12/2024"], Form::MonthYear, "2024-01-01");
    check(&["2024Q2", "2024-Q3"], Form::Quarter, "2024-04-01");
    check(&["Q2 2024"], Form::Quarter, "2024-04-01");
    check(&["2024-W05"], Form::Week, "2024-01-29");
    check(&["2024", "2025"], Form::Year, "2024-01-01");
    check(&["31/01/2024", "01/02/2024"], Form::DayFirst, "2024-01-31");
    check(&["31.1.24", "1.2.24"], Form::DayFirst, "2024-01-31");
    check(&["01.02.2024", "01.03.2024"], Form::DayFirst, "2024-02-01");
    check(&["01/31/2024", "02/01/2024"], Form::MonthFirst, "2024-01-31");
    check(&["1/31/2024 12:00:00 AM"], Form::MonthFirst, "2024-01-31");
    check(&["31 Jan 2024", "1-Feb-2024"], Form::Named, "2024-01-31");
    check(&["January 31, 2024"], Form::Named, "2024-01-31");
    check(&["Jan 2024", "February-24", "Mar'24"], Form::NamedMonth, "2024-01-01");
    check(&["01/01/2024"], Form::DayFirst, "2024-01-01");
    for text in ["Q2-24", "2Q2024", "2Q24", "24Q2", "Q2/2024", "2. Quartal 2024", "2024 Q2", "Qtr 2, 2024"] {
        check(&[text], Form::Quarter, "2024-04-01");
    }
    for text in [
        "KW 5/2024",
        "KW05 2024",
        "2024-KW05",
        "2024W05",
        "W5 2024",
        "Week 5, 2024",
        "2024-W05-1",
        "CW05-2024",
    ] {
        check(&[text], Form::Week, "2024-01-29");
    }
    for text in
        ["31. Januar 2024", "31 janv. 2024", "31 de enero de 2024", "31 gennaio 2024", "January 31st, 2024"]
    {
        check(&[text], Form::Named, "2024-01-31");
    }
    for text in ["März 2024", "mars-24", "Mrz 24", "2024 marzo"] {
        check(&[text], Form::NamedMonth, "2024-03-01");
    }
}

#[test]
fn what_only_a_person_means_is_read_as_stated() {
    let check = |name: &str, text: &str, date: Option<&str>| {
        let form = Form::named(name).unwrap();
        let read = form.parse(text).map(|read| read.date().to_string());
        assert_eq!(read.as_deref(), date, "{name} {text}");
    };
    check("WW/YYYY", "05/2024", Some("2024-01-29"));
    check("WW/YYYY", "2024-53", None);
    check("serial", "45322", Some("2024-01-31"));
    check("serial", "4532", None);
    assert_eq!(form_of(&words(&["45322", "45323"])), Found::None { best: None, word: 0 });
    assert_eq!(form_of(&words(&["15 Jan", "16 Jan"])), Found::NoYear { word: 0 });
}

#[test]
fn what_two_orders_read_differently_is_asked() {
    let either = Found::Either(Form::DayFirst, Form::MonthFirst);
    assert_eq!(form_of(&words(&["01/02/2024", "01/03/2024"])), either);
    assert_eq!(form_of(&words(&["01/02/2024", "13/02/2024"])), Found::One(Form::DayFirst));
}

#[test]
fn a_year_of_two_digits_stands_last_where_the_dates_run_so_and_is_asked_else() {
    let check = |texts: &[String], expected: Found| {
        let words: Vec<Word> = texts.iter().map(|text| Word::Text(text.clone())).collect();
        assert_eq!(form_of(&words), expected, "{texts:?}");
    };
    let first = NaiveDate::from_ymd_opt(2024, 1, 30).unwrap();
    let days = |form: &str, many: u64| -> Vec<String> {
        (0..many).map(|day| (first + chrono::Days::new(day)).format(form).to_string()).collect()
    };
    check(&days("%d.%m.%y", 10), Found::One(Form::DayFirst));
    check(&days("%d.%m.%y", 10).into_iter().rev().collect::<Vec<_>>(), Found::One(Form::DayFirst));
    let either = Found::Either(Form::DayFirst, Form::ShortYearFirst);
    // Days of one month run as years of one month too, and few dates run by chance.
    check(&days("%d.%m.%y", 30)[2..], either.clone());
    check(&days("%d.%m.%y", 4), either.clone());
    check(&days("%y.%m.%d", 10), either);
    for (name, form) in
        [("DD.MM.YY", Form::DayFirst), ("MM/DD/YY", Form::MonthFirst), ("YY-MM-DD", Form::ShortYearFirst)]
    {
        assert_eq!(Form::named(name), Some(form), "{name}");
    }
}

#[test]
fn words_of_no_form_are_told() {
    let found = form_of(&words(&["2024-01-31", "2024-02-30", "2024-03-31"]));
    assert_eq!(found, Found::None { best: Some(Form::YearFirst), word: 1 });
    assert_eq!(form_of(&words(&["apple", "pear"])), Found::None { best: None, word: 0 });
    for none in ["", "31/31/2024", "2024-13-01", "24:00", "Q5 2024", "99", "0000-01-01", "2024-01-01 25:00"] {
        assert!(FORMS.iter().all(|form| form.parse(none).is_none()), "{none}");
    }
    let hour = moment(&words(&["2024-01-31 06:00"])[0], Some(Form::YearFirst)).unwrap();
    assert_eq!(hour.time().to_string(), "06:00:00");
    for (text, hours) in
        [("2024-01-31T06:00Z", 0), ("2024-01-31 06:00 +0530", 5), ("2024-01-31T06:00:00.0-03:00", -3)]
    {
        assert_eq!(offset_seconds(text).map(|seconds| seconds / 3_600), Some(hours), "{text}");
    }
    assert_eq!(offset_seconds("2024-01-31T06:00"), None);
}
