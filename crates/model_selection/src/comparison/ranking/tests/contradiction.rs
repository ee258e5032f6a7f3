//! A checker of statements: whatever the data, no two things that are said of a ranking contradict each other.

use serde_json::{Value, json};
use wire::model_selection::{Confidence, FigureName, Verdict};

use super::super::SeriesRanking;
use super::{Whole, results, spec, whole};

/// Everything that is wrong with what is said.
fn contradictions(found: &Whole) -> Vec<String> {
    let mut wrong = Vec::new();
    let mut claim = |holds: bool, what: &str| {
        if !holds {
            wrong.push(what.to_owned());
        }
    };
    let all = &found.overall;
    let first = all.entries.first().filter(|entry| entry.entry.included);
    let key = first.map(|first| first.entry.key.as_str());
    sure(all.verdict, all.confidence, &all.tied, &mut claim);

    claim(all.winner == first.map(|first| first.entry.ordinal), "the winner is the first entry");
    claim(all.tied.first().map(String::as_str) == key, "the first of the tied is the first entry");
    claim((all.verdict == Verdict::Nobody) == first.is_none(), "nobody is ranked");
    claim(key.is_none_or(|key| all.statement.contains(key)), "the statement names the first");
    let is_champion = all.statement.contains("is the champion");
    claim(is_champion == (all.verdict == Verdict::Clear), "a champion is one who clearly leads");

    let summary = &found.business_summary;
    claim(summary.headline == all.statement, "the summary says the statement");
    claim(summary.recommendation_confidence == all.confidence, "the summary is as sure");
    claim(summary.confidence_reasons == all.reasons, "the summary has the same reasons");
    let model = first.map(|first| first.entry.model_type.as_str());
    claim(
        summary.winner.as_ref().map(|winner| winner.model_type.as_str()) == model,
        "the summary names the first",
    );

    let has_winner = !matches!(all.verdict, Verdict::Tied | Verdict::Contested);
    let texts = [&all.notes, &all.reasons, &all.warnings, &summary.data_notes];
    let says_no = |text: &String| text.to_lowercase().contains("no clear winner");
    claim(!texts.into_iter().flatten().any(says_no), "only the statement says who wins");
    claim(says_no(&all.statement) != has_winner, "no clear winner");

    figures(found, &mut claim);
    coverage(found, &mut claim);
    for series in &found.series {
        of_series(series, &mut claim);
    }
    if let [only] = found.series.as_slice() {
        let same = only.verdict == all.verdict
            && only.statement == all.statement
            && only.standings.confidence == all.confidence
            && only.standings.reasons == all.reasons
            && only.standings.tied == all.tied;
        claim(same, "of one series both rankings say the same");
    }
    wrong
}

type Claim<'a> = dyn FnMut(bool, &str) + 'a;

fn sure(verdict: Verdict, confidence: Confidence, tied: &[String], claim: &mut Claim<'_>) {
    claim(confidence != Confidence::High || verdict == Verdict::Clear, "high only where the lead is clear");
    claim(confidence == Confidence::Low || verdict == Verdict::Clear, "low where it is not");
    claim(verdict != Verdict::Tied || tied.len() > 1, "a tie is with somebody");
    let may_tie = matches!(verdict, Verdict::Tied | Verdict::Contested);
    claim(tied.len() < 2 || may_tie, "who is tied with somebody has not won");
}

fn of_series(series: &SeriesRanking, claim: &mut Claim<'_>) {
    let ranking = &series.standings;
    sure(series.verdict, ranking.confidence, &ranking.tied, claim);
    let key = ranking.winner.as_ref().map(|winner| winner.key.as_str());
    claim(ranking.tied.first().map(String::as_str) == key, "a series' tied begin with its first");
    claim(key.is_none_or(|key| series.statement.contains(key)), "a series' statement names its first");
    claim(!ranking.warnings.iter().any(|text| text.contains("no clear winner")), "its warnings do not judge");
}

