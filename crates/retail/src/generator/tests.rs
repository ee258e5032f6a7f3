use std::collections::BTreeSet;

use chrono::{Days, NaiveDate};
use kernel::{Digest, Seed};
use proptest::prelude::*;

use super::config::{
    Assortment, Bundles, Channels, Dimensions, Lifecycle, MacroIndex, MarkdownTrigger, Markdowns,
    Replenishment, Returns, Substitution, Weather, Yearly,
};
use super::*;
use crate::seeder::Preset;
use crate::window::Window;

fn first_day() -> NaiveDate {
    NaiveDate::from_ymd_opt(2024, 1, 1).unwrap()
}

fn config(stores: usize, products: usize, days: u64) -> Config {
    let window = Window::new(first_day(), first_day() + Days::new(days - 1)).unwrap();
    Config { dimensions: Dimensions { stores, products }, ..Config::new(window) }
}

fn any_assortment() -> impl Strategy<Value = Assortment> {
    prop_oneof![
        Just(Assortment::Established),
        (1_u32..60).prop_map(|ramp_days| Assortment::Launching { ramp_days }),
        (0_u32..40, 0.0..1.0_f64).prop_map(|(days, discontinue_probability)| Assortment::Cycle(Lifecycle {
            intro_days: days,
            growth_days: days,
            maturity_days: days,
            discontinue_probability,
            ..Lifecycle::default()
        })),
    ]
}

fn any_markdowns() -> impl Strategy<Value = Option<Markdowns>> {
    let trigger = prop_oneof![Just(MarkdownTrigger::StockoutRisk), Just(MarkdownTrigger::LifecycleDecline)];
    let markdowns = (trigger, 1_usize..20).prop_map(|(trigger, duration_days)| Markdowns {
        trigger,
        duration_days,
        ..Markdowns::default()
    });
    proptest::option::of(markdowns)
}

prop_compose! {
    fn any_config()(
        (stores, products, days) in (1_usize..4, 1_usize..7, 1_u64..150),
        (promotion_probability, stockout_probability) in (0.0..1.0_f64, 0.0..0.5_f64),
        (missing_combinations, gaps_per_series) in (0.0..1.0_f64, 0_usize..4),
        assortment in any_assortment(),
        markdowns in any_markdowns(),
        features in proptest::bits::u8::ANY,
    ) -> Config {
        let has = |bit: u8| features & (1 << bit) != 0;
        let mut config = config(stores, products, days);
        config.retail.promotion_probability = promotion_probability;
        config.retail.stockout_probability = stockout_probability;
        config.sparsity.missing_combinations = missing_combinations;
        config.sparsity.gaps_per_series = gaps_per_series;
        config.assortment = assortment;
        config.markdowns = markdowns;
        config.weather = has(0).then(Weather::default);
        config.macro_index = has(1).then(MacroIndex::default);
        config.yearly = has(2).then(Yearly::default);
        config.returns = has(3).then(|| Returns { probability: 0.3, ..Returns::default() });
        config.substitution = has(4).then(Substitution::default);
        config.channels = has(5).then(Channels::default);
        config.bundles = has(6).then(Bundles::default);
        config.replenishment = has(7).then(Replenishment::default);
        config
    }
}

/// The price windows and promotions of the chain and of every store.
fn windows(world: &World, facts: &[StoreFacts]) -> (Vec<PriceWindow>, Vec<Promotion>) {
    let prices = world.prices().chain(facts.iter().flat_map(|facts| &facts.prices)).copied().collect();
    let promotions =
        world.promotions().chain(facts.iter().flat_map(|facts| &facts.promotions)).cloned().collect();
    (prices, promotions)
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 96, ..ProptestConfig::default() })]

    #[test]
    fn the_rows_of_every_world_keep_the_rules(seed: u64, config in any_config()) {
        let world = World::new(Seed(seed), config);
        let facts: Vec<StoreFacts> = (0..world.stores.len()).map(|store| world.facts(store)).collect();
        let (prices, promotions) = windows(&world, &facts);
        for (store, facts) in facts.iter().enumerate() {
            let on_sale = |product: usize, day| world.products[product].on_sale(world.config.window).contains(&day);
            let grain: BTreeSet<_> = facts.sales.iter().map(|sale| (sale.product, sale.day)).collect();
            prop_assert_eq!(grain.len(), facts.sales.len());
            let stocked: BTreeSet<_> = facts.stock.iter().map(|stock| (stock.product, stock.day)).collect();
            prop_assert_eq!(stocked.len(), facts.stock.len());
            for stock in &facts.stock {
                prop_assert!(stock.on_hand >= 0 && stock.on_order >= 0 && on_sale(stock.product, stock.day));
                prop_assert!(!stock.is_stockout || stock.on_hand == 0);
                prop_assert!(!stock.is_stockout || !grain.contains(&(stock.product, stock.day)));
            }
            for sale in &facts.sales {
                prop_assert!(sale.quantity >= 0 && sale.unit_price_cents >= 0);
                prop_assert_eq!(sale.total_amount_cents(), sale.quantity * sale.unit_price_cents);
                prop_assert!(on_sale(sale.product, sale.day));
                let of_product: Vec<_> = prices.iter().filter(|price| price.product == sale.product).copied().collect();
                let base = world.products[sale.product].base_price_cents;
                let daily = price::daily(&of_product, store, base, world.calendar.len());
                prop_assert_eq!(sale.unit_price_cents, daily[sale.day]);
            }
            for returned in &facts.returns {
                prop_assert!(returned.quantity >= 1 && returned.day < world.calendar.len());
            }
            for receipt in &facts.receipts {
                prop_assert!((0..=receipt.ordered).contains(&receipt.received) && receipt.lead_time_days >= 0);
            }
        }
        let keys: BTreeSet<_> = prices.iter().map(|price| (price.product, price.store, price.from)).collect();
        prop_assert_eq!(keys.len(), prices.len());
        prop_assert!(prices.iter().all(|price| price.price_cents >= 0 && price.to.is_none_or(|to| to >= price.from)));
        no_two_promotions_meet(&promotions)?;
    }

    #[test]
    fn a_world_is_the_same_every_time(seed: u64, config in any_config()) {
        prop_assert_eq!(digest(&World::new(Seed(seed), config.clone())), digest(&World::new(Seed(seed), config)));
    }
}

