//! A checker of statements: whatever the data, no two things that are said of a ranking contradict each other.
//!
//! Everything that somebody is shown of a ranking comes from the API, so it is here: the statement, the confidence with its
//! reasons, the bias, the notes, warnings and figures, the summary, the texts of the run's frames. Claims are read back out of
//! the sentences (who leads, who ties, numbers with their names) and held against each other and against the numbers.

use serde_json::{Value, json};
use wire::model_selection::{Confidence, FigureName, RankingMetric, Verdict};

use super::super::SeriesRanking;
use super::{Whole, results, spec, whole};
use crate::comparison::tell;

type Claim<'a> = dyn FnMut(bool, &str) + 'a;

/// Everything that is wrong with what is said.
fn contradictions(found: &Whole) -> Vec<String> {
    let mut wrong = Vec::new();
    let mut claim = |holds: bool, what: &str| {
        if !holds {
            wrong.push(what.to_owned());
        }
    };
    first(found, &mut claim);
    summary(found, &mut claim);
    texts(found, &mut claim);
    figures(found, &mut claim);
    numbers(found, &mut claim);
    tests(found, &mut claim);
    coverage(found, &mut claim);
    for series in &found.series {
        of_series(series, &mut claim);
    }
    if let [only] = found.series.as_slice() {
        let all = &found.overall;
        let same = only.verdict == all.verdict
            && only.statement == all.statement
            && only.standings.confidence == all.confidence
            && only.standings.reasons == all.reasons
            && only.standings.tied == all.tied;
        claim(same, "of one series both rankings say the same");
    }
    wrong
}

/// Whether a verdict names somebody who leads.
const fn has_leader(verdict: Verdict) -> bool {
    !matches!(verdict, Verdict::Nobody | Verdict::Equal | Verdict::Unmeasured)
}

/// Whether a sentence speaks of a key as a word of its own.
fn names(sentence: &str, key: &str) -> bool {
    sentence.match_indices(key).any(|(at, _)| {
        let is_part = |c: char| c.is_alphanumeric() || c == '_';
        let (before, after) = (&sentence[..at], &sentence[at + key.len()..]);
        !before.ends_with(is_part)
            && !after.starts_with(|c: char| is_part(c) || c == '#')
            && !after.starts_with(" #")
    })
}

fn sure(verdict: Verdict, confidence: Confidence, tied: &[String], statement: &str, claim: &mut Claim<'_>) {
    claim(confidence != Confidence::High || verdict == Verdict::Clear, "high only where the lead is clear");
    claim(confidence == Confidence::Low || verdict == Verdict::Clear, "low where it is not");
    claim(verdict != Verdict::Tied || tied.len() > 1, "a tie is with somebody");
    let may_tie =
        matches!(verdict, Verdict::Tied | Verdict::Contested | Verdict::Equal | Verdict::Unmeasured);
    claim(tied.len() < 2 || may_tie, "who is tied with somebody has not won");
    let begins = match verdict {
        Verdict::Tied | Verdict::Contested => statement.starts_with("No clear winner"),
        Verdict::Undecided => statement.starts_with("Undecided"),
        Verdict::Equal => statement.contains("they tie") && !statement.contains(" leads "),
        Verdict::Unmeasured => statement.starts_with("None leads"),
        Verdict::Clear => statement.contains("is the champion"),
        Verdict::Only => statement.contains("is the only one"),
        Verdict::Nobody => statement.starts_with("None of"),
    };
    claim(begins, "the statement is that of the verdict");
    for (word, of) in [("is the champion", Verdict::Clear), ("Undecided", Verdict::Undecided)] {
        claim(!statement.contains(word) || verdict == of, "the statement is of no other verdict");
    }
}

