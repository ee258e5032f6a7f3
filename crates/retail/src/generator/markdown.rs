//! Price cuts that clear stock. Each is a promotion and a window of the lower price. One that would share a day with
//! another promotion of the product in the same store is left out.

use super::config::{Assortment, Config, MarkdownTrigger, Markdowns};
use super::dimension::Product;
use super::inventory::Shelf;
use super::lifecycle::decline_age;
use super::price::PriceWindow;
use super::promotion::{Offer, Promotion};
use super::round_ties_even;

/// The chain-wide markdown with which a product's decline begins.
pub(super) fn on_decline(
    config: &Config,
    (index, product): (usize, &Product),
    prices: &[PriceWindow],
    promotions: &[Promotion],
) -> Option<(PriceWindow, Promotion)> {
    let markdowns = config.markdowns.filter(|m| m.trigger == MarkdownTrigger::LifecycleDecline)?;
    let (Assortment::Cycle(life), Some(launch)) = (config.assortment, product.launch_date) else {
        return None;
    };
    let first = usize::try_from(config.window.offset(launch) + decline_age(&life)).ok()?;
    let on_sale = product.on_sale(config.window);
    if !on_sale.contains(&first) {
        return None;
    }
    let last = (first + markdowns.duration_days.max(1)).min(on_sale.end) - 1;
    let collides = promotions.iter().any(|promotion| promotion.from <= last && first <= promotion.to);
    let cut = cut(&markdowns, (index, product), None, (first, last));
    (!collides && !starts_with_another(&cut.0, prices)).then_some(cut)
}

/// The markdowns of one product in one store in the days before it runs out.
pub(super) fn before_stockouts(
    config: &Config,
    store: usize,
    (index, product): (usize, &Product),
    shelf: &Shelf,
    prices: &[PriceWindow],
    promotions: &[Promotion],
) -> Vec<(PriceWindow, Promotion)> {
    let Some(markdowns) = config.markdowns.filter(|m| m.trigger == MarkdownTrigger::StockoutRisk) else {
        return Vec::new();
    };
    let on_sale = product.on_sale(config.window);
    let mut taken: Vec<(usize, usize)> =
        promotions.iter().filter(|promotion| promotion.runs_in(store)).map(|p| (p.from, p.to)).collect();
    let mut cuts = Vec::new();
    for stockout in on_sale.clone().skip(1).filter(|&day| shelf.is_out[day]) {
        let first = stockout.saturating_sub(markdowns.duration_days.max(1)).max(on_sale.start);
        let span = (first, stockout - 1);
        let is_free = taken.iter().all(|&(from, to)| span.1 < from || to < span.0);
        let cut = cut(&markdowns, (index, product), Some(store), span);
        if is_free && shelf.on_hand[first] >= markdowns.min_units && !starts_with_another(&cut.0, prices) {
            taken.push(span);
            cuts.push(cut);
        }
    }
    cuts
}

fn cut(
    markdowns: &Markdowns,
    (index, product): (usize, &Product),
    store: Option<usize>,
    (from, to): (usize, usize),
) -> (PriceWindow, Promotion) {
    let price_cents = round_ties_even(product.base_price_cents as f64 * (1.0 - markdowns.depth)).max(0);
    let window = PriceWindow { product: index, store, price_cents, from, to: Some(to) };
    let offer = Offer::Markdown(markdowns.depth);
    (window, Promotion { product: index, store, name: "Clearance", offer, from, to })
}

/// Two windows of one scope that begin on one day would leave open which of them holds.
fn starts_with_another(window: &PriceWindow, prices: &[PriceWindow]) -> bool {
    prices.iter().any(|other| other.store == window.store && other.from == window.from)
}