fn no_two_promotions_meet(promotions: &[Promotion]) -> Result<(), TestCaseError> {
    for (index, one) in promotions.iter().enumerate() {
        prop_assert!(one.from <= one.to);
        for other in &promotions[index + 1..] {
            let meets = one.from <= other.to && other.from <= one.to;
            let shares_store = one.store.is_none() || other.store.is_none() || one.store == other.store;
            prop_assert!(one.product != other.product || !meets || !shares_store, "{one:?} {other:?}");
        }
        if let Offer::Bogo { members, .. } | Offer::Bundle { members, .. } = &one.offer {
            let distinct: BTreeSet<_> = members.iter().collect();
            prop_assert!((2..=3).contains(&members.len()) && distinct.len() == members.len());
            prop_assert!(!members.contains(&one.product));
        }
    }
    Ok(())
}

fn digest(world: &World) -> Digest {
    let dimensions = (&world.stores, &world.products, &world.calendar);
    let text = format!("{dimensions:?} {:?} {:?} {:?}", world.prices, world.promotions, world.signals());
    let facts = |store| format!("{:?}", world.facts(store));
    Digest::of(text + &(0..world.stores.len()).map(facts).collect::<String>())
}

#[test]
fn a_feature_that_only_watches_changes_nothing_else() {
    let plain = World::new(Seed(9), config(2, 6, 120)).facts(1);
    let watched = Config {
        weather: Some(Weather { sensitivity: 0.0, ..Weather::default() }),
        macro_index: Some(MacroIndex::default()),
        returns: Some(Returns::default()),
        replenishment: Some(Replenishment::default()),
        ..config(2, 6, 120)
    };
    let world = World::new(Seed(9), watched);
    let facts = world.facts(1);
    assert_eq!((facts.sales, facts.stock), (plain.sales, plain.stock));
    assert!(!facts.returns.is_empty() && !facts.receipts.is_empty());
    assert_eq!(world.signals().len(), 3 * 120);
}

#[test]
fn more_stores_and_products_leave_the_shelves_of_the_first_ones_as_they_were() {
    let few = World::new(Seed(3), config(2, 5, 60)).facts(0);
    let many = World::new(Seed(3), config(6, 9, 60)).facts(0);
    assert_eq!(few.stock, many.stock[..few.stock.len()]);
    let days =
        |facts: &StoreFacts| facts.sales.iter().map(|sale| (sale.product, sale.day)).collect::<Vec<_>>();
    assert_eq!(days(&few), days(&many)[..few.sales.len()]);
}

#[test]
fn half_of_the_pairs_of_a_sparse_world_sell_nothing() {
    let world = World::new(Seed(42), Preset::Sparse.config(first_day()));
    let selling: usize = (0..world.stores.len())
        .map(|store| world.facts(store).sales.iter().map(|sale| sale.product).collect::<BTreeSet<_>>().len())
        .sum();
    assert_eq!(selling, 250);
}

#[test]
fn new_products_ramp_up_from_their_launch() {
    let world = World::new(Seed(42), Preset::NewLaunches.config(first_day()));
    let facts = world.facts(0);
    let (index, product) = world
        .products
        .iter()
        .enumerate()
        .find(|(_, product)| product.on_sale(world.config.window).start > 10)
        .unwrap();
    let launch = product.on_sale(world.config.window).start;
    let of_product: Vec<&Sale> = facts.sales.iter().filter(|sale| sale.product == index).collect();
    assert!(of_product.iter().all(|sale| sale.day >= launch));
    let mean = |ages: std::ops::Range<usize>| {
        let units: Vec<i64> = of_product
            .iter()
            .filter(|sale| ages.contains(&(sale.day - launch)))
            .map(|sale| sale.quantity)
            .collect();
        units.iter().sum::<i64>() as f64 / units.len() as f64
    };
    assert!(mean(0..10) < 0.3 * mean(60..90), "{} {}", mean(0..10), mean(60..90));
}
