//! Promotions. Two promotions of one product never share a day in a store.

use kernel::{Seed, Stream};

use super::config::{Bundles, Config};
use super::dimension::Product;

/// Share of promotions in the whole chain.
const CHAIN_WIDE_SHARE: f64 = 0.7;

/// What a promotion offers.
#[derive(Debug, Clone, PartialEq)]
pub enum Offer {
    /// A share of the price off.
    Percent(f64),
    /// An amount off.
    Amount {
        /// How much.
        cents: i64,
    },
    /// Buy one, get one.
    Bogo {
        /// The other products.
        members: Vec<usize>,
        /// The discount.
        discount: f64,
    },
    /// Cheaper together.
    Bundle {
        /// The other products.
        members: Vec<usize>,
        /// The discount.
        discount: f64,
    },
    /// A price cut that clears stock.
    Markdown(f64),
}

impl Offer {
    /// Its stored kind.
    pub const fn kind(&self) -> &'static str {
        match self {
            Self::Percent(_) | Self::Amount { .. } => "pct_off",
            Self::Bogo { .. } => "bogo",
            Self::Bundle { .. } => "bundle",
            Self::Markdown(_) => "markdown",
        }
    }
}

/// A promotion of one product.
#[derive(Debug, Clone, PartialEq)]
pub struct Promotion {
    /// The product's position in the world.
    pub product: usize,
    /// The store's position; `None` is the whole chain.
    pub store: Option<usize>,
    /// Its name.
    pub name: &'static str,
    /// What it offers.
    pub offer: Offer,
    /// The first day, counted from the world's first.
    pub from: usize,
    /// The last day.
    pub to: usize,
}

impl Promotion {
    /// Whether it runs in a store.
    pub fn runs_in(&self, store: usize) -> bool {
        self.store.is_none_or(|own| own == store)
    }
}

/// The promotions of every product, in the order of their days.
pub(super) fn all(seed: Seed, config: &Config, products: &[Product]) -> Vec<Vec<Promotion>> {
    let of = |(index, product): (usize, &Product)| {
        let mut stream = seed.indexed("promotion", index as u64);
        let mut promotions = of_product(config, (index, product), &mut stream);
        if let Some(bundles) = &config.bundles {
            let mut stream = seed.indexed("bundle", index as u64);
            for promotion in &mut promotions {
                tie(promotion, bundles, products.len(), &mut stream);
            }
        }
        promotions
    };
    products.iter().enumerate().map(of).collect()
}

fn of_product(config: &Config, (index, product): (usize, &Product), stream: &mut Stream) -> Vec<Promotion> {
    let on_sale = product.on_sale(config.window);
    let mut promotions = Vec::new();
    let mut day = on_sale.start;
    while day < on_sale.end {
        if !stream.chance(config.retail.promotion_probability / 30.0) {
            day += 1;
            continue;
        }
        let length = 3 + stream.index(12);
        let to = (day + length - 1).min(on_sale.end - 1);
        let store = (!stream.chance(CHAIN_WIDE_SHARE)).then(|| stream.index(config.dimensions.stores));
        let (name, offer) = (*stream.pick(&NAMES), offer(product, stream));
        promotions.push(Promotion { product: index, store, name, offer, from: day, to });
        day = to + 1;
    }
    promotions
}

/// Half of the promotions take a share off, half an amount, as long as that is less than the price.
fn offer(product: &Product, stream: &mut Stream) -> Offer {
    let percent = *stream.pick(&[0.10, 0.15, 0.20, 0.25, 0.30, 0.40, 0.50]);
    let cents = *stream.pick(&[100, 200, 300, 500]);
    let is_amount = stream.chance(0.5) && cents < product.base_price_cents;
    if is_amount { Offer::Amount { cents } } else { Offer::Percent(percent) }
}

/// May turn a promotion into one of several products; a world without enough of them keeps it as it is.
fn tie(promotion: &mut Promotion, bundles: &Bundles, products: usize, stream: &mut Stream) {
    let wanted = 2 + stream.index(2);
    let is_tied = stream.chance(bundles.probability);
    let is_bogo = stream.chance(bundles.bogo_share);
    let discount = stream.uniform(bundles.discount_min, bundles.discount_max);
    if !is_tied || products <= wanted {
        return;
    }
    let mut others: Vec<usize> = (0..products).filter(|&other| other != promotion.product).collect();
    stream.shuffle(&mut others);
    others.truncate(wanted);
    let members = others;
    promotion.offer =
        if is_bogo { Offer::Bogo { members, discount } } else { Offer::Bundle { members, discount } };
}

/// What promotions do to the demand of every day in one store: 1 without one.
pub(super) fn daily_lift(config: &Config, promotions: &[Promotion], store: usize, days: usize) -> Vec<f64> {
    let mut lifts = vec![1.0; days];
    for promotion in promotions.iter().filter(|promotion| promotion.runs_in(store)) {
        let lift = match promotion.offer {
            Offer::Percent(_) | Offer::Amount { .. } => config.retail.promotion_lift,
            Offer::Bogo { .. } | Offer::Bundle { .. } => config.bundles.map_or(1.0, |bundles| bundles.lift),
            Offer::Markdown(_) => config.markdowns.map_or(1.0, |markdowns| markdowns.lift),
        };
        lifts[promotion.from..=promotion.to].fill(lift);
    }
    lifts
}

const NAMES: [&str; 8] = [
    "Weekend Saver",
    "Fresh Start",
    "Members' Week",
    "Seasonal Offer",
    "Store Favourites",
    "Big Basket",
    "Try It",
    "Last Call",
];
