//! Makes a retail world from a seed and a configuration: pure, and the same for ever.
//!
//! Randomness comes from named streams, one per topic and per store, product or pair. So a feature that is absent
//! draws nothing, adding one changes no other, and the first ten products are the same in a world of ten and of five
//! hundred. Within a pair every day draws from each topic whether or not it will have a row, so a stockout or a gap
//! leaves all other days as they were.
//!
//! A product that is not on sale yet, or no longer, has no rows at all: a zero would read as a day on which nobody
//! wanted it. Likewise a day of a stockout and a day in a gap have no sales row.

pub mod config;

mod calendar;
mod channel;
mod demand;
mod dimension;
mod exogenous;
mod inventory;
mod lifecycle;
mod markdown;
mod price;
mod promotion;
mod replenishment;
mod returns;
mod sparsity;
mod store_facts;

use std::collections::BTreeSet;

use kernel::Seed;

pub use self::calendar::Day;
pub use self::channel::Channel;
pub use self::config::Config;
pub use self::dimension::{Product, Store};
pub use self::exogenous::{MACRO_INDEX, Signal, TEMPERATURE};
pub use self::lifecycle::Stage;
pub use self::price::PriceWindow;
pub use self::promotion::{Offer, Promotion};
pub use self::replenishment::Receipt;
pub use self::returns::{Reason, Return};
pub use self::store_facts::{Sale, Stock, StoreFacts};

/// A world without its daily facts, which [`World::facts`] makes store by store: they are too many to hold at once.
#[derive(Debug)]
pub struct World {
    config: Config,
    seed: Seed,
    season: demand::Season,
    missing_pairs: BTreeSet<(usize, usize)>,
    /// The stores.
    pub stores: Vec<Store>,
    /// The products.
    pub products: Vec<Product>,
    /// Every day of the window.
    pub calendar: Vec<Day>,
    prices: Vec<Vec<PriceWindow>>,
    promotions: Vec<Vec<Promotion>>,
}

impl World {
    /// The world of a seed.
    pub fn new(seed: Seed, config: Config) -> Self {
        let days = config.window.days();
        let stores = dimension::stores(seed, config.dimensions.stores);
        let products =
            dimension::products(seed, config.dimensions.products, config.assortment, config.window);
        let mut world = Self {
            season: demand::Season::new(&config),
            missing_pairs: sparsity::missing_pairs(seed, &config.sparsity, config.dimensions),
            calendar: calendar::days(config.window, &config.holidays),
            prices: price::histories(seed, &products, stores.len(), days),
            promotions: promotion::all(seed, &config, &products),
            seed,
            config,
            stores,
            products,
        };
        world.mark_down_declining_products();
        world
    }

    /// What it was made from.
    pub const fn config(&self) -> &Config {
        &self.config
    }

    /// The prices known before any store's stock: the history of every product.
    pub fn prices(&self) -> impl Iterator<Item = &PriceWindow> {
        self.prices.iter().flatten()
    }

    /// The promotions known before any store's stock.
    pub fn promotions(&self) -> impl Iterator<Item = &Promotion> {
        self.promotions.iter().flatten()
    }

    /// The signals from outside.
    pub fn signals(&self) -> Vec<Signal> {
        let mut signals = Vec::new();
        if self.config.weather.is_some() {
            for store in 0..self.stores.len() {
                let values = self.temperatures(store).unwrap_or_default();
                signals.extend(named(TEMPERATURE, Some(store), values));
            }
        }
        if let Some(index) = &self.config.macro_index {
            let values = exogenous::macro_index(self.seed, index, self.calendar.len());
            signals.extend(named(MACRO_INDEX, None, values));
        }
        signals
    }

    /// The daily facts of one store.
    pub fn facts(&self, store: usize) -> StoreFacts {
        store_facts::generate(self, store)
    }

    fn temperatures(&self, store: usize) -> Option<Vec<f64>> {
        let weather = self.config.weather.as_ref()?;
        Some(exogenous::temperatures(self.seed, store as u64, weather, self.config.window))
    }

    fn mark_down_declining_products(&mut self) {
        for (index, product) in self.products.iter().enumerate() {
            let (prices, promotions) = (&mut self.prices[index], &mut self.promotions[index]);
            if let Some((price, promotion)) =
                markdown::on_decline(&self.config, (index, product), prices, promotions)
            {
                prices.push(price);
                promotions.push(promotion);
            }
        }
    }
}

fn named(name: &'static str, store: Option<usize>, values: Vec<f64>) -> impl Iterator<Item = Signal> {
    values.into_iter().enumerate().map(move |(day, value)| Signal { name, store, day, value })
}

/// The stream index of a pair.
const fn pair_index(store: usize, product: usize) -> u64 {
    (store as u64) << 32 | product as u64
}

/// Rounds to the nearest whole number, a tie to the even one.
fn round_ties_even(value: f64) -> i64 {
    #[expect(
        clippy::cast_possible_truncation,
        reason = "it is whole already; beyond 2^63 the cast saturates"
    )]
    {
        value.round_ties_even() as i64
    }
}

#[cfg(test)]
mod tests;
