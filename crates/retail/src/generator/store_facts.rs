//! The daily facts of one store.

use std::collections::BTreeMap;

use super::channel::{self, Channel};
use super::inventory::{self, Shelf};
use super::price::{self, PriceWindow};
use super::promotion::{self, Promotion};
use super::replenishment::{self, Receipt};
use super::returns::{self, Return};
use super::{World, demand, markdown, pair_index, sparsity};

/// What one store sold and had.
#[derive(Debug, Default, PartialEq)]
pub struct StoreFacts {
    /// Sales, by product and day.
    pub sales: Vec<Sale>,
    /// Stock, by product and day.
    pub stock: Vec<Stock>,
    /// Goods that came back.
    pub returns: Vec<Return>,
    /// Deliveries.
    pub receipts: Vec<Receipt>,
    /// The prices of this store's markdowns.
    pub prices: Vec<PriceWindow>,
    /// This store's markdowns.
    pub promotions: Vec<Promotion>,
}

/// What a product sold on a day.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Sale {
    /// The product's position in the world.
    pub product: usize,
    /// The day, counted from the world's first.
    pub day: usize,
    /// Units.
    pub quantity: i64,
    /// The price in force; a promotion does not lower it.
    pub unit_price_cents: i64,
    /// Where it was sold.
    pub channel: Channel,
}

impl Sale {
    /// Units times price.
    pub const fn total_amount_cents(&self) -> i64 {
        self.quantity * self.unit_price_cents
    }
}

/// The stock of a product on a day.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Stock {
    /// The product's position in the world.
    pub product: usize,
    /// The day, counted from the world's first.
    pub day: usize,
    /// Units there.
    pub on_hand: i64,
    /// Units under way.
    pub on_order: i64,
    /// Whether the shelf was empty all day.
    pub is_stockout: bool,
}

pub(super) fn generate(world: &World, store: usize) -> StoreFacts {
    let probability = world.config.retail.stockout_probability;
    let days = world.calendar.len();
    let shelves: Vec<Shelf> = (0..world.products.len())
        .map(|product| inventory::shelf(world.seed, pair_index(store, product), probability, days))
        .collect();
    let shop = Shop {
        world,
        store,
        days,
        temperatures: world.temperatures(store),
        gains: substitution_gains(world, &shelves, days),
    };
    let mut facts = StoreFacts::default();
    for (product, shelf) in shelves.iter().enumerate() {
        shop.add_product(product, shelf, &mut facts);
    }
    facts
}

/// What all products of a store have in common.
struct Shop<'a> {
    world: &'a World,
    store: usize,
    days: usize,
    temperatures: Option<Vec<f64>>,
    gains: BTreeMap<&'static str, Vec<f64>>,
}