/// Every name has one number, and every number that is said in percent has a name.
fn figures(found: &Whole, claim: &mut Claim<'_>) {
    let all = &found.overall;
    let wape =
        |name: FigureName| all.figures.iter().find(|figure| figure.name == name).map(|figure| figure.wape);
    let mut names: Vec<String> = all.figures.iter().map(|figure| format!("{:?}", figure.name)).collect();
    names.sort();
    names.dedup();
    claim(names.len() == all.figures.len(), "a name has one number");
    let ranked: Vec<_> = all.entries.iter().filter(|entry| entry.entry.included).collect();
    let own = ranked.first().map(|first| first.entry.metrics.and_then(|metrics| metrics.wape));
    claim(wape(FigureName::Champion) == own, "the champion's number is that of the ranking");
    if let Some(combination) = &all.combination {
        claim(Some(combination.champion_wape) == own, "and beside the mean");
        claim(wape(FigureName::Mean) == Some(combination.wape), "the mean's number");
    }
    if let Some(check) = &all.selection_check {
        claim(wape(FigureName::ChampionBlind) == Some(check.chosen_wape), "the blind choice's number");
        let held = all.reasons.iter().any(|reason| reason.contains("and held"));
        let is_same = ranked.first().is_some_and(|first| first.entry.key == check.chosen);
        let pays = check.chosen_wape.zip(check.combination_wape).is_some_and(|(own, mean)| own <= mean);
        claim(held == (is_same && pays), "a choice held if it is the same and paid");
    }
    let rules = all.selection_check.iter().flat_map(|check| &check.rules).map(|check| check.wape);
    let entries = ranked.iter().map(|entry| entry.entry.metrics.and_then(|metrics| metrics.wape));
    let known: Vec<String> = (all.figures.iter().map(|figure| figure.wape))
        .chain(rules)
        .chain(entries)
        .flatten()
        .map(|wape| format!("{wape:.2}%"))
        .collect();
    let said = all.notes.iter().chain(&all.reasons).flat_map(|text| text.split([' ', ',']));
    for number in said.map(|word| word.trim_end_matches(['.', ';', ':'])).filter(|word| word.ends_with('%')) {
        claim(number == "%" || known.iter().any(|known| known == number), &format!("{number} has a name"));
    }
    if let Some(first) = ranked.first().filter(|_| found.series.len() > 1) {
        let won = format!("first on {} of {} series", first.series_won, found.series.len());
        let says = |reason: &String| !reason.contains("first on") || reason.contains(&won);
        claim(all.reasons.iter().all(says), "series won");
    }
}

fn coverage(found: &Whole, claim: &mut Claim<'_>) {
    let covered = found.coverage;
    claim(covered.series == found.series.len(), "the ranking is of the series it covers");
    let is_said =
        found.overall.statement.contains(&format!("{} of {} series.", covered.series, covered.series_total));
    claim(is_said != (covered.series == covered.series_total), "what is left out is said");
    let ranked = found.overall.entries.iter().filter(|entry| entry.entry.included);
    claim(ranked.clone().all(|entry| entry.series_ranked == covered.series), "all on the same series");
}

/// A shape of demand, by its number; the noise differs with the seed.
fn value(shape: usize, seed: u64, at: usize) -> f64 {
    let draw =
        kernel::Seed(seed.wrapping_mul(1000) + at as u64).stream("contradiction").index(1000) as f64 / 1000.0;
    let season = 10.0 * (at % 7 + 1) as f64;
    match shape % 8 {
        0 => 100.0 * draw,
        1 => season,
        2 => season + 5.0 * draw,
        3 => season + 80.0 * draw,
        4 => 42.0,
        5 => 0.0,
        6 => at as f64 + 3.0 * draw,
        _ => {
            if draw < 0.8 {
                0.0
            } else {
                10.0 * draw
            }
        }
    }
}

#[test]
fn no_two_statements_of_a_ranking_contradict_each_other() {
    let models = [
        ("naive", Value::Null),
        ("seasonal_naive", Value::Null),
        ("moving_average", Value::Null),
        ("weighted_moving_average", Value::Null),
        ("seasonal_naive", json!({ "season_length": 5 })),
        ("moving_average", json!({ "window_size": 0 })),
    ];
    let mut verdicts = std::collections::BTreeSet::new();
    for seed in 0..96_u64 {
        let at = usize::try_from(seed).unwrap();
        let mut spec = spec(&models[..=at % 6]);
        spec.split.n_splits = 2 + at % 4;
        spec.ranking_metric = [
            wire::model_selection::Metric::Wape,
            wire::model_selection::Metric::Mae,
            wire::model_selection::Metric::Bias,
        ][at % 3];
        let count = [1, 1, 2, 7, 12][at % 5];
        let panel: Vec<_> = (0..count)
            .map(|n| {
                super::series(&format!("s{n}"), |day| value(at / 5 + n * (at % 2), seed + 97 * n as u64, day))
            })
            .collect();
        let mut results = results(&spec, &panel);
        if seed % 4 == 3 {
            for (ordinal, outputs) in results.iter_mut().enumerate() {
                let done = count.saturating_sub(1 + ordinal % 3);
                outputs[done..].fill(None);
            }
        }
        let found = whole(&spec, &panel, results);
        verdicts.insert(format!("{:?}", found.overall.verdict));
        let wrong = contradictions(&found);
        assert!(wrong.is_empty(), "seed {seed}: {wrong:?}\n{:#?}", found.overall);
    }
    let all = ["Clear", "Contested", "Nobody", "Only", "Tied", "Undecided"];
    assert_eq!(verdicts.iter().map(String::as_str).collect::<Vec<_>>(), all, "every verdict was seen");
}
