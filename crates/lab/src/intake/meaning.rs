//! What the columns of a table mean, told by their names.

use wire::lab::SeasonPart;

/// A meaning and the names of columns that have it: letters and digits alone, in lower case.
type Meanings = &'static [(&'static str, &'static [&'static str])];

/// The meanings of the columns of each part, in the order in which a table without a header has them.
pub(super) const fn meanings(part: SeasonPart) -> Meanings {
    match part {
        SeasonPart::Field => FIELD,
        SeasonPart::Games => GAMES,
        SeasonPart::Results => RESULTS,
        SeasonPart::Odds => ODDS,
        SeasonPart::Pairs => PAIRS,
        SeasonPart::Bids => BIDS,
        SeasonPart::Rules => RULES,
        SeasonPart::Payouts => PAYOUTS,
        SeasonPart::Scoring => SCORING,
    }
}

const TEAM: &[&str] =
    &["team", "teamname", "name", "school", "club", "side", "mannschaft", "verein", "equipe"];
const TEAM_1: &[&str] = &["team1", "team1id", "teama", "home", "hometeam", "a", "side1", "first", "top"];
const TEAM_2: &[&str] = &["team2", "team2id", "teamb", "away", "awayteam", "b", "side2", "second", "bottom"];
const CHANCE: &[&str] =
    &["p", "prob", "probability", "chance", "pteam1wins", "pwin", "winprobability", "wahrscheinlichkeit"];
const POINTS: &[&str] =
    &["points", "bidpoints", "bid", "bids", "amount", "price", "spent", "punkte", "gebot", "mise"];
const GAME: &[&str] = &["game", "gameid", "match", "matchup", "spiel"];

const FIELD: Meanings = &[
    ("team", TEAM),
    ("region", &["region", "division", "group", "quadrant", "bracket", "gruppe"]),
    ("seed", &["seed", "seeding", "setzplatz", "setzliste", "tete"]),
    (
        "net",
        &[
            "net",
            "rating",
            "netrating",
            "netrtg",
            "adjem",
            "strength",
            "power",
            "elo",
            "kenpomnet",
            "wertung",
        ],
    ),
    ("id", &["id", "teamid", "slug", "key"]),
    ("offence", &["offence", "offense", "ortg", "adjo", "kenpomo", "offensiverating"]),
    ("defence", &["defence", "defense", "drtg", "adjd", "kenpomd", "defensiverating"]),
    ("tempo", &["tempo", "adjt", "kenpomadjt", "pace"]),
    ("byes", &["byes", "bye", "freilos"]),
    ("play_in", &["playin", "firstfour", "isplayin"]),
    ("is_blue_blood", &["isblueblood", "blueblood"]),
];
const GAMES: Meanings =
    &[("game", GAME), ("round", &["round", "runde", "tour"]), ("side1", TEAM_1), ("side2", TEAM_2)];
const RESULTS: Meanings = &[
    ("game", GAME),
    ("winner", &["winner", "winnerteamid", "winnerid", "winningteam", "won", "sieger", "vainqueur"]),
    ("loser", &["loser", "losingteam", "lost", "verlierer", "perdant"]),
    ("team1", TEAM_1),
    ("team2", TEAM_2),
    ("score1", &["score1", "points1", "homescore", "scorea", "pts1"]),
    ("score2", &["score2", "points2", "awayscore", "scoreb", "pts2"]),
    ("team", TEAM),
    ("wins", &["wins", "win", "w", "gameswon", "siege"]),
];
const ODDS: Meanings = &[
    ("team", TEAM),
    ("odds", &["odds", "decimalodds", "americanodds", "price", "quote", "cote"]),
    ("probability", CHANCE),
];
const PAIRS: Meanings = &[("team1", TEAM_1), ("team2", TEAM_2), ("probability", CHANCE)];
const BIDS: Meanings = &[
    (
        "entry",
        &[
            "entry",
            "entryname",
            "entrant",
            "bidder",
            "owner",
            "player",
            "participant",
            "person",
            "teilnehmer",
        ],
    ),
    ("team", TEAM),
    ("points", POINTS),
    ("entry_id", &["entryid", "entrykey", "entryno"]),
];
const RULES: Meanings =
    &[("rule", &["rule", "key", "name", "regel"]), ("value", &["value", "wert", "setting"])];
const PAYOUTS: Meanings = &[
    ("position", &["position", "place", "rank", "finish", "platz", "rang"]),
    ("amount", &["amount", "prize", "payout", "money", "dollars", "euros", "preis", "gewinn"]),
    ("cents", &["cents", "amountcents", "prizecents", "payoutcents"]),
];
const SCORING: Meanings = &[
    ("step", &["step", "winindex", "win", "progress", "round", "runde"]),
    ("points", &["points", "pointsawarded", "awarded", "award", "punkte"]),
];