impl Shop<'_> {
    fn add_product(&self, product: usize, stock: &Shelf, facts: &mut StoreFacts) {
        let on_sale = self.world.products[product].on_sale(self.world.config.window);
        facts.stock.extend(on_sale.clone().map(|day| Stock {
            product,
            day,
            on_hand: stock.on_hand[day],
            on_order: stock.on_order[day],
            is_stockout: stock.is_out[day],
        }));
        let markdowns = self.markdowns(product, stock);
        if !self.world.missing_pairs.contains(&(self.store, product)) {
            let sales = self.sales(product, stock, &markdowns);
            facts.returns.extend(self.returns(product, &sales));
            facts.sales.extend(sales);
        }
        facts.receipts.extend(self.receipts(product).into_iter().filter(|r| on_sale.contains(&r.day)));
        let (prices, promotions): (Vec<_>, Vec<_>) = markdowns.into_iter().unzip();
        facts.prices.extend(prices);
        facts.promotions.extend(promotions);
    }

    fn markdowns(&self, product: usize, stock: &Shelf) -> Vec<(PriceWindow, Promotion)> {
        let World { config, products, prices, promotions, .. } = self.world;
        let (prices, promotions) = (&prices[product], &promotions[product]);
        markdown::before_stockouts(
            config,
            self.store,
            (product, &products[product]),
            stock,
            prices,
            promotions,
        )
    }

    fn sales(&self, product: usize, stock: &Shelf, markdowns: &[(PriceWindow, Promotion)]) -> Vec<Sale> {
        let World { config, season, seed, .. } = self.world;
        let pair_idx = pair_index(self.store, product);
        let (prices, lifts) = self.prices_and_lifts(product, markdowns);
        let quantities = demand::quantities(
            config,
            season,
            &self.pair(product, &prices, &lifts),
            &mut seed.indexed("noise", pair_idx),
            &mut seed.indexed("anomaly", pair_idx),
        );
        let gaps = sparsity::gaps(*seed, pair_idx, &config.sparsity, self.days);
        let mut channel_stream =
            config.channels.map(|channels| (channels, seed.indexed("channel", pair_idx)));
        let mut sale = |day: usize| {
            let (channel, quantity) = match &mut channel_stream {
                Some((channels, stream)) => {
                    channel::draw(channels, quantities[day], lifts[day] > 1.0, stream)
                }
                None => (Channel::InStore, quantities[day]),
            };
            Sale { product, day, quantity, unit_price_cents: prices[day], channel }
        };
        let on_sale = self.world.products[product].on_sale(config.window);
        let all = on_sale.map(&mut sale);
        all.filter(|sale| !stock.is_out[sale.day] && !gaps[sale.day]).collect()
    }

    fn prices_and_lifts(
        &self,
        product: usize,
        markdowns: &[(PriceWindow, Promotion)],
    ) -> (Vec<i64>, Vec<f64>) {
        let World { config, products, .. } = self.world;
        let mut windows = self.world.prices[product].clone();
        let mut promotions = self.world.promotions[product].clone();
        windows.extend(markdowns.iter().map(|cut| cut.0));
        promotions.extend(markdowns.iter().map(|cut| cut.1.clone()));
        let base_cents = products[product].base_price_cents;
        let prices = price::daily(&windows, self.store, base_cents, self.days);
        (prices, promotion::daily_lift(config, &promotions, self.store, self.days))
    }

    fn pair<'a>(&'a self, product: usize, prices: &'a [i64], lifts: &'a [f64]) -> demand::Pair<'a> {
        let World { config, products, .. } = self.world;
        let product = &products[product];
        demand::Pair {
            lifts,
            prices,
            base_price_cents: product.base_price_cents,
            launch: product.launch_date.map(|date| config.window.offset(date)),
            temperatures: self.temperatures.as_deref(),
            substitution: self.gains.get(product.category).map(Vec::as_slice),
        }
    }

    fn returns(&self, product: usize, sales: &[Sale]) -> Vec<Return> {
        let Some(returns) = &self.world.config.returns else { return Vec::new() };
        let mut stream = self.world.seed.indexed("returns", pair_index(self.store, product));
        let of_sale = |sale: &Sale| {
            returns::draw(returns, (product, sale.day, sale.quantity), self.days - 1, &mut stream)
        };
        sales.iter().filter_map(of_sale).collect()
    }

    fn receipts(&self, product: usize) -> Vec<Receipt> {
        let Some(replenishment) = &self.world.config.replenishment else { return Vec::new() };
        let mut stream = self.world.seed.indexed("replenishment", pair_index(self.store, product));
        let base_demand = self.world.config.time_series.base_demand;
        replenishment::receipts(replenishment, product, base_demand, self.days, &mut stream)
    }
}

/// Per category and day: what a product in stock gains from those that are out, shared among all in stock.
fn substitution_gains(world: &World, shelves: &[Shelf], days: usize) -> BTreeMap<&'static str, Vec<f64>> {
    let Some(substitution) = &world.config.substitution else { return BTreeMap::new() };
    let mut counts: BTreeMap<&str, Vec<(u32, u32)>> = BTreeMap::new();
    for (product, shelf) in world.products.iter().zip(shelves) {
        let of_category = counts.entry(product.category).or_insert_with(|| vec![(0, 0); days]);
        for day in product.on_sale(world.config.window) {
            let (out, in_stock) = &mut of_category[day];
            *(if shelf.is_out[day] { out } else { in_stock }) += 1;
        }
    }
    let gain =
        |(out, in_stock)| substitution.lift_on_stockout * f64::from(out) / f64::from(u32::max(in_stock, 1));
    counts.into_iter().map(|(name, days)| (name, days.into_iter().map(gain).collect())).collect()
}
