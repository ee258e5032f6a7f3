use std::collections::BTreeMap;

use chrono::Days;
use proptest::prelude::*;

use super::*;
use crate::features::FeatureSet;
use crate::testing::days;
use series::{Known, Outcomes, Promotions, Signals};
use wire::Moment;

/// Temperature, precipitation and an index of a day.
type Weather = (Option<i8>, Option<i8>, Option<i8>);

/// Values, dates and facts of a history and of the steps after it.
#[derive(Debug, Clone)]
struct World {
    values: Vec<f64>,
    known: Known,
}

impl World {
    /// `value = position`, nothing promoted, nothing recorded.
    fn sequential(rows: usize) -> Self {
        let values = (0..rows).map(|row| row as f64).collect();
        let known = Known::new(&vec![Some(1.0); rows], vec![false; rows], vec![false; rows], None);
        Self { values, known }
    }

    fn dates(&self) -> Vec<Moment> {
        days(self.values.len())
    }

    fn historical(&self, groups: &Groups, origin: usize) -> Vec<Vec<f64>> {
        let dates = self.dates();
        let history = History {
            values: &self.values[..origin],
            dates: &dates[..origin],
            known: Some(self.known.past(0..origin)),
        };
        rows(&FeatureSet::V2(groups.clone()).learn(&history).0)
    }

    /// The rows after `origin`.
    fn future(&self, groups: &Groups, origin: usize) -> Vec<Vec<f64>> {
        let dates = self.dates();
        let history = History {
            values: &self.values[..origin],
            dates: &dates[..origin],
            known: Some(self.known.past(0..origin)),
        };
        let tail = FeatureSet::V2(groups.clone()).learn(&history).1;
        let ahead = origin..dates.len();
        let future = Future { dates: &dates[ahead.clone()], known: Some(self.known.rows(ahead)) };
        rows(&tail.future(&future))
    }
}

fn rows(matrix: &Matrix) -> Vec<Vec<f64>> {
    matrix.rows().map(<[f64]>::to_vec).collect()
}

fn bits(rows: &[Vec<f64>]) -> Vec<Vec<u64>> {
    rows.iter().map(|row| row.iter().map(|cell| cell.to_bits()).collect()).collect()
}

fn names(groups: &Groups) -> Vec<&'static str> {
    groups.columns().into_iter().map(|column| column.name).collect()
}

/// The cell of a column.
#[track_caller]
fn cell(groups: &Groups, row: &[f64], column: &str) -> f64 {
    row[names(groups).iter().position(|&name| name == column).expect("the column is in the set")]
}

/// Expects these cells; `NaN` is missing.
#[track_caller]
fn check(row: &[f64], expected: &[(&str, f64)]) {
    let all = Groups::all();
    for &(column, expected) in expected {
        let found = cell(&all, row, column);
        let is_equal = (found.is_nan() && expected.is_nan()) || (found - expected).abs() < 1e-9;
        assert!(is_equal, "{column} is {found}, not {expected}");
    }
}

const NAN: f64 = f64::NAN;

#[test]
fn the_columns_of_all_groups_have_one_order() {
    let expected = "lag_1 lag_7 lag_14 lag_28 lag_56 lag_364 same_dow_mean_4 same_dow_mean_8 \
        dow_sin dow_cos month_sin month_cos is_weekend is_month_end week_of_year_sin week_of_year_cos \
        day_of_month_sin day_of_month_cos is_holiday \
        rolling_mean_7 rolling_mean_28 rolling_mean_90 rolling_median_28 rolling_std_28 \
        trend_30 trend_90 rolling_mean_7_vs_28 rolling_mean_28_vs_prev_28 \
        price_factor promo_active promo_discount_pct promo_kind_markdown_active promo_kind_bundle_active \
        is_stockout_lag1 stockout_days_7 stockout_days_28 inventory_available_ratio_28 \
        days_since_launch is_new_product is_mature_product is_discontinued days_until_discontinue \
        days_since_last_replenishment replenishment_count_14 replenishment_qty_28 \
        returns_qty_7 returns_qty_28 returns_rate_28 \
        exo_weather_temp_c exo_weather_precip_mm exo_macro_index";
    let all = names(&Groups::all());
    assert_eq!(all.join(" "), expected.split_whitespace().collect::<Vec<_>>().join(" "));
    assert_eq!((all.len(), names(&Groups::default()).len()), (51, 38));
    assert_eq!(FeatureSet::V1.columns().len(), 14);
    let is_default = |name: &&str| names(&Groups::default()).contains(name);
    let kept: Vec<_> = all.into_iter().filter(|name| is_default(name)).collect();
    assert_eq!(kept, names(&Groups::default()));
}

