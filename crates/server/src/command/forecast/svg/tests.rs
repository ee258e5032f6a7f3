use super::super::xlsx::tests::{forecast_of, names};
use super::*;

fn drawn(series: &[&str]) -> String {
    let (forecast, series) = forecast_of(series);
    picture(&forecast.result.unwrap(), &series, &names())
}

#[test]
fn a_name_is_text_and_no_markup() {
    let svg = drawn(&["<script>alert(1)</script>", "a\u{1b}[31m\u{202e}b & \"c\""]);
    assert!(!svg.contains("<script") && !svg.contains('\u{1b}') && !svg.contains('\u{202e}'), "{svg}");
    assert!(svg.contains("&lt;script&gt;alert(1)&lt;/script&gt;"), "{svg}");
    assert!(svg.contains("&amp; &quot;c&quot;"), "{svg}");
}

#[test]
fn each_series_has_a_line_a_range_and_models_by_their_names() {
    let svg = drawn(&["a", "b"]);
    assert_eq!(svg.matches("class=\"band\"").count(), 2, "{svg}");
    assert_eq!(svg.matches("<path class=\"next\"").count(), 2);
    assert!(svg.contains("ETS 75 % + CES 25 %"), "{svg}");
    assert!(!svg.contains("NaN") && !svg.contains("inf"), "{svg}");
    assert_eq!(svg, drawn(&["a", "b"]));
}

#[test]
fn of_many_series_the_first_are_drawn_and_the_picture_says_so() {
    let names: Vec<String> = (0..30).map(|at| format!("s{at}")).collect();
    let svg = drawn(&names.iter().map(String::as_str).collect::<Vec<_>>());
    assert_eq!(svg.matches("<g ").count(), SHOWN);
    assert!(svg.contains("the first 12 of 30"), "{svg}");
}
