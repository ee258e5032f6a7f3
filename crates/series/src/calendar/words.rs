//! What the rows of a grid are called.

use super::Frequency;

/// What a sentence calls them that does not know the grid.
const ROWS: [&str; 4] = [" rows", " row", " steps", " step"];

impl Frequency {
    /// A sentence that counts rows, by what they are on this grid: `14 rows` of days are `14 days`.
    pub fn say(self, sentence: &str) -> String {
        let mut said = String::with_capacity(sentence.len());
        let mut rest = sentence;
        while let Some((at, word)) = next(rest) {
            let (before, after) = (&rest[..at], &rest[at + word.len()..]);
            let digits = before.trim_end_matches(|c: char| c.is_ascii_digit()).len();
            match before[digits..].parse() {
                Ok(count) if !after.starts_with(char::is_alphanumeric) => {
                    said.push_str(&before[..digits]);
                    said.push_str(&self.counted(count));
                }
                _ => {
                    said.push_str(before);
                    said.push_str(word);
                }
            }
            rest = after;
        }
        said.push_str(rest);
        said
    }
}

/// The first of the words, the longest of those at one place.
fn next(sentence: &str) -> Option<(usize, &'static str)> {
    let places = ROWS.into_iter().filter_map(|word| Some((sentence.find(word)?, word)));
    places.min_by_key(|(at, word)| (*at, std::cmp::Reverse(word.len())))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rows_are_called_what_they_are() {
        let sentence = "5 folds of 14 rows, 1 row apart, after 24 rows; the 12 steps asked for: rows, 3 rowers and more rows.";
        let check = |word: &str, expected: &str| {
            let frequency: Frequency = word.parse().unwrap();
            assert_eq!(frequency.say(sentence), expected);
        };
        check(
            "daily",
            "5 folds of 14 days, 1 day apart, after 24 days; the 12 days asked for: rows, 3 rowers and more rows.",
        );
        check(
            "every_2_weeks",
            "5 folds of 14 steps of 2 weeks, 1 step of 2 weeks apart, after 24 steps of 2 weeks; the 12 steps of 2 weeks \
             asked for: rows, 3 rowers and more rows.",
        );
        assert_eq!(Frequency::DAILY.say(""), "");
    }
}