#[test]
fn a_group_that_is_off_has_no_columns_and_the_order_of_names_does_not_matter() {
    let parse = |names: &[&str]| Groups::parse(names).unwrap();
    assert_eq!(
        names(&parse(&["exogenous_macro", "trend"])),
        [&cells::TREND[..], &["exo_macro_index"]].concat()
    );
    assert_eq!(parse(&["trend", "calendar", "trend"]), parse(&["calendar", "trend"]));
    let world = World::sequential(10);
    assert!(world.historical(&parse(&["returns"]), 10).iter().all(|row| row.len() == 3));
    assert!(Groups::parse(&["weather"]).unwrap_err().contains("exogenous_weather"));
    assert!(Groups::parse(&[] as &[&str]).is_err());
}

#[test]
fn group_names_are_those_of_the_wire() {
    for group in Group::ALL {
        assert_eq!(serde_json::to_value(group).unwrap(), group.as_str());
    }
}

#[test]
fn a_historical_row_of_positions_holds_earlier_positions_alone() {
    let world = World::sequential(500);
    let all = Groups::all();
    for (row, cells) in world.historical(&all, 500).iter().enumerate() {
        let earlier = |back: usize| row.checked_sub(back).map_or(NAN, |at| at as f64);
        // The mean of positions row−a … row−b is in their middle.
        let middle = |from: usize, to: usize| earlier(from) + (from - to) as f64 / 2.0;
        check(
            cells,
            &[
                ("lag_1", earlier(1)),
                ("lag_56", earlier(56)),
                ("lag_364", earlier(364)),
                ("same_dow_mean_4", middle(28, 7)),
                ("same_dow_mean_8", middle(56, 7)),
                ("rolling_mean_7", middle(7, 1)),
                ("rolling_mean_90", middle(90, 1)),
                ("rolling_median_28", middle(28, 1)),
                ("rolling_mean_28_vs_prev_28", middle(28, 1) / middle(56, 29)),
                ("trend_90", if row < 90 { NAN } else { 1.0 }),
            ],
        );
    }
}

#[test]
fn a_future_row_reads_lags_before_the_origin_and_windows_at_the_first_step_alone() {
    let world = World::sequential(500);
    let (origin, all) = (430, Groups::all());
    for (at, cells) in world.future(&all, origin).iter().enumerate() {
        let row = origin + at;
        let lag = |lag: usize| if lag > at { (row - lag) as f64 } else { NAN };
        let once = |value: f64| if at == 0 { value } else { NAN };
        // The last row of the weekday before the origin stands still as the steps go on.
        let latest = (0..origin).rev().find(|past| (row - past) % 7 == 0).unwrap() as f64;
        check(
            cells,
            &[
                ("lag_1", lag(1)),
                ("lag_28", lag(28)),
                ("lag_364", lag(364)),
                ("same_dow_mean_4", latest - 10.5),
                ("same_dow_mean_8", latest - 24.5),
                ("rolling_mean_7", once(426.0)),
                ("trend_30", once(1.0)),
                ("rolling_mean_28_vs_prev_28", once(415.5 / 387.5)),
            ],
        );
    }
}

#[test]
fn windows_have_the_statistics_of_their_values() {
    // 1, 2, 3, 4 repeating: in 28 values each seven times, so the mean and the median are 2.5, and the sample variance
    // is 28 · 1.25 / 27. The last seven are 2 3 4 1 2 3 4.
    let mut world = World::sequential(60);
    world.values = (0..60).map(|row| f64::from(row % 4 + 1)).collect();
    let rows = world.historical(&Groups::all(), 60);
    check(
        &rows[56],
        &[
            ("rolling_mean_7", 19.0 / 7.0),
            ("rolling_mean_28", 2.5),
            ("rolling_mean_90", NAN),
            ("rolling_median_28", 2.5),
            ("rolling_std_28", (35.0_f64 / 27.0).sqrt()),
            ("rolling_mean_7_vs_28", 19.0 / 17.5),
            ("rolling_mean_28_vs_prev_28", 1.0),
        ],
    );
    check(&rows[55], &[("rolling_mean_28_vs_prev_28", NAN), ("same_dow_mean_8", NAN)]);
    check(&rows[27], &[("rolling_mean_28", NAN), ("rolling_std_28", NAN), ("rolling_mean_7_vs_28", NAN)]);
}

