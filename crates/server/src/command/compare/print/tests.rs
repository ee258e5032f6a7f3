//! Whatever the data, no two sentences that the command line prints of a comparison contradict each other.
//!
//! The program compares generated files, and the claims are read back out of what it prints: who leads, who ties, numbers by
//! their names, how many windows and series a claim rests on, and what a row is.

mod claims;

use std::collections::BTreeSet;

use futures::{StreamExt, stream};

use self::claims::contradictions;
use super::Page;
use crate::cli::{Output, Shown};
use crate::command::compare::all_series;
use crate::command::follow::follow;
use crate::command::generated::{Case, Program};
use crate::names::Names;

/// So many files, of which few are refused.
const CASES: u64 = 120;

/// What was printed, and what was asked for.
#[derive(Debug, Clone)]
struct Printed {
    seed: u64,
    horizon: usize,
    series: usize,
    /// What its rows are, in the plural.
    rows: &'static str,
    text: String,
}

/// So many are compared at the same time.
const AT_ONCE: usize = 8;

/// What is printed of the comparison with this number; `None` where it is refused.
async fn printed(program: &Program, seed: u64) -> Option<Printed> {
    let client = &program.system.client;
    let case = Case::of(seed);
    let dataset = program.import(&case).await;
    let id = client.compare(&case.request(dataset.dataset_id)).await.ok()?.run_id;
    follow(client, id, |_| {}).await.unwrap();
    let ranking = client.ranking(id).await.unwrap();
    let series = all_series(client, &ranking).await.unwrap();
    let names = Names::of(client).await.unwrap();
    let shown = Shown { all: false, out: None, output: Output { json: false } };
    let mut out = Vec::new();
    let page = Page { ranking: &ranking, series: &series, names: &names, shown: &shown, asked: None };
    page.print(&mut out).unwrap();
    let text = String::from_utf8(out).unwrap();
    let Case { horizon, series, .. } = case;
    Some(Printed { seed, horizon, series, rows: case.step.1, text })
}

/// Everything that is printed, in the order of the seeds.
async fn all() -> Vec<Printed> {
    let program = Program::open().await;
    let printed = stream::iter(0..CASES).map(|seed| printed(&program, seed)).buffered(AT_ONCE);
    let printed = printed.filter_map(std::future::ready).collect().await;
    program.close().await;
    printed
}

#[tokio::test(flavor = "multi_thread")]
async fn no_two_sentences_of_a_printed_ranking_contradict_each_other() {
    let all = all().await;
    assert!(all.len() >= 100, "{} were printed", all.len());
    for printed in &all {
        let wrong = contradictions(printed);
        assert!(wrong.is_empty(), "seed {}: {wrong:?}\n{}", printed.seed, printed.text);
    }
    let verdicts: BTreeSet<&str> = all.iter().flat_map(|printed| claims::verdict(&printed.text)).collect();
    assert!(verdicts.len() >= 6, "most verdicts were seen: {verdicts:?}");
    let is_clear = |printed: &&Printed| {
        printed.series > 1 && printed.rows == "days" && printed.text.contains("is the champion")
    };
    the_checker_finds_what_is_planted(all.iter().find(is_clear).expect("somebody has won"));
}

fn the_checker_finds_what_is_planted(clear: &Printed) {
    let leader = claims::leader(&clear.text).unwrap().to_owned();
    let number = |text: &str, before: &str| {
        let from = text.find(before).unwrap() + before.len();
        text[from..].split_whitespace().next().unwrap().to_owned()
    };
    let won = number(&clear.text, "; first on ");
    let plants: [(&str, String, String); 8] = [
        ("another leader", format!("{leader} is the champion"), "Nobody is the champion".to_owned()),
        ("a second verdict", "\nnote: ".to_owned(), "\nnote: Undecided: it leads. ".to_owned()),
        ("high beside a tie", "is the champion".to_owned(), "leads, and No clear winner: ".to_owned()),
        ("another number of series won", format!("first on {won} of"), "first on 777 of".to_owned()),
        ("another leader in a note", format!("note: {leader} was"), "note: Nobody was".to_owned()),
        ("rows where days are known", " days at the end".to_owned(), " rows at the end".to_owned()),
        ("another number of series", "Overall, ".to_owned(), "Overall, 99".to_owned()),
        ("another lead", ", a lead of ".to_owned(), ", a lead of 9".to_owned()),
    ];
    for (what, from, to) in plants {
        assert!(clear.text.contains(&from), "{from}: {}", clear.text);
        let text = clear.text.replacen(&from, &to, 1);
        assert!(!contradictions(&Printed { text, ..clear.clone() }).is_empty(), "{what} was not found");
    }
}
