//! The numbers of a ranking by name, each once and with what it was measured on, and the notes that say them.

use wire::model_selection::{
    Combination, Figure, FigureName, RankEntry, RankingMetric, RuleCheck, SelectionCheck, Verdict,
};

/// What the figures are made from.
pub(super) struct Numbers<'a> {
    pub verdict: Verdict,
    pub measure: RankingMetric,
    pub first: &'a RankEntry,
    /// Test windows of the series that has the most.
    pub folds: usize,
    /// Whether every series has as many.
    pub is_even: bool,
    pub series: usize,
    pub combination: Option<&'a Combination>,
    pub check: Option<&'a SelectionCheck>,
}

/// Every number there is, the first-ranked model's first.
pub(super) fn figures(numbers: &Numbers<'_>) -> Vec<Figure> {
    let Numbers { measure, first, combination, check, .. } = *numbers;
    let (all, last) = (measured_on(numbers), on_last_fold(check));
    let figure = |name, label: &str, model: Option<&String>, error, measured_on: &str| Figure {
        name,
        label: label.to_owned(),
        model: model.cloned(),
        measure,
        error,
        measured_on: measured_on.to_owned(),
    };
    let of_all = if numbers.series > 1 { ", one model for all series" } else { "" };
    let role = match numbers.verdict {
        Verdict::Clear => "Champion",
        Verdict::Equal | Verdict::Unmeasured => "Each of the equals",
        _ => "Leader",
    };
    let mut found = vec![figure(
        FigureName::First,
        &format!("{role}{of_all}"),
        Some(&first.key).filter(|_| role != "Each of the equals"),
        first.by(measure),
        &all,
    )];
    if let Some(combination) = combination {
        if numbers.series > 1 {
            let (name, error) = (FigureName::BestPerSeries, combination.best_per_series_error);
            found.push(figure(name, "Best model of each series", None, error, &all));
        }
        found.push(figure(FigureName::Mean, "Mean of the candidates", None, combination.error, &all));
    }
    if let Some(check) = check {
        let label = format!("Chosen blind{of_all}");
        found.push(figure(FigureName::FirstBlind, &label, Some(&check.chosen), check.chosen_error, &last));
        if numbers.series > 1 {
            let (name, error) = (FigureName::BestPerSeriesBlind, check.best_per_series_error);
            found.push(figure(name, "Chosen blind for each series", None, error, &last));
        }
        let label = "Mean of the candidates, last fold";
        found.push(figure(FigureName::MeanBlind, label, None, check.combination_error, &last));
    }
    found
}

fn measured_on(numbers: &Numbers<'_>) -> String {
    match (numbers.series, numbers.folds) {
        (1, 1) => "one fold".to_owned(),
        (1, folds) => format!("{folds} folds, the mean over them"),
        (series, folds) => {
            let up_to = if numbers.is_even { "" } else { "up to " };
            let folds = if folds == 1 { "one fold".to_owned() } else { format!("{up_to}{folds} folds") };
            let how = if numbers.measure == RankingMetric::RelMae {
                "each series alike"
            } else {
                "all points together"
            };
            format!("{folds} of {series} series, {how}")
        }
    }
}

fn on_last_fold(check: Option<&SelectionCheck>) -> String {
    match check.map_or(1, |check| check.series) {
        1 => "the last fold, chosen without it".to_owned(),
        series => format!("the last fold of {series} series, chosen without it"),
    }
}

/// What a reader must know before trusting the first place: the figures in sentences, and no verdict of its own.
pub(super) fn notes(numbers: &Numbers<'_>, figures: &[Figure]) -> Vec<String> {
    let (key, measure) = (&numbers.first.key, numbers.measure);
    let name = measure.label_over(numbers.series);
    if matches!(numbers.verdict, Verdict::Equal | Verdict::Unmeasured) {
        return Vec::new();
    }
    let mut notes =
        vec![format!("{key} was chosen on the same folds its figures come from, so they flatter it.")];
    let error = |name: FigureName| figures.iter().find(|figure| figure.name == name)?.error;
    if let Some((own, mean)) = error(FigureName::First).zip(error(FigureName::Mean)) {
        let best = error(FigureName::BestPerSeries).map_or_else(String::new, |best| {
            format!(", and each series with its own best model {}", measure.shown(best))
        });
        notes.push(format!(
            "On the same test points {key} has a {} of {}, the plain mean of the candidates {}{best}.",
            name,
            measure.shown(own),
            measure.shown(mean)
        ));
    }
    notes.extend(numbers.check.and_then(|check| rules(check, measure, name)));
    notes
}

/// Every rule on the fold nobody knew.
fn rules(check: &SelectionCheck, measure: RankingMetric, name: &str) -> Option<String> {
    let shown = |check: &RuleCheck| {
        check.error.map(|error| format!("{} {}", check.rule.replace('_', " "), measure.shown(error)))
    };
    let all: Vec<String> = check.rules.iter().filter_map(shown).collect();
    (!all.is_empty()).then(|| {
        format!(
            "On the last fold, by what was known before it (one model: {}), {}: {}.",
            check.chosen,
            name,
            all.join(", ")
        )
    })
}