#[test]
fn a_window_skips_missing_values_and_a_ratio_to_nothing_is_missing() {
    let mut world = World::sequential(60);
    world.values[19..27].fill(NAN);
    world.values[26] = 5.0;
    let rows = world.historical(&Groups::all(), 60);
    check(&rows[27], &[("rolling_mean_7", 5.0), ("lag_1", 5.0), ("lag_7", NAN)]);
    check(&rows[26], &[("rolling_mean_7", NAN)]);
    // A straight line with a hole keeps its slope.
    world.values[26] = NAN;
    check(&world.historical(&Groups::all(), 60)[45], &[("trend_30", 1.0)]);
    world.values.fill(0.0);
    let rows = world.historical(&Groups::all(), 60);
    check(
        &rows[59],
        &[("rolling_mean_7_vs_28", NAN), ("rolling_mean_28_vs_prev_28", NAN), ("trend_30", 0.0)],
    );
    world.values.fill(f64::MAX);
    check(&world.historical(&Groups::all(), 60)[59], &[("rolling_mean_28", NAN), ("lag_1", f64::MAX)]);
}

#[test]
fn the_calendar_follows_the_date() {
    let mut world = World::sequential(366);
    world.known.is_holiday[180] = true;
    let rows = world.historical(&Groups::all(), 366);
    // 2024-06-29 is a Saturday in ISO week 26; 2024-12-31 is in week 1 of 2025.
    let angle = |part: f64, whole: f64| std::f64::consts::TAU * part / whole;
    check(
        &rows[180],
        &[
            ("dow_sin", angle(5.0, 7.0).sin()),
            ("is_weekend", 1.0),
            ("is_month_end", 0.0),
            ("week_of_year_sin", angle(26.0, 53.0).sin()),
            ("day_of_month_cos", angle(29.0, 31.0).cos()),
            ("is_holiday", 1.0),
        ],
    );
    check(
        &rows[365],
        &[("week_of_year_cos", angle(1.0, 53.0).cos()), ("is_month_end", 1.0), ("is_holiday", 0.0)],
    );
}

#[test]
fn a_life_has_a_beginning_a_middle_and_an_end() {
    let mut world = World::sequential(300);
    let dates = world.dates();
    world.known.launch_date = Some(dates[10].date());
    world.known.discontinue_date = Some(dates[200].date());
    let rows = world.historical(&Groups::all(), 300);
    let at = |row: usize, [age, is_new, is_mature, is_over, left]: [f64; 5]| {
        check(
            &rows[row],
            &[
                ("days_since_launch", age),
                ("is_new_product", is_new),
                ("is_mature_product", is_mature),
                ("is_discontinued", is_over),
                ("days_until_discontinue", left),
            ],
        );
    };
    at(9, [-1.0, 0.0, 0.0, 0.0, 191.0]);
    at(10, [0.0, 1.0, 0.0, 0.0, 190.0]);
    at(39, [29.0, 1.0, 0.0, 0.0, 161.0]);
    at(40, [30.0, 0.0, 0.0, 0.0, 160.0]);
    at(190, [180.0, 0.0, 1.0, 0.0, 10.0]);
    at(200, [190.0, 0.0, 1.0, 1.0, 0.0]);
    let undated = World::sequential(5).historical(&Groups::all(), 5);
    check(&undated[4], &[("days_since_launch", NAN), ("is_new_product", NAN), ("is_mature_product", NAN)]);
    check(&undated[4], &[("is_discontinued", 0.0), ("days_until_discontinue", NAN)]);
}

