//! Stores and products: one stream each, so the n-th of them is the same whatever their number.

use std::collections::BTreeSet;

use chrono::{Days, NaiveDate};
use kernel::{Seed, Stream};

use super::config::{Assortment, Lifecycle};
use super::lifecycle::{self, Stage};
use super::round_ties_even;
use crate::window::Window;

/// A generated store.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Store {
    /// `S` and four digits, unique.
    pub code: String,
    /// Its name.
    pub name: String,
    /// Where it lies.
    pub region: &'static str,
    /// Its city.
    pub city: &'static str,
    /// Its format.
    pub store_type: &'static str,
}

/// A generated product.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Product {
    /// `SKU-` and five digits, unique.
    pub sku: String,
    /// Its name.
    pub name: String,
    /// Its category; products of one replace each other.
    pub category: &'static str,
    /// A finer category, known when products have a life.
    pub subcategory: Option<String>,
    /// Its brand.
    pub brand: &'static str,
    /// Its list price.
    pub base_price_cents: i64,
    /// What it costs the chain.
    pub base_cost_cents: i64,
    /// Units per pack, known when products have a life.
    pub pack_size: Option<i32>,
    /// Where in its life it is on the last generated day.
    pub stage: Option<Stage>,
    /// The first day it is sold; `None`: it always was.
    pub launch_date: Option<NaiveDate>,
    /// The first day it is no longer sold.
    pub discontinue_date: Option<NaiveDate>,
}

impl Product {
    /// The days of a window, counted from its first, on which the product is on sale.
    pub fn on_sale(&self, window: Window) -> std::ops::Range<usize> {
        let day = |date| usize::try_from(window.offset(date)).unwrap_or(0).min(window.days());
        let first = self.launch_date.map_or(0, day);
        first..self.discontinue_date.map_or(window.days(), day).max(first)
    }
}

pub(super) fn stores(seed: Seed, count: usize) -> Vec<Store> {
    let mut codes = Codes::new(1, 9_999);
    (0..count as u64).map(|index| store(&mut seed.indexed("store", index), &mut codes)).collect()
}

fn store(stream: &mut Stream, codes: &mut Codes) -> Store {
    let code = format!("S{:04}", codes.draw(stream));
    let name = format!("{} {}", stream.pick(&STORE_NAMES), stream.pick(&STORE_SUFFIXES));
    let (region, city) = (*stream.pick(&REGIONS), *stream.pick(&CITIES));
    let store_type = *stream.pick(&STORE_TYPES);
    Store { code, name, region, city, store_type }
}

pub(super) fn products(seed: Seed, count: usize, assortment: Assortment, window: Window) -> Vec<Product> {
    let mut codes = Codes::new(10_000, 99_999);
    (0..count as u64)
        .map(|index| {
            let product = product(&mut seed.indexed("product", index), &mut codes);
            match assortment {
                Assortment::Established => product,
                Assortment::Launching { .. } => launched(product, window, &mut seed.indexed("launch", index)),
                Assortment::Cycle(life) => {
                    alive(product, &life, window, &mut seed.indexed("lifecycle", index))
                }
            }
        })
        .collect()
}

fn product(stream: &mut Stream, codes: &mut Codes) -> Product {
    let sku = format!("SKU-{}", codes.draw(stream));
    let (category, nouns) = stream.pick(&CATEGORIES);
    let brand = *stream.pick(&BRANDS);
    let name = format!("{brand} {} {}", stream.pick(&ADJECTIVES), stream.pick(nouns));
    let base_price_cents = stream.integer(99, 2_999);
    let margin = stream.uniform(0.30, 0.60);
    Product {
        sku,
        name,
        category,
        subcategory: None,
        brand,
        base_price_cents,
        base_cost_cents: round_ties_even(base_price_cents as f64 * (1.0 - margin)),
        pack_size: None,
        stage: None,
        launch_date: None,
        discontinue_date: None,
    }
}

/// Some products are young on the first day, others come while the window runs.
fn launched(product: Product, window: Window, stream: &mut Stream) -> Product {
    let launch_date = shifted(window.start(), stream.integer(-90, 60));
    Product { launch_date: Some(launch_date), ..product }
}

fn alive(product: Product, life: &Lifecycle, window: Window, stream: &mut Stream) -> Product {
    let launch = shifted(window.start(), stream.integer(-90, 60));
    let grade = stream.pick(&["Classic", "Select", "Organic", "Light", "Family"]);
    let pack_size = *stream.pick(&[1, 1, 1, 2, 4, 6, 12]);
    let shortest = i64::from(life.intro_days + life.growth_days + 30).max(30);
    let ends = stream.chance(life.discontinue_probability);
    let end = shifted(launch, stream.integer(shortest, shortest.max(365)));
    let discontinue_date = Some(end).filter(|&end| ends && end <= window.end());
    Product {
        subcategory: Some(format!("{grade} {}", product.category)),
        pack_size: Some(pack_size),
        stage: Some(lifecycle::stage(life, launch, discontinue_date, window.end())),
        launch_date: Some(launch),
        discontinue_date,
        ..product
    }
}

fn shifted(date: NaiveDate, days: i64) -> NaiveDate {
    let by = Days::new(days.unsigned_abs());
    if days < 0 { date - by } else { date + by }
}

