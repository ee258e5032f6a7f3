//! Headers of two lines: years over months, or groups over names that repeat.

use super::look::Look;
use super::{MAX_NOTES, SampleRow, name};
use crate::intake::date::month_name;

/// A header of two lines.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Stacked {
    /// Its second row.
    pub(super) at: usize,
    /// What its columns are called.
    pub(super) names: Vec<String>,
}

/// Years over the months, quarters or weeks of each.
pub(super) fn years(rows: &[SampleRow]) -> Option<Stacked> {
    let below = rows.iter().enumerate().skip(1).take(MAX_NOTES);
    below
        .map(|(at, own)| (at, dated(&texts(&rows[at - 1]), &texts(own))))
        .find_map(|(at, names)| names.filter(|names| are_distinct(names)).map(|names| Stacked { at, names }))
}

/// Groups over names that repeat in each of them: the header found, and the row above it or below it.
pub(super) fn groups(rows: &[SampleRow], looks: &[Vec<Look>], header: usize) -> Option<Stacked> {
    let own = texts(&rows[header]);
    if are_distinct(&own) {
        return None;
    }
    let are_texts = |at: usize| {
        looks.get(at).is_some_and(|row| {
            row.iter().all(|look| matches!(look, Look::Text | Look::Empty))
                && row.iter().filter(|look| **look == Look::Text).count() > 1
        })
    };
    let pair = |above: usize| {
        let width = rows[above].cells.len().max(rows[above + 1].cells.len());
        let (above_names, below_names) = (texts(&rows[above]), texts(&rows[above + 1]));
        let names: Vec<String> = (0..width)
            .map(|at| joined(filled(&above_names, at), below_names.get(at).map_or("", String::as_str)))
            .collect();
        are_distinct(&names).then_some(Stacked { at: above + 1, names })
    };
    let above = header.checked_sub(1).filter(|&at| are_texts(at)).and_then(pair);
    above.or_else(|| Some(header).filter(|&at| are_texts(at + 1) && at + 2 < rows.len()).and_then(pair))
}

fn texts(row: &SampleRow) -> Vec<String> {
    row.cells.iter().map(name).collect()
}

/// Names of their own, but for columns without one.
fn are_distinct(names: &[String]) -> bool {
    let mut given: Vec<&String> = names.iter().filter(|name| !name.is_empty()).collect();
    let count = given.len();
    given.sort_unstable();
    given.dedup();
    given.len() == count
}

/// The cell at a place or, where it is empty, the last one before it, as of merged cells.
fn filled(names: &[String], at: usize) -> &str {
    let up_to = &names[..names.len().min(at + 1)];
    up_to.iter().rev().find(|name| !name.is_empty()).map_or("", String::as_str)
}

/// A column that has no name below is not one of the group.
fn joined(group: &str, own: &str) -> String {
    match (group, own) {
        (group, "") => group.to_owned(),
        (group, own) if group.is_empty() || group == own => own.to_owned(),
        (group, own) => format!("{group} {own}"),
    }
}

/// The names of a header if there are years in the first line and parts of a year below them.
fn dated(above: &[String], own: &[String]) -> Option<Vec<String>> {
    let first = above.iter().position(|cell| year(cell).is_some())?;
    let are_years = above[first..].iter().all(|cell| cell.is_empty() || year(cell).is_some());
    let width = above.len().max(own.len());
    let mut names = Vec::with_capacity(width);
    let mut parts = 0;
    for at in 0..width {
        let cell = own.get(at).map_or("", String::as_str);
        let label = above.get(at).map_or("", String::as_str);
        if at < first {
            names.push(if cell.is_empty() { label.to_owned() } else { cell.to_owned() });
            continue;
        }
        let year = filled(above, at);
        names.push(match part(cell) {
            Some(part) => {
                parts += 1;
                format!("{year}-{part}")
            }
            None if cell.is_empty() => String::new(),
            // The total of a year, or a note beside the table.
            None if cell.contains(|c: char| c.is_alphabetic()) => format!("{year} {cell}"),
            None => return None,
        });
    }
    (are_years && parts > 1 && (has_words(own, first) || count_up(above, own, first))).then_some(names)
}