#[test]
fn prices_promotions_and_signals_are_those_of_the_day_or_missing() {
    let mut world = World::sequential(8);
    world.known.price_factor[6] = 0.75;
    world.known.promo_active[6] = true;
    let plain = [("promo_discount_pct", NAN), ("promo_kind_markdown_active", NAN), ("exo_macro_index", NAN)];
    check(&world.historical(&Groups::all(), 8)[6], &plain);
    let mut offer =
        Promotions { discount: vec![0.0; 8], is_markdown: vec![false; 8], is_bundle: vec![false; 8] };
    (offer.discount[6], offer.is_bundle[6]) = (0.25, true);
    world.known.promotions = Some(offer);
    world.known.signals = Some(Signals {
        temperature_c: vec![Some(-3.5); 8],
        precipitation_mm: vec![None; 8],
        macro_index: vec![Some(101.0); 8],
    });
    let expected = [
        ("price_factor", 0.75),
        ("promo_active", 1.0),
        ("promo_discount_pct", 0.25),
        ("promo_kind_markdown_active", 0.0),
        ("promo_kind_bundle_active", 1.0),
        ("exo_weather_temp_c", -3.5),
        ("exo_weather_precip_mm", NAN),
        ("exo_macro_index", 101.0),
    ];
    check(&world.historical(&Groups::all(), 8)[6], &expected);
    check(&world.future(&Groups::all(), 5)[1], &expected);
}

#[test]
fn without_a_plan_prices_promotions_and_signals_are_missing() {
    let (values, dates) = (vec![1.0; 9], days(12));
    let history = History { values: &values, dates: &dates[..9], known: None };
    let (learned, tail) = FeatureSet::V2(Groups::all()).learn(&history);
    let ahead = tail.future(&Future { dates: &dates[9..], known: None });
    for row in learned.rows().chain(ahead.rows()) {
        for column in Group::PricePromo.columns().iter().chain(Group::ExogenousWeather.columns()) {
            check(row, &[(column, NAN)]);
        }
        check(row, &[("is_holiday", 0.0), ("is_discontinued", 0.0)]);
    }
}

/// Thirty days: stock 10 but for an empty shelf on day 20 and nobody counting on day 21; deliveries on days 5 and 18
/// (two); one unit returned every day of the last ten.
fn recorded(rows: usize) -> World {
    let mut world = World::sequential(rows);
    world.values.fill(2.0);
    let mut outcomes = Outcomes {
        on_hand_units: vec![Some(10.0); rows],
        is_stockout: vec![false; rows],
        deliveries: vec![0; rows],
        received_units: vec![0.0; rows],
        returned_units: vec![0.0; rows],
    };
    (outcomes.on_hand_units[20], outcomes.is_stockout[20], outcomes.on_hand_units[21]) =
        (Some(0.0), true, None);
    (outcomes.deliveries[5], outcomes.received_units[5]) = (1, 40.0);
    (outcomes.deliveries[18], outcomes.received_units[18]) = (2, 70.0);
    outcomes.returned_units[20..30].fill(1.0);
    world.known.outcomes = Some(outcomes);
    world
}

#[test]
fn stock_deliveries_and_returns_are_those_of_earlier_days() {
    let world = recorded(40);
    let rows = world.historical(&Groups::all(), 30);
    check(
        &rows[0],
        &[("is_stockout_lag1", NAN), ("replenishment_count_14", 0.0), ("replenishment_qty_28", 0.0)],
    );
    check(&rows[20], &[("is_stockout_lag1", 0.0), ("stockout_days_7", 0.0), ("stockout_days_28", NAN)]);
    check(&rows[21], &[("is_stockout_lag1", 1.0), ("stockout_days_7", 1.0), ("returns_qty_7", 1.0)]);
    check(&rows[22], &[("is_stockout_lag1", NAN), ("stockout_days_7", 1.0)]);
    check(&rows[28], &[("stockout_days_7", 0.0), ("stockout_days_28", 1.0)]);
    // 27 of the 28 days before were counted: 26 of them 10, one 0.
    check(&rows[28], &[("inventory_available_ratio_28", 260.0 / 27.0 / 10.0)]);
    check(
        &rows[27],
        &[("inventory_available_ratio_28", NAN), ("returns_qty_28", NAN), ("returns_rate_28", NAN)],
    );
    check(&rows[28], &[("returns_qty_7", 7.0), ("returns_qty_28", 8.0), ("returns_rate_28", 8.0 / 56.0)]);
    check(&rows[5], &[("days_since_last_replenishment", NAN), ("replenishment_count_14", 0.0)]);
    check(&rows[6], &[("days_since_last_replenishment", 1.0), ("replenishment_qty_28", 40.0)]);
    check(&rows[19], &[("replenishment_count_14", 3.0), ("replenishment_qty_28", 110.0)]);
    check(&rows[20], &[("days_since_last_replenishment", 2.0), ("replenishment_count_14", 2.0)]);

    let ahead = world.future(&Groups::all(), 30);
    check(&ahead[0], &[("is_stockout_lag1", 0.0), ("stockout_days_28", 1.0), ("returns_qty_7", 7.0)]);
    check(&ahead[0], &[("replenishment_count_14", 2.0), ("replenishment_qty_28", 110.0)]);
    check(&ahead[1], &[("is_stockout_lag1", NAN), ("stockout_days_28", NAN), ("returns_qty_7", NAN)]);
    check(
        &ahead[1],
        &[("replenishment_count_14", NAN), ("replenishment_qty_28", NAN), ("returns_rate_28", NAN)],
    );
    // What was known at the origin goes on being the last delivery that is known.
    check(&ahead[9], &[("days_since_last_replenishment", 21.0)]);
}

