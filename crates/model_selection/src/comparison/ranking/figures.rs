//! The numbers of a ranking by name, each once and with what it was measured on, and the notes that say them.

use kernel::figure;
use wire::model_selection::{Combination, Figure, FigureName, RankEntry, RuleCheck, SelectionCheck, Verdict};

/// What the figures are made from.
pub(super) struct Numbers<'a> {
    pub verdict: Verdict,
    pub first: &'a RankEntry,
    /// Test windows of the series that has the most.
    pub folds: usize,
    /// Whether every series has as many.
    pub is_even: bool,
    pub series: usize,
    pub combination: Option<&'a Combination>,
    pub check: Option<&'a SelectionCheck>,
}

/// Every number there is, the champion's first.
pub(super) fn figures(numbers: &Numbers<'_>) -> Vec<Figure> {
    let Numbers { first, combination, check, .. } = *numbers;
    let (all, last) = (measured_on(numbers), on_last_fold(check));
    let figure = |name, label: &str, model: Option<&String>, wape, measured_on: &str| Figure {
        name,
        label: label.to_owned(),
        model: model.cloned(),
        wape,
        measured_on: measured_on.to_owned(),
    };
    let of_all = if numbers.series > 1 { ", one model for all series" } else { "" };
    let role = if numbers.verdict == Verdict::Clear { "Champion" } else { "Leader" };
    let wape = first.metrics.and_then(|metrics| metrics.wape);
    let mut found =
        vec![figure(FigureName::Champion, &format!("{role}{of_all}"), Some(&first.key), wape, &all)];
    if let Some(combination) = combination {
        if numbers.series > 1 {
            let (name, wape) = (FigureName::BestPerSeries, combination.best_per_series_wape);
            found.push(figure(name, "Best model of each series", None, wape, &all));
        }
        found.push(figure(FigureName::Mean, "Mean of the candidates", None, combination.wape, &all));
    }
    if let Some(check) = check {
        let label = format!("Chosen blind{of_all}");
        found.push(figure(FigureName::ChampionBlind, &label, Some(&check.chosen), check.chosen_wape, &last));
        if numbers.series > 1 {
            let (name, wape) = (FigureName::BestPerSeriesBlind, check.best_per_series_wape);
            found.push(figure(name, "Chosen blind for each series", None, wape, &last));
        }
        let label = "Mean of the candidates, last fold";
        found.push(figure(FigureName::MeanBlind, label, None, check.combination_wape, &last));
    }
    found
}

fn measured_on(numbers: &Numbers<'_>) -> String {
    match (numbers.series, numbers.folds) {
        (1, 1) => "one fold".to_owned(),
        (1, folds) => format!("{folds} folds, the mean over them"),
        (series, 1) => format!("one fold of {series} series, all points together"),
        (series, folds) => {
            let up_to = if numbers.is_even { "" } else { "up to " };
            format!("{up_to}{folds} folds of {series} series, all points together")
        }
    }
}

fn on_last_fold(check: Option<&SelectionCheck>) -> String {
    match check.map_or(1, |check| check.series) {
        1 => "the last fold, chosen without it".to_owned(),
        series => format!("the last fold of {series} series, chosen without it"),
    }
}

/// What a reader must know before trusting the champion: the figures in sentences, and no verdict of its own.
pub(super) fn notes(numbers: &Numbers<'_>, figures: &[Figure]) -> Vec<String> {
    let key = &numbers.first.key;
    let mut notes =
        vec![format!("{key} was chosen on the same folds its figures come from, so they flatter it.")];
    let wape = |name: FigureName| figures.iter().find(|figure| figure.name == name)?.wape;
    if let Some((own, mean)) = wape(FigureName::Champion).zip(wape(FigureName::Mean)) {
        let best = wape(FigureName::BestPerSeries).map_or(String::new(), |best| {
            format!(", and each series with its own best model {}%", figure(best, 2))
        });
        notes.push(format!(
            "On the same test points {key} has a WAPE of {}%, the plain mean of the candidates {}%{best}.",
            figure(own, 2),
            figure(mean, 2)
        ));
    }
    notes.extend(numbers.check.and_then(rules));
    notes
}

/// Every rule on the fold nobody knew.
fn rules(check: &SelectionCheck) -> Option<String> {
    let shown = |check: &RuleCheck| {
        check.wape.map(|wape| format!("{} {}%", check.rule.replace('_', " "), figure(wape, 2)))
    };
    let all: Vec<String> = check.rules.iter().filter_map(shown).collect();
    (!all.is_empty()).then(|| {
        format!(
            "On the last fold, by what was known before it (one model: {}), WAPE: {}.",
            check.chosen,
            all.join(", ")
        )
    })
}
