//! Files of a user's own.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use kernel::Fault;
use test_support::on_both_databases;
use wire::lab::{
    BidSheet, DecimalMark, GameOutcomeModel, MatchedBy, SeasonFiles, SeasonInspection, SeasonPart, TableFile,
};

use crate::support::{Fixture, TENANT};

fn file(name: &str, text: &str) -> TableFile {
    TableFile { name: name.to_owned(), part: None, content: STANDARD.encode(text) }
}

async fn inspected(files: &[(&str, &str)]) -> SeasonInspection {
    let files = files.iter().map(|(name, text)| file(name, text)).collect();
    let asked =
        SeasonFiles { files, name: Some("Cup".to_owned()), season: Some(2026), ..SeasonFiles::default() };
    lab::intake::inspect_season(asked).await
}

const FIELD: &str = "Team;Seed;Rating\nÄpfel;1;12,5\nBirnen;2;8\nCitronen;3;-1,25\n=1+1;4;-3\nTotal;;16,25\n";

/// The problems with their places, without the file.
fn problems(inspection: &SeasonInspection) -> Vec<(u64, String, String)> {
    let problem = |problem: &wire::lab::IntakeProblem| {
        let column = problem.column.clone().unwrap_or_default();
        (problem.line.unwrap_or(0), column, problem.message.clone())
    };
    inspection.report.problems.iter().map(problem).collect()
}

on_both_databases! {
    async fn tables_of_ones_own_become_a_season_that_is_kept(db: TestDb) {
        let fixture = Fixture::idle(db, 1);
        let results = "Winner,Loser\nÄPFEL,=1+1\n";
        let bids = "Entry,Team,Points\nAnna,äpfel,50\nAnna,citronen,50\nAnna,birnen,0\n=cmd(),Birnen,40\n=cmd(),Äpfel,10\n=cmd(),=1+1,1\n";
        let rules = "Rule,Value\nbudget,100\nmin_teams,1\n";
        let payouts = "Place,Prize\n1,100.50\n2,50\n";
        let odds = "Team,Odds\nÄpfel,+120\nBirnen,+200\nCitronen,+500\n=1+1,+900\n";
        let files = [("field.csv", FIELD), ("results.csv", results), ("bids.csv", bids), ("rules.csv", rules),
            ("payouts.csv", payouts), ("odds.csv", odds)];
        let inspection = inspected(&files).await;
        assert_eq!(problems(&inspection), []);
        let report = &inspection.report;
        let parts: Vec<SeasonPart> = report.tables.iter().map(|table| table.part).collect();
        assert_eq!(parts[..3], [SeasonPart::Field, SeasonPart::Results, SeasonPart::Bids]);
        assert_eq!(report.tables[0].separator.as_deref(), Some(";"));
        assert_eq!((report.left_out[0].line, report.left_out[0].why.as_str()), (6, "it is a total"));
        let by: Vec<(&str, MatchedBy)> = report.team_matches.iter().map(|one| (one.written.as_str(), one.by)).collect();
        assert_eq!(by, [("ÄPFEL", MatchedBy::Case), ("äpfel", MatchedBy::Id), ("citronen", MatchedBy::Id)]);
        let season = inspection.season.unwrap();
        assert!((season.tournament.teams[2].rating.unwrap().net + 1.25).abs() < 1e-12);
        assert_eq!(season.results[0].winner_team_id, "äpfel");
        let calcutta = season.calcutta.as_ref().unwrap();
        assert_eq!((calcutta.entries[1].name.as_str(), calcutta.entries[1].bids.len()), ("=cmd()", 3));
        assert_eq!((calcutta.payouts[0].amount_cents, calcutta.rules.min_teams), (10_050, 1));
        let Some(GameOutcomeModel::Odds { level: 2, odds }) = inspection.game_outcome_model else { panic!("odds") };
        assert!((odds[0].decimal_odds - 2.2).abs() < 1e-12);
        let kept = fixture.lab.import_season(TENANT, season).await.unwrap();
        assert_eq!((kept.tournament.team_count, kept.calcutta.unwrap().entry_count), (4, 2));
    }

    async fn a_bid_sheet_makes_candidates_and_breaks_rules_by_row(db: TestDb) {
        let fixture = Fixture::idle(db, 1);
        let report = fixture.lab.import_season(TENANT, crate::season::small()).await.unwrap();
        let snapshot_id = report.calcutta.unwrap().snapshot_id;
        let sheet = |text: &str| BidSheet { snapshot_id, file: file("mine.csv", text), decimal: None };
        let wrong = "entry,team,points\nX,A,9\nX,B,2\nY,Q,1\nY,A,11\nZ,C,1\nZ,C,1\n";
        let error = fixture.lab.import_bid_sheet(TENANT, sheet(wrong)).await.unwrap_err();
        let fields: Vec<String> = error.fields().into_iter().map(|wrong| wrong.field).collect();
        assert_eq!(error.code(), "VALIDATION_ERROR");
        assert_eq!(fields, ["mine.csv[4].points", "mine.csv[3].points", "mine.csv[5].points", "mine.csv[5].points", "mine.csv[7].points"]);
        assert_eq!(fixture.count("lab_candidate").await, 0);
        let kept = fixture.lab.import_bid_sheet(TENANT, sheet("team,Anna,Anna\nA,4,\nB,6,10\n")).await.unwrap();
        let names: Vec<(&str, usize)> = kept.candidates.iter().map(|one| (one.display_name.as_str(), one.bids.len())).collect();
        assert_eq!(names, [("Anna", 2), ("Anna (2)", 1)]);
        let one = fixture.lab.import_bid_sheet(TENANT, sheet("team,points\nA,4\n")).await.unwrap();
        assert_eq!(one.candidates[0].display_name, "mine");
    }
}

