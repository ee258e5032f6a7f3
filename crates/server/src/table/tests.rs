use proptest::prelude::*;

use super::*;

const COLUMNS: [Column<'_>; 4] =
    [Column::text("model"), Column::number("wape"), Column::number("mae").spare(), Column::text("why")];

fn printed(rows: &[[&str; 4]], room: Option<usize>) -> String {
    let rows: Vec<Vec<String>> = rows.iter().map(|row| row.map(str::to_owned).to_vec()).collect();
    let mut out = Vec::new();
    print_within(&mut out, &COLUMNS, &rows, room).unwrap();
    String::from_utf8(out).unwrap()
}

#[test]
fn columns_are_as_wide_as_their_content() {
    let text = printed(&[["naïve", "9.5", "1", ""], ["ma", "10.25", "22", "short"]], None);
    assert_eq!(text, "model   wape  mae  why\nnaïve    9.5    1\nma     10.25   22  short\n");
}

#[test]
fn wide_letters_accents_and_emoji_stand_below_each_other() {
    let text =
        printed(&[["日本語", "1", "2", "x"], ["e\u{301}🙂", "1", "2", "x"], ["ab", "1", "2", "x"]], None);
    let ends: Vec<usize> = text.lines().skip(1).map(UnicodeWidthStr::width).collect();
    assert_eq!(ends, [ends[0]; 3], "{text}");
    assert!(text.contains("日本語     1"), "{text}");
}

#[test]
fn where_there_is_no_room_words_are_cut_and_spare_numbers_left_out() {
    let row = ["a name that goes on and on", "1234567.00", "7", "a reason that goes on and on"];
    let text = printed(&[row], Some(67));
    assert_eq!(
        text.lines().nth(1),
        Some("a name that goes on and…  1234567.00    7  a reason that goes on a…"),
        "{text}"
    );
    let text = printed(&[row], Some(40));
    assert_eq!(text.lines().nth(1), Some("a name that …  1234567.00  a reason tha…"), "{text}");
    assert!(printed(&[row], Some(5)).contains("1234567.00"), "a number is never cut");
}

proptest! {
    #[test]
    fn whatever_a_cell_holds_rows_align_and_nothing_acts(
        cells in proptest::collection::vec("(\\PC|[\\x00-\\x1f\\x7f-\\x9f\u{200b}-\u{202e}\u{fe0f}])*", 1..8),
        room in proptest::option::of(1_usize..120),
    ) {
        let rows: Vec<[&str; 4]> = cells.iter().map(|cell| [cell.as_str(), "1", "2", "end"]).collect();
        let text = printed(&rows, room);
        prop_assert_eq!(text.lines().count(), rows.len() + 1);
        prop_assert!(!text.chars().any(|c| c != '\n' && c.is_control()), "{text:?}");
        let ends: Vec<usize> = text.lines().skip(1).map(UnicodeWidthStr::width).collect();
        prop_assert!(ends.iter().all(|end| *end == ends[0]), "{text:?}");
    }
}
