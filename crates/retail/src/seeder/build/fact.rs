//! A row for each thing of a world that is no dimension.

use sea_orm::ActiveValue::{NotSet, Set};

use super::Context;
use crate::generator::{Offer, PriceWindow, Promotion, Receipt, Return, Sale, Signal, Stock};
use crate::table::fact::{inventory_snapshot_daily, replenishment_event, sales_daily, sales_returns};
use crate::table::signal::exogenous_signal;
use crate::table::window::{price_history, promotion as promotion_table};

pub(super) fn sale(cx: &Context, store: usize, sale: &Sale) -> sales_daily::ActiveModel {
    sales_daily::ActiveModel {
        store_id: Set(cx.stores[store]),
        product_id: Set(cx.products[sale.product]),
        date: Set(cx.date(sale.day)),
        quantity: Set(sale.quantity),
        unit_price_cents: Set(sale.unit_price_cents),
        total_amount_cents: Set(sale.total_amount_cents()),
        channel: Set(sale.channel.as_str().to_owned()),
    }
}

pub(super) fn stock(cx: &Context, store: usize, stock: &Stock) -> inventory_snapshot_daily::ActiveModel {
    inventory_snapshot_daily::ActiveModel {
        store_id: Set(cx.stores[store]),
        product_id: Set(cx.products[stock.product]),
        date: Set(cx.date(stock.day)),
        on_hand_qty: Set(stock.on_hand),
        on_order_qty: Set(stock.on_order),
        is_stockout: Set(stock.is_stockout),
    }
}

pub(super) fn returned(cx: &Context, store: usize, returned: &Return) -> sales_returns::ActiveModel {
    sales_returns::ActiveModel {
        id: NotSet,
        store_id: Set(cx.stores[store]),
        product_id: Set(cx.products[returned.product]),
        date: Set(cx.date(returned.day)),
        return_quantity: Set(returned.quantity),
        return_reason: Set(returned.reason.as_str().to_owned()),
    }
}

pub(super) fn receipt(cx: &Context, store: usize, receipt: &Receipt) -> replenishment_event::ActiveModel {
    replenishment_event::ActiveModel {
        id: NotSet,
        store_id: Set(cx.stores[store]),
        product_id: Set(cx.products[receipt.product]),
        date: Set(cx.date(receipt.day)),
        lead_time_days: Set(receipt.lead_time_days),
        ordered_qty: Set(receipt.ordered),
        received_qty: Set(receipt.received),
    }
}

pub(super) fn price(cx: &Context, price: &PriceWindow) -> price_history::ActiveModel {
    price_history::ActiveModel {
        id: NotSet,
        product_id: Set(cx.products[price.product]),
        store_id: Set(cx.store(price.store)),
        price_cents: Set(price.price_cents),
        valid_from: Set(cx.date(price.from)),
        valid_to: Set(price.to.map(|day| cx.date(day))),
    }
}

pub(super) fn promotion(cx: &Context, promotion: &Promotion) -> promotion_table::ActiveModel {
    let (discount, cents, members) = match &promotion.offer {
        Offer::Percent(discount) | Offer::Markdown(discount) => (Some(*discount), None, None),
        Offer::Amount { cents } => (None, Some(*cents), None),
        Offer::Bogo { members, discount } | Offer::Bundle { members, discount } => {
            (Some(*discount), None, Some(member_ids(cx, members)))
        }
    };
    promotion_table::ActiveModel {
        id: NotSet,
        product_id: Set(cx.products[promotion.product]),
        store_id: Set(cx.store(promotion.store)),
        name: Set(promotion.name.to_owned()),
        kind: Set(promotion.offer.kind().to_owned()),
        discount_pct: Set(discount),
        discount_amount_cents: Set(cents),
        bundle_member_product_ids: Set(members),
        start_date: Set(cx.date(promotion.from)),
        end_date: Set(cx.date(promotion.to)),
    }
}

/// As JSON, in ascending order.
fn member_ids(cx: &Context, members: &[usize]) -> String {
    let mut ids: Vec<i64> = members.iter().map(|&member| cx.products[member].0).collect();
    ids.sort_unstable();
    serde_json::to_string(&ids).expect("numbers are JSON")
}

pub(super) fn signal(cx: &Context, signal: &Signal) -> exogenous_signal::ActiveModel {
    exogenous_signal::ActiveModel {
        id: NotSet,
        world_id: Set(cx.world_id),
        date: Set(cx.date(signal.day)),
        signal_name: Set(signal.name.to_owned()),
        store_id: Set(cx.store(signal.store)),
        is_global: Set(signal.store.is_none()),
        value: Set(signal.value),
    }
}