fn first(found: &Whole, claim: &mut Claim<'_>) {
    let all = &found.overall;
    let first = all.entries.first().filter(|entry| entry.entry.included);
    let key = first.map(|first| first.entry.key.as_str());
    sure(all.verdict, all.confidence, &all.tied, &all.statement, claim);
    claim(all.winner == first.map(|first| first.entry.ordinal), "the winner is the first entry");
    claim(all.tied.first().map(String::as_str) == key, "the first of the tied is the first entry");
    claim((all.verdict == Verdict::Nobody) == first.is_none(), "nobody is ranked");
    if has_leader(all.verdict) {
        claim(key.is_some_and(|key| names(&all.statement, key)), "the statement names the first");
    } else {
        let is_named = all.entries.iter().any(|entry| names(&all.statement, &entry.entry.key));
        claim(!is_named, "a statement without a leader names nobody");
    }
    for entry in all.entries.iter().filter(|entry| !entry.entry.included) {
        claim(entry.entry.rank.is_none() && entry.mean_rank.is_none(), "who is excluded has no place");
        claim(
            entry.series_won == 0 && !all.tied.contains(&entry.entry.key),
            "who is excluded wins and ties nowhere",
        );
    }
    let ranks: Vec<usize> = all.entries.iter().filter_map(|entry| entry.entry.rank).collect();
    claim(ranks.first().is_none_or(|rank| *rank == 1) && ranks.is_sorted(), "places ascend from one");
    let values = all.entries.iter().filter(|entry| entry.entry.included);
    let values: Vec<f64> = values.filter_map(|entry| entry.entry.by(found.metric)).collect();
    claim(values.is_sorted(), "the order is that of the metric");
}

fn summary(found: &Whole, claim: &mut Claim<'_>) {
    let (all, summary) = (&found.overall, &found.business_summary);
    claim(summary.headline == all.statement, "the summary says the statement");
    claim(summary.recommendation_confidence == all.confidence, "the summary is as sure");
    claim(summary.confidence_reasons == all.reasons, "the summary has the same reasons");
    let model = all.entries.first().filter(|entry| entry.entry.included).map(|first| &first.entry.model_type);
    claim(summary.winner.as_ref().map(|winner| &winner.model_type) == model, "the summary names the first");
}

/// All sentences besides the statement.
fn sentences(found: &Whole) -> Vec<String> {
    let (all, summary) = (&found.overall, &found.business_summary);
    let mut texts: Vec<String> = [&all.notes, &all.reasons, &all.warnings, &summary.data_notes]
        .into_iter()
        .flatten()
        .cloned()
        .collect();
    texts.extend(all.bias.clone());
    texts.push(all.method.clone());
    texts.push(tell::confidence(all));
    texts.extend(summary.comparison.iter().map(|lead| lead.lead_text.clone()));
    texts.extend(summary.winner.iter().map(|winner| winner.summary.clone()));
    texts
}

fn texts(found: &Whole, claim: &mut Claim<'_>) {
    let all = &found.overall;
    for text in sentences(found) {
        let lower = text.to_lowercase();
        let judges = ["no clear winner", "is the champion", "undecided", "high confidence"];
        claim(!judges.iter().any(|word| lower.contains(word)), &format!("only the statement judges: {text}"));
        claim(
            !lower.contains("champion") || all.verdict == Verdict::Clear,
            &format!("no champion is named: {text}"),
        );
        if !has_leader(all.verdict) && all.verdict != Verdict::Nobody {
            claim(
                !lower.contains(" leads") && !lower.contains("was chosen"),
                &format!("nobody leads: {text}"),
            );
        }
    }
    let told = tell::confidence(all);
    claim(told.starts_with(&format!("Confidence {}:", all.confidence)), "the frames are as sure");
    claim(all.bias.is_none() || has_leader(all.verdict), "a bias is of somebody who leads");
}

fn of_series(series: &SeriesRanking, claim: &mut Claim<'_>) {
    let ranking = &series.standings;
    sure(series.verdict, ranking.confidence, &ranking.tied, &series.statement, claim);
    let key = ranking.winner.as_ref().map(|winner| winner.key.as_str());
    claim(ranking.tied.first().map(String::as_str) == key, "a series' tied begin with its first");
    let is_named = key.is_none_or(|key| names(&series.statement, key));
    claim(is_named || !has_leader(series.verdict), "a series' statement names its first");
    claim(!ranking.warnings.iter().any(|text| text.contains("no clear winner")), "its warnings do not judge");
}