/// Hands out each code of a range at most once: a drawn code, or the next free one after it.
struct Codes {
    first: i64,
    last: i64,
    taken: BTreeSet<i64>,
}

impl Codes {
    fn new(first: i64, last: i64) -> Self {
        Self { first, last, taken: BTreeSet::new() }
    }

    fn draw(&mut self, stream: &mut Stream) -> i64 {
        let drawn = stream.integer(self.first, self.last);
        let code = (drawn..=self.last)
            .chain(self.first..drawn)
            .find(|code| !self.taken.contains(code))
            .expect("a world has fewer stores and products than there are codes");
        self.taken.insert(code);
        code
    }
}

const REGIONS: [&str; 4] = ["North", "South", "East", "West"];
const STORE_TYPES: [&str; 3] = ["supermarket", "express", "warehouse"];
const BRANDS: [&str; 5] = ["BrandA", "BrandB", "BrandC", "Generic", "Premium"];
const STORE_SUFFIXES: [&str; 10] =
    ["Market", "Corner", "Plaza", "Square", "Arcade", "Crossing", "Hall", "Terrace", "Junction", "Quarter"];
const STORE_NAMES: [&str; 20] = [
    "Alder",
    "Birch",
    "Canal",
    "Dockside",
    "Elm",
    "Foundry",
    "Garden",
    "Harbour",
    "Ivy",
    "Juniper",
    "Kingfisher",
    "Linden",
    "Mill",
    "Northgate",
    "Orchard",
    "Priory",
    "Quay",
    "Riverside",
    "Station",
    "Tannery",
];
const CITIES: [&str; 20] = [
    "Albuquerque",
    "Atlanta",
    "Austin",
    "Boise",
    "Boston",
    "Chicago",
    "Cleveland",
    "Columbus",
    "Denver",
    "Detroit",
    "Houston",
    "Memphis",
    "Miami",
    "Nashville",
    "Omaha",
    "Phoenix",
    "Portland",
    "Richmond",
    "Seattle",
    "Tucson",
];
const ADJECTIVES: [&str; 10] =
    ["Bright", "Country", "Daily", "Fine", "Golden", "Hearty", "Homestyle", "Pure", "Rustic", "Sunny"];
const CATEGORIES: [(&str, [&str; 5]); 6] = [
    ("Beverage", ["Cola", "Lemonade", "Iced Tea", "Sparkling Water", "Apple Juice"]),
    ("Snack", ["Crackers", "Pretzels", "Trail Mix", "Popcorn", "Rice Cakes"]),
    ("Dairy", ["Yoghurt", "Butter", "Cheddar", "Milk", "Cream"]),
    ("Frozen", ["Peas", "Pizza", "Fish Fingers", "Berries", "Ice Cream"]),
    ("Produce", ["Apples", "Carrots", "Tomatoes", "Spinach", "Potatoes"]),
    ("Bakery", ["Rye Bread", "Bagels", "Croissants", "Rolls", "Muffins"]),
];

#[cfg(test)]
mod tests {
    use super::*;

    fn window() -> Window {
        let day = |m, d| NaiveDate::from_ymd_opt(2026, m, d).unwrap();
        Window::new(day(1, 1), day(3, 31)).unwrap()
    }

    #[test]
    fn a_store_is_the_same_whatever_the_number_of_stores() {
        assert_eq!(stores(Seed(42), 3), stores(Seed(42), 100)[..3]);
        let established = |count| products(Seed(42), count, Assortment::Established, window());
        assert_eq!(established(10), established(500)[..10]);
    }

    #[test]
    fn codes_are_unique_up_to_the_last_one() {
        let mut codes = Codes::new(1, 100);
        let mut stream = Seed(1).stream("codes");
        let drawn: BTreeSet<i64> = (0..100).map(|_| codes.draw(&mut stream)).collect();
        assert_eq!(drawn, (1..=100).collect());
    }

    #[test]
    fn giving_products_a_life_changes_nothing_else_about_them() {
        let plain = products(Seed(7), 20, Assortment::Established, window());
        let alive = products(Seed(7), 20, Assortment::Cycle(Lifecycle::default()), window());
        for (plain, alive) in plain.iter().zip(&alive) {
            assert_eq!((&plain.sku, plain.base_price_cents), (&alive.sku, alive.base_price_cents));
            assert!(alive.launch_date.is_some() && plain.launch_date.is_none());
        }
    }

    #[test]
    fn a_product_is_on_sale_from_its_launch_until_it_is_discontinued() {
        let mut product = products(Seed(7), 1, Assortment::Established, window()).remove(0);
        assert_eq!(product.on_sale(window()), 0..90);
        product.launch_date = NaiveDate::from_ymd_opt(2026, 1, 11);
        product.discontinue_date = NaiveDate::from_ymd_opt(2026, 1, 21);
        assert_eq!(product.on_sale(window()), 10..20);
        product.launch_date = NaiveDate::from_ymd_opt(2025, 12, 1);
        assert_eq!(product.on_sale(window()), 0..20);
        product.launch_date = NaiveDate::from_ymd_opt(2026, 5, 1);
        product.discontinue_date = None;
        assert!(product.on_sale(window()).is_empty());
    }
}