#[test]
fn nothing_recorded_is_missing_and_nothing_sold_returns_nothing() {
    let rows = World::sequential(40).historical(&Groups::all(), 40);
    for group in [Group::Inventory, Group::Replenishment, Group::Returns] {
        group.columns().iter().for_each(|column| check(&rows[39], &[(column, NAN)]));
    }
    let mut world = recorded(40);
    world.values.fill(0.0);
    check(&world.historical(&Groups::all(), 40)[39], &[("returns_rate_28", 0.0)]);
}

#[test]
fn a_row_of_history_is_the_first_step_after_the_rows_before_it() {
    let world = recorded(450);
    let all = Groups::all();
    let historical = world.historical(&all, 450);
    for origin in [1, 28, 30, 91, 401, 430] {
        assert_eq!(bits(&world.future(&all, origin)[..1]), bits(&historical[origin..=origin]), "{origin}");
    }
}

#[test]
fn facts_stored_before_set_2_are_read_and_written_as_they_were() {
    let old = r#"{"price_factor":[1.0],"promo_active":[true],"is_holiday":[false],"launch_date":null}"#;
    let known: Known = serde_json::from_str(old).unwrap();
    assert_eq!(serde_json::to_string(&known).unwrap(), old);
    assert!(known.outcomes.is_none() && known.rows(0..1).promotions.is_none());
    let new = recorded(30).known;
    assert_eq!(serde_json::from_str::<Known>(&serde_json::to_string(&new).unwrap()).unwrap(), new);
}

fn value() -> impl Strategy<Value = f64> {
    prop_oneof![6 => (0_u32..40).prop_map(f64::from), 1 => Just(NAN), 1 => -1e300..1e300_f64]
}

prop_compose! {
    fn any_world(rows: usize)(
        values in prop::collection::vec(value(), rows),
        prices in prop::collection::vec(0.5..1.5_f64, rows),
        flags in prop::collection::vec(any::<(bool, bool, bool, bool)>(), rows),
        units in prop::collection::vec((prop::option::of(0_u32..9), 0_u32..3, 0_u32..9, 0_u32..4), rows),
        signals in prop::collection::vec(any::<(Option<i8>, Option<i8>, Option<i8>)>(), rows),
    ) -> World {
        let signal = |of: fn(&Weather) -> Option<i8>| {
            signals.iter().map(|day| of(day).map(f64::from)).collect()
        };
        let launch = days(1)[0].date().checked_sub_days(Days::new(20));
        let known = Known {
            price_factor: prices,
            promo_active: flags.iter().map(|day| day.0).collect(),
            is_holiday: flags.iter().map(|day| day.1).collect(),
            holidays: None,
            launch_date: launch,
            discontinue_date: launch.and_then(|launch| launch.checked_add_days(Days::new(100))),
            days: BTreeMap::new(),
            promotions: Some(Promotions {
                discount: units.iter().map(|day| f64::from(day.3) / 4.0).collect(),
                is_markdown: flags.iter().map(|day| day.2).collect(),
                is_bundle: flags.iter().map(|day| day.3).collect(),
            }),
            signals: Some(Signals {
                temperature_c: signal(|day| day.0),
                precipitation_mm: signal(|day| day.1),
                macro_index: signal(|day| day.2),
            }),
            outcomes: Some(Outcomes {
                on_hand_units: units.iter().map(|day| day.0.map(f64::from)).collect(),
                is_stockout: units.iter().map(|day| day.0 == Some(0)).collect(),
                deliveries: units.iter().map(|day| day.1).collect(),
                received_units: units.iter().map(|day| f64::from(day.2)).collect(),
                returned_units: units.iter().map(|day| f64::from(day.3)).collect(),
            }),
        };
        World { values, known }
    }
}