/// Every name has one number.
fn figures(found: &Whole, claim: &mut Claim<'_>) {
    let all = &found.overall;
    let error =
        |name: FigureName| all.figures.iter().find(|figure| figure.name == name).map(|figure| figure.error);
    let mut names: Vec<String> = all.figures.iter().map(|figure| format!("{:?}", figure.name)).collect();
    names.sort();
    names.dedup();
    claim(names.len() == all.figures.len(), "a name has one number");
    let measures: Vec<RankingMetric> = all.figures.iter().map(|figure| figure.measure).collect();
    claim(measures.windows(2).all(|pair| pair[0] == pair[1]), "all figures have one measure");
    let ranked: Vec<_> = all.entries.iter().filter(|entry| entry.entry.included).collect();
    let own = ranked.first().map(|first| measures.first().and_then(|measure| first.entry.by(*measure)));
    claim(error(FigureName::First) == own, "the first one's number is that of the ranking");
    let is_champion = all.figures.first().is_some_and(|figure| figure.label.starts_with("Champion"));
    claim(
        is_champion == (all.verdict == Verdict::Clear),
        "the figures name a champion where the statement does",
    );
    if let Some(combination) = &all.combination {
        claim(Some(combination.first_error) == own, "and beside the mean");
        claim(error(FigureName::Mean) == Some(combination.error), "the mean's number");
    }
    if let Some(check) = &all.selection_check {
        claim(error(FigureName::FirstBlind) == Some(check.chosen_error), "the blind choice's number");
        let held = all.reasons.iter().any(|reason| reason.contains("and held"));
        let is_same = ranked.first().is_some_and(|first| first.entry.key == check.chosen);
        let pays = check.chosen_error.zip(check.combination_error).is_some_and(|(own, mean)| own <= mean);
        let is_said = has_leader(all.verdict) && is_same && pays;
        claim(held == is_said, "a choice held if it is the same and paid");
    }
}

/// Every number that is said behind the name of a measure is one that has this name.
fn numbers(found: &Whole, claim: &mut Claim<'_>) {
    let all = &found.overall;
    let of_figures = all.figures.iter().map(|figure| (figure.measure, figure.error));
    let measure = all.figures.first().map(|figure| figure.measure);
    let rules = all.selection_check.iter().flat_map(|check| &check.rules).map(|check| check.error);
    let entries = all.entries.iter().flat_map(|entry| {
        RankingMetric::ALL.iter().map(|metric| {
            let signed = entry.entry.metrics.and_then(|metrics| metrics.bias);
            (*metric, if *metric == RankingMetric::Bias { signed } else { entry.entry.by(*metric) })
        })
    });
    let rules = rules.filter_map(|error| Some((measure?, error)));
    let size = all.entries.iter().map(|entry| (RankingMetric::Bias, entry.entry.by(RankingMetric::Bias)));
    let known: Vec<String> = of_figures
        .chain(rules)
        .chain(entries)
        .chain(size)
        .filter_map(|(metric, value)| Some(format!("{} {}", metric.label(), metric.shown(value?))))
        .collect();
    for text in sentences(found) {
        for metric in RankingMetric::ALL {
            for (at, label) in text.match_indices(metric.label()) {
                let before = &text[..at];
                // A part of a longer name.
                if before.ends_with("relative ") || before.ends_with(char::is_alphabetic) {
                    continue;
                }
                let rest = text[at + label.len()..].trim_start_matches(" of").trim_start();
                let number: String = rest.chars().take_while(|c| "0123456789.-e".contains(*c)).collect();
                if number.chars().any(|c| c.is_ascii_digit()) {
                    let said = format!("{label} {}", number.trim_end_matches('.'));
                    let is_known = known.iter().any(|known| known.split(" %").next() == Some(&said));
                    claim(is_known, &format!("no number of this name: {said} in {text}"));
                }
            }
        }
    }
    for reason in all.reasons.iter().filter(|reason| reason.contains("first on")) {
        let won = all.entries.first().map(|first| first.series_won).unwrap_or_default();
        claim(reason.contains(&format!("first on {won} of {} series", found.series.len())), "series won");
    }
}

/// What is said of ties and of the others is what the tests came to.
fn tests(found: &Whole, claim: &mut Claim<'_>) {
    let all = &found.overall;
    for entry in all.entries.iter().filter(|entry| all.tied.contains(&entry.entry.key)).skip(1) {
        let Some(rival) = &entry.against_champion else { continue };
        let sure = [rival.p_paired, rival.p_bootstrap, rival.p_diebold_mariano];
        let is_sure = sure.iter().flatten().count() == 3 && sure.iter().flatten().all(|p| *p < 0.001);
        claim(!is_sure, &format!("{} is tied though all tests tell it apart", entry.entry.key));
    }
    let power = all.statement.contains("in four of five cases");
    claim(!power || all.verdict == Verdict::Tied, "the power of a tie is said of a tie");
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
    match shape % 11 {
        0 => 100.0 * draw,
        1 => season,
        2 => season + 5.0 * draw,
        3 => season + 80.0 * draw,
        4 => 42.0,
        5 => 0.0,
        6 => at as f64 + 3.0 * draw,
        7 => 2.0_f64.powi(980) * (season + 5.0 * draw),
        8 => 2.0_f64.powi(-900) * (season + 80.0 * draw),
        // Nothing is known of the last weeks.
        9 if at > 100 => f64::NAN,
        9 => season + draw,
        _ if draw < 0.8 => 0.0,
        _ => 10.0 * draw,
    }
}