#[tokio::test]
async fn everything_that_is_wrong_is_told_at_once_by_row_and_column() {
    let field = "team,seed\nA,1\nB,x\nA,3\nD,4\n";
    let bids = "entry,team,points\nAnna,A,70\nAnna,Zed,1.5\nBob,D,60\nBob,D,30\n";
    let found = problems(&inspected(&[("field.csv", field), ("bids.csv", bids)]).await);
    let at: Vec<(u64, &str)> = found.iter().map(|(line, column, _)| (*line, column.as_str())).collect();
    assert!(at.contains(&(3, "seed")) && at.contains(&(4, "team")), "{found:?}");
    for (line, part) in
        [(2, "may be a or a-2"), (3, "no whole number"), (4, "1 to 50 are allowed"), (5, "already on line 4")]
    {
        assert!(
            found.iter().any(|(at, _, message)| *at == line && message.contains(part)),
            "{line} {part}: {found:?}"
        );
    }
}

#[tokio::test]
async fn what_is_open_is_asked_with_the_option_that_answers_it() {
    let files = vec![file("field.csv", "team;rating\nA;1.234\nB;2.345\nC;3.456\nD;4.567\n")];
    let open =
        lab::intake::inspect_season(SeasonFiles { files: files.clone(), ..SeasonFiles::default() }).await;
    let options: Vec<&str> = open.report.questions.iter().map(|asked| asked.option.as_str()).collect();
    assert_eq!((options, open.season), (vec!["decimal", "season"], None));
    let told = SeasonFiles {
        files,
        season: Some(2001),
        decimal: Some(DecimalMark::Comma),
        ..SeasonFiles::default()
    };
    let season = lab::intake::inspect_season(told).await.season.unwrap();
    assert!((season.tournament.teams[0].rating.unwrap().net - 1234.0).abs() < 1e-9);
}

