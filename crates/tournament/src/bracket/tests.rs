use super::*;

fn team(id: &str) -> SideSpec {
    SideSpec::Team(id.to_owned())
}

fn winner(id: &str) -> SideSpec {
    SideSpec::WinnerOf(id.to_owned())
}

fn game(id: &str, round: usize, sides: [SideSpec; 2]) -> GameSpec {
    GameSpec { id: id.to_owned(), round, sides }
}

fn names(names: &[&str]) -> Vec<String> {
    names.iter().map(ToString::to_string).collect()
}

/// Three teams; `c` has a bye.
fn three() -> Vec<GameSpec> {
    vec![game("final", 1, [winner("semi"), team("c")]), game("semi", 0, [team("a"), team("b")])]
}

#[test]
fn a_team_that_enters_late_has_byes_as_nodes() {
    let bracket = Bracket::build(names(&["a", "b", "c"]), names(&["semi", "final"]), three()).unwrap();
    assert_eq!(bracket.games()[0].id, "semi");
    assert_eq!(bracket.slots().iter().filter(|slot| matches!(slot, Slot::Bye(_))).count(), 1);
    assert_eq!(bracket.first_byes(), [0, 0, 1]);
    assert_eq!(bracket.reachable(bracket.root()), [0, 1, 2]);
    assert_eq!(bracket.levels(), 2);
    let again = Bracket::build(names(&["a", "b", "c"]), names(&["semi", "final"]), bracket.specs()).unwrap();
    assert_eq!(again, bracket);
}

#[test]
fn what_is_no_tree_is_refused_by_name() {
    let build =
        |teams: &[&str], games| Bracket::build(names(teams), names(&["semi", "final"]), games).unwrap_err();
    let check = |error: BracketError, code: &str, says: &str| {
        assert_eq!(kernel::Fault::code(&error), code);
        assert!(error.to_string().contains(says), "{error}");
    };
    check(build(&["a"], vec![]), "BRACKET_TEAM_COUNT", "2 to 256");
    check(build(&["a", "a"], vec![]), "BRACKET_TEAM_REPEATED", "`a`");
    check(build(&["a", "b", "c", "d"], three()), "BRACKET_TEAM_WITHOUT_GAME", "`d`");
    let twice = vec![game("x", 0, [team("a"), team("b")]), game("x", 1, [team("a"), team("b")])];
    check(build(&["a", "b"], twice), "BRACKET_GAME_REPEATED", "`x`");
    let both = vec![game("x", 0, [team("a"), team("b")]), game("y", 1, [team("a"), winner("x")])];
    check(build(&["a", "b"], both), "BRACKET_ENTERS_TWICE", "`a`");
    let itself = vec![game("x", 0, [team("a"), winner("x")])];
    check(build(&["a", "b"], itself), "BRACKET_ROUND_ORDER", "earlier");
    let two = vec![game("x", 0, [team("a"), team("b")]), game("y", 0, [team("c"), team("d")])];
    check(build(&["a", "b", "c", "d"], two), "BRACKET_FINALS", "x, y");
    check(build(&["a", "b"], vec![game("x", 2, [team("a"), team("b")])]), "BRACKET_UNKNOWN_ROUND", "`x`");
    check(build(&["a", "b"], vec![game("x", 0, [team("a"), team("z")])]), "BRACKET_UNKNOWN_TEAM", "`z`");
    check(build(&["a", "b"], vec![game("x", 1, [team("a"), winner("z")])]), "BRACKET_UNKNOWN_GAME", "`z`");
}

/// Four regions of sixteen seeds, with these extra teams.
fn field(extra: &[(&str, u32)]) -> Vec<RegionalTeam> {
    let regions = ["East", "West", "South", "Midwest"];
    let places = regions.iter().flat_map(|region| (1..=16).map(|seed| (*region, seed)));
    let places = places.chain(extra.iter().copied()).enumerate();
    places
        .map(|(at, (region, seed))| RegionalTeam { id: format!("t{at}"), region: region.to_owned(), seed })
        .collect()
}

#[test]
fn a_regional_field_of_68_has_67_games_named_as_in_the_contract() {
    let teams = field(&[("East", 16), ("West", 16), ("South", 11), ("Midwest", 12)]);
    let bracket = regional(&teams, &FinalFour::default()).unwrap();
    let by_round = |round| bracket.games().iter().filter(|game| game.round == round).count();
    assert_eq!((0..7).map(by_round).collect::<Vec<_>>(), [4, 32, 16, 8, 4, 2, 1]);
    assert_eq!(bracket.first_byes().iter().filter(|byes| **byes == 1).count(), 60);
    let spec = |id: &str| bracket.specs()[bracket.game(id).unwrap()].sides.clone();
    assert_eq!(spec("East-round_of_64-1"), [team("t0"), winner("East-first_four-16")]);
    assert_eq!(spec("East-round_of_32-1"), [winner("East-round_of_64-1"), winner("East-round_of_64-8")]);
    assert_eq!(spec("West-sweet_16-2"), [winner("West-round_of_32-2"), winner("West-round_of_32-3")]);
    assert_eq!(spec("final_four-2"), [winner("South-elite_8-1"), winner("Midwest-elite_8-1")]);
    assert_eq!(bracket.games()[bracket.last_game()].id, "championship");
}

#[test]
fn a_regional_field_with_a_hole_or_a_third_team_on_a_seed_is_refused() {
    let mut hole = field(&[]);
    hole[5].seed = 7;
    let error = regional(&hole, &FinalFour::default()).unwrap_err();
    assert_eq!(
        error.to_string(),
        "region `East` has seed 6 not at all; a seed stands once, or twice with a play-in game"
    );
    let third = field(&[("West", 3), ("West", 3)]);
    assert!(regional(&third, &FinalFour::default()).unwrap_err().to_string().contains("seed 3 3 times"));
    let zero = field(&[("West", 0)]);
    assert!(regional(&zero, &FinalFour::default()).unwrap_err().to_string().contains("seed 0"));
    let mut lost = field(&[]);
    lost[0].region = "North".to_owned();
    assert!(matches!(regional(&lost, &FinalFour::default()), Err(BracketError::Regions { .. })));
}

proptest::proptest! {
    #[test]
    fn any_number_of_teams_makes_a_tree_in_which_the_best_meet_last(n in 2_usize..=256) {
        let teams: Vec<String> = (0..n).map(|at| format!("t{at}")).collect();
        let bracket = seeded(teams).unwrap();
        proptest::prop_assert_eq!(bracket.games().len(), n - 1);
        let mut reached = bracket.reachable(bracket.root()).to_vec();
        reached.sort_unstable();
        proptest::prop_assert_eq!(reached, (0..n).collect::<Vec<_>>());
        let byes = bracket.first_byes().iter().filter(|byes| **byes > 0).count();
        proptest::prop_assert_eq!(byes, n.next_power_of_two() - n);
        if n > 2 {
            let halves = bracket.games()[bracket.last_game()].sides.map(|side| bracket.reachable(side));
            proptest::prop_assert!(halves[0].contains(&0) && halves[1].contains(&1));
        }
    }
}