/// A comparison of its own for each seed.
fn generated(seed: u64) -> Whole {
    let models = [
        ("naive", Value::Null),
        ("seasonal_naive", Value::Null),
        ("moving_average", Value::Null),
        ("weighted_moving_average", Value::Null),
        ("seasonal_naive", json!({ "season_length": 5 })),
        ("moving_average", json!({ "window_size": 0 })),
        ("naive", Value::Null),
        ("ses", Value::Null),
    ];
    let at = usize::try_from(seed).unwrap();
    let mut spec = spec(&models[..=(at * 3) % 8]);
    spec.split.n_splits = 1 + at % 10;
    spec.split.horizon = [14, 7, 3][at % 3];
    spec.ranking_metric = RankingMetric::ALL[at % RankingMetric::ALL.len()];
    let count = [1, 1, 2, 7, 12, 1, 60, 4][at % 8];
    let is_mixed = at % 3 == 0;
    let panel: Vec<_> = (0..count)
        .map(|n| {
            // In every fifth panel the first series is as large as all others a thousand times.
            let factor = if n == 0 && at % 5 == 0 { 1e6 } else { 1.0 };
            let shape = at / 3 + if is_mixed { n } else { 0 };
            super::series(&format!("s{n}"), |day| factor * value(shape, seed + 97 * n as u64, day))
        })
        .collect();
    let mut results = results(&spec, &panel);
    if seed % 4 == 3 {
        for (ordinal, outputs) in results.iter_mut().enumerate() {
            let done = count.saturating_sub(1 + ordinal % 3);
            outputs[done..].fill(None);
        }
    }
    whole(&spec, &panel, results)
}

#[test]
fn no_two_statements_of_a_ranking_contradict_each_other() {
    let mut verdicts = std::collections::BTreeSet::new();
    for seed in 0..132_u64 {
        let found = generated(seed);
        verdicts.insert(format!("{:?}", found.overall.verdict));
        let wrong = contradictions(&found);
        assert!(wrong.is_empty(), "seed {seed}: {wrong:?}\n{:#?}", found.overall);
    }
    let all = ["Clear", "Contested", "Equal", "Nobody", "Only", "Tied", "Undecided", "Unmeasured"];
    assert_eq!(verdicts.iter().map(String::as_str).collect::<Vec<_>>(), all, "every verdict was seen");
}

type Plant = fn(&mut Whole);

#[test]
fn the_checker_finds_what_is_planted() {
    let clear = || {
        let mut all = (0..132).map(generated);
        all.find(|found| found.overall.verdict == Verdict::Clear && found.overall.figures.len() > 2).unwrap()
    };
    assert!(contradictions(&clear()).is_empty());
    let plants: [(&str, Plant); 9] = [
        ("another number beside a name", |found| found.found.overall.figures[0].error = Some(12.34)),
        ("a tie beside a champion", |found| {
            let second = found.found.overall.entries[1].entry.key.clone();
            found.found.overall.tied.push(second);
        }),
        ("another leader in the statement", |found| {
            let second = found.found.overall.entries[1].entry.key.clone();
            found.found.overall.statement = format!("{second} is the champion: it forecasts best.");
        }),
        ("a note that names a tie", |found| found.found.overall.notes.push("No clear winner.".to_owned())),
        ("a note with a number of its own", |found| {
            found.found.overall.notes.push("It has a WAPE of 99.99 %.".to_owned());
        }),
        ("high beside a verdict that is not clear", |found| found.found.overall.verdict = Verdict::Undecided),
        ("another headline", |found| found.found.business_summary.headline = "It is so.".to_owned()),
        ("another winner", |found| found.found.overall.winner = Some(7)),
        ("a place for who is excluded", |found| {
            found.found.overall.entries.reverse();
        }),
    ];
    for (what, plant) in plants {
        let mut found = clear();
        plant(&mut found);
        assert!(!contradictions(&found).is_empty(), "{what} was not found");
    }
}
