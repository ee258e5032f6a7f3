//! Whatever the data, what the command line prints of a forecast holds: its figures are those of its table, and what it says of
//! them follows.

use std::collections::BTreeMap;

use clap::Parser;
use futures::{StreamExt, stream};
use wire::model_selection::{CandidateModel, FleetForecastRequest};

use crate::cli::Forecast;
use crate::command::follow::follow;
use crate::command::generated::{Case, Program, between, table};

const CASES: u64 = 40;
/// So many are forecast at the same time.
const AT_ONCE: usize = 8;
const WEIGHTED: &str = "Weighted forecast";
const TAKEN: &str = "; the weighted one is taken all the same, because ";

#[derive(Parser)]
struct Typed {
    #[command(flatten)]
    forecast: Forecast,
}

/// What is printed of a forecast with this number; `None` where it is refused.
async fn printed(program: &Program, seed: u64) -> Option<(u64, String)> {
    let (client, case) = (&program.system.client, Case::of(seed));
    let dataset = program.import(&case).await;
    let models = case.request(dataset.dataset_id).candidate_models;
    let models: BTreeMap<String, CandidateModel> =
        models.into_iter().map(|model| (model.model_type.clone(), model)).collect();
    let request = FleetForecastRequest {
        models: models.into_values().collect(),
        ..FleetForecastRequest::of_dataset(dataset.dataset_id, case.horizon)
    };
    let id = client.forecast(&request).await.ok()?.run_id;
    follow(client, id, |_| {}).await.unwrap();
    let forecast = client.fleet_forecast(id).await.unwrap();
    let typed = ["forecast", "sales.csv", "--horizon", &case.horizon.to_string()].map(str::to_owned);
    let mut out = Vec::new();
    super::print(&mut out, client, &forecast, &Typed::parse_from(typed).forecast).await.unwrap();
    Some((seed, String::from_utf8(out).unwrap()))
}

/// The models of the standings with their weight in percent, and their MASE; the weighted forecast first.
fn standings(text: &str) -> Vec<(String, f64, Option<f64>, usize)> {
    let number = |cell: &str| cell.trim_end_matches(" %").parse::<f64>().ok();
    let row = |cells: Vec<String>| {
        let series = cells.last()?.parse().ok()?;
        Some((cells[0].clone(), number(&cells[1])?, number(&cells[2]), series))
    };
    table(text, "on the folds").into_iter().filter_map(row).collect()
}

/// Everything that is wrong with what is printed.
fn wrong(text: &str) -> Vec<String> {
    let (mut wrong, standings) = (Vec::new(), standings(text));
    let mut claim = |holds: bool, what: String| {
        if !holds {
            wrong.push(what);
        }
    };
    let Some((first, _, mase, series)) = standings.first() else {
        return vec!["there is no table".to_owned()];
    };
    claim(first == WEIGHTED, format!("{first} is first"));
    let is_unjudged = text.contains("Nothing could be judged");
    claim(
        is_unjudged == text.contains("\nwarning: no fold fits"),
        "what is not judged is warned of".to_owned(),
    );
    claim(
        is_unjudged != text.contains(" --champion "),
        "a champion is offered where one was judged".to_owned(),
    );
    let line = text.lines().next().unwrap_or_default();
    if let Some(scaled) = between(line, "It is the mean over ", " of ") {
        claim(scaled.parse() == Ok(*series), format!("{scaled} and {series} series"));
    }
    if let (Some(said), Some(mase)) = (between(line, "the weighted forecast has a MASE of ", ", "), mase) {
        let own: f64 = said.parse().unwrap();
        claim((own - mase).abs() < 0.006, format!("{own} and {mase} are one number"));
        let best = between(line, "the best single model, ", ".").unwrap_or_default();
        let (name, single) = best.split_once(", ").unwrap_or_default();
        let best = line[line.find(name).unwrap()..]
            .split([' ', ';'])
            .find_map(|word| word.trim_end_matches('.').parse::<f64>().ok());
        let best = best.unwrap_or_else(|| panic!("{single} is no number: {line}"));
        let of_model = standings.iter().find(|row| row.0 == name).and_then(|row| row.2);
        claim(
            of_model.is_some_and(|found| (found - best).abs() < 0.006),
            format!("{name}: {best} and {of_model:?}"),
        );
        let least = standings[1..]
            .iter()
            .filter(|row| row.3 == *series)
            .filter_map(|row| row.2)
            .fold(f64::INFINITY, f64::min);
        claim((least - best).abs() < 0.006, format!("{least} is the best of the table, and {best} is said"));
        claim((own > best) == line.contains(TAKEN), format!("{own} beside {best}: {line}"));
    }
    counting(text, &standings, &mut claim);
    wrong
}

/// Every model that weighs something counts what is known, or does not.
fn counting(
    text: &str,
    standings: &[(String, f64, Option<f64>, usize)],
    claim: &mut dyn FnMut(bool, String),
) {
    let start = "What is known beforehand is counted by ";
    let Some((counting, others)) =
        between(text, start, ".\n").and_then(|said| said.split_once(", and not by "))
    else {
        return;
    };
    let share =
        |side: &str| between(side, " (", " %)").and_then(|share| share.parse::<f64>().ok()).unwrap_or(-1.0);
    let all = share(counting) + share(others);
    claim((all - 100.0).abs() < 1e-9, format!("{counting} and {others} have {all} % of the weight"));
    let names = |side: &str| -> Vec<String> {
        let side = side.split(" (").next().unwrap_or_default();
        side.split(", ").flat_map(|part| part.split(" and ")).map(str::to_owned).collect()
    };
    let (counting, others) = (names(counting), names(others));
    for (name, ..) in standings[1..].iter().filter(|row| row.1 >= 1.0) {
        claim(counting.contains(name) != others.contains(name), format!("{name} is on one side"));
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_printed_of_a_forecast_holds() {
    let program = Program::open().await;
    let printed = stream::iter(0..CASES).map(|seed| printed(&program, seed)).buffered(AT_ONCE);
    let printed: Vec<(u64, String)> = printed.filter_map(std::future::ready).collect().await;
    program.close().await;
    assert!(printed.len() >= 30, "{} were printed", printed.len());
    for (seed, text) in &printed {
        let wrong = wrong(text);
        assert!(wrong.is_empty(), "seed {seed}: {wrong:?}\n{text}");
    }
    let seen =
        |part: &str| printed.iter().find(|(_, text)| text.contains(part)).map(|(_, text)| text.as_str());
    let taken = seen(TAKEN).expect("some weighted forecast errs more than a single model");
    seen("What is known beforehand is counted by ").expect("some model counts what is known");
    assert!(!wrong(&taken.replacen(TAKEN, "; ", 1)).is_empty(), "a reason that is missing was not found");
    assert!(
        !wrong(&taken.replacen("has a MASE of ", "has a MASE of 7", 1)).is_empty(),
        "another figure was not found"
    );
}