#[tokio::test]
async fn any_tree_is_taken_and_byes_must_be_those_of_the_bracket() {
    let regions = "team,region,seed\nA,N,1\nB,N,2\nC,N,3\nD,N,4a\nE,N,4b\nF,S,1\nG,S,2\n";
    let season = inspected(&[("field.csv", regions)]).await.season.unwrap();
    assert_eq!(season.tournament.games.unwrap().len(), 6);
    let games = "game,round,side 1,side 2\ng1,first,A,B\ng2,last,winner of g1,C\n";
    let given = inspected(&[("field.csv", "team\nA\nB\nC\n"), ("games.csv", games)]).await;
    assert_eq!(given.season.unwrap().tournament.rounds.unwrap(), ["first", "last"]);
    let byes = "team,seed,byes\nA,1,1\nB,2,1\nC,3,0\n";
    let found = problems(&inspected(&[("field.csv", byes)]).await);
    assert!(found.len() == 1 && found[0].0 == 3 && found[0].2.contains("1 bye here and 0"), "{found:?}");
    for teams in [4, 5, 68, 256] {
        let field = (0..teams).fold("team\n".to_owned(), |text, at| format!("{text}T{at}\n"));
        assert!(inspected(&[("field.csv", &field)]).await.season.is_some(), "{teams}");
    }
}

#[tokio::test]
async fn results_are_read_by_game_by_score_and_by_wins() {
    let field = ("field.csv", "team,seed\nA,1\nB,2\nC,3\nD,4\n");
    let expected = [("round_of_4-1", "a"), ("round_of_4-2", "c"), ("final-1", "c")];
    for text in [
        "game,winner\nfinal-1,C\nROUND_OF_4-1,A\nround_of_4-2,c\n",
        "home,away,score1,score2\nD,A,1,2\nB,C,0,3\nA,C,70,71\n",
        "team,wins\nA,1\nC,2\n",
    ] {
        let season = inspected(&[field, ("results.csv", text)]).await.season.unwrap();
        let mut found: Vec<(&str, &str)> =
            season.results.iter().map(|one| (one.game_id.as_str(), one.winner_team_id.as_str())).collect();
        found.sort_by_key(|one| expected.iter().position(|other| other == one));
        assert_eq!(found, expected, "{text}");
    }
    let level = problems(&inspected(&[field, ("results.csv", "team1,team2,score1,score2\nA,D,1,1\n")]).await);
    assert_eq!((level[0].0, level[0].1.as_str()), (2, "score2"));
}

#[tokio::test]
async fn rules_and_bids_stand_in_rows_or_in_columns() {
    let field = ("field.csv", "team,seed\nA,1\nB,2\nC,3\n");
    let bids = ("bids.csv", "entry,A,B,Total\nAnna,4,,4\nAnna,,6,6\n");
    for rules in
        ["budget,min teams,max bid\n10,1,9\n", "rule,value\nBudget points,10\nmin_teams,1\nmaxbid,9\n"]
    {
        let season = inspected(&[field, bids, ("rules.csv", rules)]).await.season.unwrap();
        let calcutta = season.calcutta.unwrap();
        assert_eq!(
            (calcutta.rules.budget_points, calcutta.rules.min_teams, calcutta.rules.max_bid),
            (10, 1, 9)
        );
        // Two of one name are two, each with its own row.
        let points: Vec<u32> = calcutta.entries.iter().map(|entry| entry.bids[0].bid_points).collect();
        assert_eq!(points, [4, 6]);
    }
    let wrong = problems(&inspected(&[field, ("rules.csv", "rule,value\ncolour,3\n")]).await);
    assert!(wrong[0].2.contains("`colour` is no rule"), "{wrong:?}");
}

#[tokio::test]
async fn a_season_as_json_goes_the_same_way_and_says_where_it_is_wrong() {
    let text = serde_json::to_string(&crate::season::small()).unwrap();
    assert!(inspected(&[("season.json", &text)]).await.season.is_some());
    let wrong = problems(
        &inspected(&[("season.json", &text.replace("\"winner_team_id\":\"a\"", "\"winner_team_id\":\"z\""))])
            .await,
    );
    assert!(!wrong.is_empty());
    let broken = problems(&inspected(&[("season.json", "{\n\"tournament\": 5}")]).await);
    assert_eq!(broken[0].0, 2);
}