/// `of` before `row`, `other` from there on.
fn grafted<T: Clone>(of: &[T], other: &[T], row: usize) -> Vec<T> {
    [&of[..row], &other[row..]].concat()
}

impl World {
    /// This world until `row`; from there on another's values and outcomes, but still this one's plan.
    fn with_outcomes_of(&self, other: &Self, row: usize) -> Self {
        let mut grown = self.clone();
        grown.values = grafted(&self.values, &other.values, row);
        let (own, others) = (self.known.outcomes.as_ref().unwrap(), other.known.outcomes.as_ref().unwrap());
        grown.known.outcomes = Some(Outcomes {
            on_hand_units: grafted(&own.on_hand_units, &others.on_hand_units, row),
            is_stockout: grafted(&own.is_stockout, &others.is_stockout, row),
            deliveries: grafted(&own.deliveries, &others.deliveries, row),
            received_units: grafted(&own.received_units, &others.received_units, row),
            returned_units: grafted(&own.returned_units, &others.returned_units, row),
        });
        grown
    }

    /// This world with another's plan, of all days.
    fn with_plan_of(&self, other: &Self) -> Self {
        let outcomes = self.known.outcomes.clone();
        let known = Known { outcomes, is_holiday: self.known.is_holiday.clone(), ..other.known.clone() };
        Self { values: self.values.clone(), known }
    }
}

const ROWS: usize = 140;

/// The classes of the columns in which two tables differ.
fn changed(one: &[Vec<f64>], two: &[Vec<f64>]) -> Vec<Safety> {
    let columns = Groups::all().columns();
    let differs =
        |column: usize| one.iter().zip(two).any(|(a, b)| a[column].to_bits() != b[column].to_bits());
    columns.iter().enumerate().filter(|(at, _)| differs(*at)).map(|(_, column)| column.safety).collect()
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(24))]

    #[test]
    fn what_happens_at_or_after_a_row_changes_no_row_up_to_it(
        world in any_world(ROWS), other in any_world(ROWS), row in 0..ROWS,
    ) {
        let all = Groups::all();
        let (before, after) = (world.historical(&all, ROWS), world.with_outcomes_of(&other, row).historical(&all, ROWS));
        prop_assert_eq!(bits(&before[..=row]), bits(&after[..=row]));
    }

    #[test]
    fn only_a_plan_reaches_beyond_the_origin(
        world in any_world(ROWS), other in any_world(ROWS), origin in 1..ROWS,
    ) {
        let all = Groups::all();
        let changed_outcomes = world.with_outcomes_of(&other, origin).future(&all, origin);
        prop_assert_eq!(bits(&world.future(&all, origin)), bits(&changed_outcomes));
    }

    #[test]
    fn a_safety_class_says_what_its_columns_read(world in any_world(ROWS), other in any_world(ROWS)) {
        let all = Groups::all();
        let table = world.historical(&all, ROWS);
        let other_past = changed(&table, &world.with_outcomes_of(&other, 0).historical(&all, ROWS));
        prop_assert!(other_past.iter().all(|&class| class == Safety::ConditionallySafe), "{:?}", other_past);
        let other_plan = changed(&table, &world.with_plan_of(&other).historical(&all, ROWS));
        prop_assert!(other_plan.iter().all(|&class| class == Safety::UnsafeUnlessSupplied), "{:?}", other_plan);
    }

    #[test]
    fn no_cell_is_infinite(world in any_world(ROWS)) {
        for row in world.historical(&Groups::all(), ROWS) {
            prop_assert!(row.iter().all(|cell| !cell.is_infinite()));
        }
    }
}