/// Whether the parts are called months, quarters or weeks.
fn has_words(own: &[String], first: usize) -> bool {
    let is_word = |cell: &String| part(cell).is_some() && cell.contains(|c: char| c.is_alphabetic());
    own.iter().skip(first).any(is_word)
}

/// Whether the numbers below each year count up by one, as those of months do and data do not.
fn count_up(above: &[String], own: &[String], first: usize) -> bool {
    let cells = (first..own.len()).filter_map(|at| Some((filled(above, at), own[at].parse::<u32>().ok()?)));
    let cells: Vec<(&str, u32)> = cells.collect();
    let mut of_one_year = cells.windows(2).filter(|pair| pair[0].0 == pair[1].0).peekable();
    of_one_year.peek().is_some() && of_one_year.all(|pair| pair[1].1 == pair[0].1 + 1)
}

fn year(text: &str) -> Option<u32> {
    text.parse().ok().filter(|year| text.len() == 4 && (1900..2100).contains(year))
}

/// A month, a quarter or a week as it stands behind a year: `01`, `Q1`, `W01`.
fn part(text: &str) -> Option<String> {
    if let Some(month) = month_name(text) {
        return Some(format!("{month:02}"));
    }
    let upper = text.to_uppercase();
    let digits = upper.trim_start_matches(|c: char| c.is_alphabetic() || c == ' ' || c == '.');
    let number: u32 = digits.parse().ok()?;
    match upper[..upper.len() - digits.len()].trim_end_matches(['.', ' ']) {
        "" | "M" if (1..=12).contains(&number) => Some(format!("{number:02}")),
        "Q" if (1..=4).contains(&number) => Some(format!("Q{number}")),
        "W" | "KW" | "CW" | "WK" | "WEEK" if (1..=53).contains(&number) => Some(format!("W{number:02}")),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::super::find;
    use super::super::tests::rows;

    #[test]
    fn two_lines_are_one_header() {
        let check = |texts: &[&str], line: u64, titles: usize, expected: &[&str]| {
            let (header, _) = find(&rows(texts));
            let names: Vec<&str> = header.names.iter().map(|name| name.text.as_str()).collect();
            assert_eq!((header.line, header.titles, &names[..]), (Some(line), titles, expected), "{texts:?}");
        };
        check(
            &["Sales|||||", "|2023||2024|", "Product|Jan|Feb|Jan|Feb", "A|1|2|3|4", "B|1|2|3|4"],
            3,
            1,
            &["Product", "2023-01", "2023-02", "2024-01", "2024-02"],
        );
        check(
            &["Product|2023|2023|2023|2024", "|1|2|Total|1", "A|1|2|3|4"],
            2,
            0,
            &["Product", "2023-01", "2023-02", "2023 Total", "2024-01"],
        );
        check(&["|2024|", "shop|Q1|Q2", "A|1|2"], 2, 0, &["shop", "2024-Q1", "2024-Q2"]);
        check(
            &["Date|North||South|", "|Sales|Stock|Sales|Stock", "2024-01-01|1|2|3|4", "2024-01-02|1|2|3|4"],
            2,
            0,
            &["Date", "North Sales", "North Stock", "South Sales", "South Stock"],
        );
        check(
            &[
                "Date|North|North|South|South",
                "|Sales|Stock|Sales|Stock",
                "2024-01-01|1|2|3|4",
                "2024-01-02|1|2|3|4",
            ],
            2,
            0,
            &["Date", "North Sales", "North Stock", "South Sales", "South Stock"],
        );
        check(&["Country|2019|2020", "A|5|2", "B|5|2"], 1, 0, &["Country", "2019", "2020"]);
        check(&["Country|2024|2021|2019", "A|5|2|3", "B|5|2|3"], 1, 0, &["Country", "2024", "2021", "2019"]);
    }
}