/// The sets of meanings of which a table of this part needs one.
pub(super) const fn needed(part: SeasonPart) -> &'static [&'static [&'static str]] {
    match part {
        SeasonPart::Field => &[&["team"]],
        SeasonPart::Games => &[&["game", "side1", "side2"]],
        SeasonPart::Results => &[
            &["game", "winner"],
            &["winner", "loser"],
            &["team1", "team2", "score1", "score2"],
            &["team1", "team2", "winner"],
            &["team", "wins"],
        ],
        SeasonPart::Odds => &[&["team", "odds"], &["team", "probability"]],
        SeasonPart::Pairs => &[&["team1", "team2", "probability"]],
        SeasonPart::Bids => &[&["team"], &["entry"]],
        SeasonPart::Rules => &[&["rule", "value"]],
        SeasonPart::Payouts => &[&["position", "cents"], &["position", "amount"]],
        SeasonPart::Scoring => &[&["step", "points"]],
    }
}

/// Letters and digits in lower case.
pub(super) fn letters(text: &str) -> String {
    text.chars().filter(|c| c.is_alphanumeric()).flat_map(char::to_lowercase).collect()
}

/// What each column means for a part; of two columns with one meaning the first. Columns without names are taken in the
/// usual order.
pub(super) fn read_as(part: SeasonPart, columns: &[&str], has_header: bool) -> Vec<Option<&'static str>> {
    let known = meanings(part);
    if !has_header {
        return (0..columns.len()).map(|at| known.get(at).map(|(meaning, _)| *meaning)).collect();
    }
    let mut found: Vec<Option<&'static str>> = Vec::with_capacity(columns.len());
    for column in columns {
        let name = letters(column);
        let meaning = known.iter().find(|(_, names)| names.contains(&name.as_str())).map(|(one, _)| *one);
        found.push(meaning.filter(|one| !found.contains(&Some(*one))));
    }
    found
}

/// Whether columns of these meanings are enough.
pub(super) fn is_enough(part: SeasonPart, found: &[Option<&str>]) -> bool {
    needed(part).iter().any(|set| set.iter().all(|one| found.contains(&Some(*one))))
}

/// The part that a sheet or a file is called after.
pub(super) fn named(name: &str) -> Option<SeasonPart> {
    const WORDS: &[(&str, SeasonPart)] = &[
        ("result", SeasonPart::Results),
        ("payout", SeasonPart::Payouts),
        ("prize", SeasonPart::Payouts),
        ("scoring", SeasonPart::Scoring),
        ("rule", SeasonPart::Rules),
        ("odds", SeasonPart::Odds),
        ("pair", SeasonPart::Pairs),
        ("bids", SeasonPart::Bids),
        ("entries", SeasonPart::Bids),
        ("auction", SeasonPart::Bids),
        ("games", SeasonPart::Games),
        ("bracket", SeasonPart::Games),
        ("field", SeasonPart::Field),
        ("teams", SeasonPart::Field),
    ];
    let name = letters(name);
    WORDS.iter().find(|(word, _)| name.contains(word)).map(|(_, part)| *part)
}

/// The part that columns of these names can only be of.
pub(super) fn told_by(columns: &[&str]) -> Option<SeasonPart> {
    use SeasonPart::{Bids, Field, Games, Odds, Pairs, Payouts, Results, Rules, Scoring};
    let has = |part, all: &[&str]| {
        let found = read_as(part, columns, true);
        all.iter().all(|one| found.contains(&Some(*one)))
    };
    if has(Bids, &["entry", "team", "points"]) {
        return Some(Bids);
    }
    let is_field = ["region", "seed", "net"].iter().any(|other| has(Field, &["team", other]));
    let order = [Pairs, Results, Games];
    let others = [Odds, Payouts, Scoring, Rules, Field];
    let enough = |part: &SeasonPart| is_enough(*part, &read_as(*part, columns, true));
    let first = order.into_iter().find(enough);
    first.or_else(|| is_field.then_some(Field)).or_else(|| others.into_iter().find(enough))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_table_is_told_by_its_columns() {
        let check = |columns: &[&str], expected| assert_eq!(told_by(columns), expected, "{columns:?}");
        check(&["Team", "Region", "Seed", "NetRtg"], Some(SeasonPart::Field));
        check(&["Entry", "Team", "Points"], Some(SeasonPart::Bids));
        check(&["Winner", "Loser"], Some(SeasonPart::Results));
        check(&["Team 1", "Team 2", "Score 1", "Score 2"], Some(SeasonPart::Results));
        check(&["team1_id", "team2_id", "p_team1_wins"], Some(SeasonPart::Pairs));
        check(&["Game", "Round", "Side 1", "Side 2"], Some(SeasonPart::Games));
        check(&["Team", "Odds"], Some(SeasonPart::Odds));
        check(&["Team", "Seed", "Odds"], Some(SeasonPart::Field));
        check(&["Place", "Prize"], Some(SeasonPart::Payouts));
        check(&["win_index", "points_awarded"], Some(SeasonPart::Scoring));
        check(&["Rule", "Value"], Some(SeasonPart::Rules));
        check(&["Colour"], None);
    }
}
