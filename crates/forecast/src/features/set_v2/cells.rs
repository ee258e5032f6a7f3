//! The columns of each group and their cells.

use std::f64::consts::TAU;

use chrono::{Datelike, Weekday};

use super::stats::{deviation, last, mean, median, ratio, slope, sum};
use super::{Day, Past};
use crate::features::set_v1::Grid;

pub(super) const TARGET_HISTORY: [&str; 8] =
    ["lag_1", "lag_7", "lag_14", "lag_28", "lag_56", "lag_364", "same_dow_mean_4", "same_dow_mean_8"];

pub(super) const CALENDAR: [&str; 11] = [
    "dow_sin",
    "dow_cos",
    "month_sin",
    "month_cos",
    "is_weekend",
    "is_month_end",
    "week_of_year_sin",
    "week_of_year_cos",
    "day_of_month_sin",
    "day_of_month_cos",
    "is_holiday",
];

pub(super) const ROLLING: [&str; 5] =
    ["rolling_mean_7", "rolling_mean_28", "rolling_mean_90", "rolling_median_28", "rolling_std_28"];

pub(super) const TREND: [&str; 4] =
    ["trend_30", "trend_90", "rolling_mean_7_vs_28", "rolling_mean_28_vs_prev_28"];

pub(super) const PRICE_PROMO: [&str; 5] = [
    "price_factor",
    "promo_active",
    "promo_discount_pct",
    "promo_kind_markdown_active",
    "promo_kind_bundle_active",
];

pub(super) const INVENTORY: [&str; 4] =
    ["is_stockout_lag1", "stockout_days_7", "stockout_days_28", "inventory_available_ratio_28"];

pub(super) const LIFECYCLE: [&str; 5] =
    ["days_since_launch", "is_new_product", "is_mature_product", "is_discontinued", "days_until_discontinue"];

pub(super) const REPLENISHMENT: [&str; 3] =
    ["days_since_last_replenishment", "replenishment_count_14", "replenishment_qty_28"];

pub(super) const RETURNS: [&str; 3] = ["returns_qty_7", "returns_qty_28", "returns_rate_28"];

pub(super) const EXOGENOUS_WEATHER: [&str; 2] = ["exo_weather_temp_c", "exo_weather_precip_mm"];

pub(super) const EXOGENOUS_MACRO: [&str; 1] = ["exo_macro_index"];

/// A year of whole weeks, so that the weekday is the same.
const LAGS: [usize; 6] = [1, 7, 14, 28, 56, 364];

const NEW_DAYS: i64 = 30;
const MATURE_DAYS: i64 = 180;

const fn fact(is: bool) -> f64 {
    if is { 1.0 } else { 0.0 }
}

pub(super) fn target_history(past: Past<'_>, day: Day<'_>) -> [f64; TARGET_HISTORY.len()] {
    let lag = |lag: usize| {
        let back = lag.checked_sub(day.steps_ahead);
        let row = back.and_then(|back| past.values.len().checked_sub(back + 1));
        row.map_or(f64::NAN, |row| past.values[row])
    };
    let [lag_1, lag_7, lag_14, lag_28, lag_56, lag_364] = LAGS.map(lag);
    let alike = match day.grid {
        Grid::Days => latest_of_weekday(past, day.date.weekday()),
        Grid::Months => Vec::new(),
    };
    let mean_of = |n: usize| alike.get(..n).map_or(f64::NAN, mean);
    [lag_1, lag_7, lag_14, lag_28, lag_56, lag_364, mean_of(4), mean_of(8)]
}

/// The last eight values of this weekday, the latest first.
fn latest_of_weekday(past: Past<'_>, weekday: Weekday) -> Vec<f64> {
    let rows = past.dates.iter().zip(past.values).rev();
    let alike = rows.filter(|(date, value)| date.weekday() == weekday && !value.is_nan());
    alike.map(|(_, &value)| value).take(8).collect()
}

pub(super) fn calendar(day: Day<'_>) -> [f64; CALENDAR.len()] {
    let [dow_sin, dow_cos, month_sin, month_cos, weekend, month_end] = day.grid.calendar(day.date);
    let (week_sin, week_cos) = (TAU * f64::from(day.date.iso_week().week()) / 53.0).sin_cos();
    let (day_sin, day_cos) = (TAU * f64::from(day.date.day()) / 31.0).sin_cos();
    let [week_sin, week_cos, day_sin, day_cos] = match day.grid {
        Grid::Days => [week_sin, week_cos, day_sin, day_cos],
        Grid::Months => [f64::NAN; 4],
    };
    let holiday = day.known.map_or(0.0, |known| known.holidays_of(day.row));
    [
        dow_sin, dow_cos, month_sin, month_cos, weekend, month_end, week_sin, week_cos, day_sin, day_cos,
        holiday,
    ]
}

pub(super) fn rolling(past: Past<'_>) -> [f64; ROLLING.len()] {
    let of = |rows: usize, statistic: fn(&[f64]) -> f64| last(past.values, rows).map_or(f64::NAN, statistic);
    [of(7, mean), of(28, mean), of(90, mean), of(28, median), of(28, deviation)]
}

pub(super) fn trend(past: Past<'_>) -> [f64; TREND.len()] {
    let of = |rows: usize, statistic: fn(&[f64]) -> f64| last(past.values, rows).map_or(f64::NAN, statistic);
    let month = of(28, mean);
    let month_before = last(past.values, 56).map_or(f64::NAN, |two| mean(&two[..28]));
    [of(30, slope), of(90, slope), ratio(of(7, mean), month), ratio(month, month_before)]
}

pub(super) fn price_promo(day: Day<'_>) -> [f64; PRICE_PROMO.len()] {
    let Some(known) = day.known else { return [f64::NAN; PRICE_PROMO.len()] };
    let [discount, markdown, bundle] = known.promotions.map_or([f64::NAN; 3], |all| {
        [all.discount[day.row], fact(all.is_markdown[day.row]), fact(all.is_bundle[day.row])]
    });
    [known.price_factor[day.row], fact(known.promo_active[day.row]), discount, markdown, bundle]
}

/// A day nobody counted is neither in stock nor out of it.
pub(super) fn inventory(past: Past<'_>) -> [f64; INVENTORY.len()] {
    let Some(outcomes) = past.outcomes else { return [f64::NAN; INVENTORY.len()] };
    let is_counted = |units: &[Option<f64>]| units.iter().any(Option::is_some);
    let stockouts = |rows: usize| match last(outcomes.on_hand_units, rows) {
        Some(units) if is_counted(units) => {
            let flags = last(outcomes.is_stockout, rows).unwrap_or_default();
            sum(flags.iter().map(|&is| fact(is)))
        }
        _ => f64::NAN,
    };
    [stockouts(1), stockouts(7), stockouts(28), available_ratio(last(outcomes.on_hand_units, 28))]
}

/// The mean of what was counted over the most that was.
fn available_ratio(on_hand_units: Option<&[Option<f64>]>) -> f64 {
    let counted: Vec<f64> = on_hand_units.unwrap_or_default().iter().flatten().copied().collect();
    let most = counted.iter().copied().fold(0.0, f64::max);
    ratio(mean(&counted), most)
}

pub(super) fn lifecycle(day: Day<'_>) -> [f64; LIFECYCLE.len()] {
    let launch = day.known.and_then(|known| known.launch_date);
    let end = day.known.and_then(|known| known.discontinue_date);
    let [age, is_new, is_mature] = launch.map_or([f64::NAN; 3], |launch| {
        let age = (day.date.date() - launch).num_days();
        [age as f64, fact((0..NEW_DAYS).contains(&age)), fact(age >= MATURE_DAYS)]
    });
    let is_discontinued = fact(end.is_some_and(|end| day.date.date() >= end));
    let days_left = end.map_or(f64::NAN, |end| (end - day.date.date()).num_days() as f64);
    [age, is_new, is_mature, is_discontinued, days_left]
}

/// Deliveries are events, so their windows count days, and a short history has seen few instead of none.
pub(super) fn replenishment(past: Past<'_>, window: Past<'_>, day: Day<'_>) -> [f64; REPLENISHMENT.len()] {
    let days_since = past.outcomes.and_then(|outcomes| {
        let row = outcomes.deliveries.iter().rposition(|&deliveries| deliveries > 0)?;
        Some((day.date - past.dates[row]).num_days() as f64)
    });
    let Some(outcomes) = window.outcomes else { return [days_since.unwrap_or(f64::NAN), f64::NAN, f64::NAN] };
    let rows = |days: i64| window.dates.partition_point(|&date| (day.date - date).num_days() > days)..;
    let count = sum(outcomes.deliveries[rows(14)].iter().map(|&deliveries| f64::from(deliveries)));
    let received = sum(outcomes.received_units[rows(28)].iter().copied());
    [days_since.unwrap_or(f64::NAN), count, received]
}

pub(super) fn returns(past: Past<'_>) -> [f64; RETURNS.len()] {
    let Some(outcomes) = past.outcomes else { return [f64::NAN; RETURNS.len()] };
    let total = |values: &[f64]| sum(values.iter().copied().filter(|value| !value.is_nan()));
    let returned = |rows: usize| last(outcomes.returned_units, rows).map_or(f64::NAN, total);
    let rate = last(past.values, 28).map_or(f64::NAN, |sales| {
        let sold = total(sales);
        if sold > 0.0 { returned(28) / sold } else { 0.0 }
    });
    [returned(7), returned(28), rate]
}

pub(super) fn weather(day: Day<'_>) -> [f64; EXOGENOUS_WEATHER.len()] {
    let Some(signals) = day.known.and_then(|known| known.signals) else { return [f64::NAN; 2] };
    [signals.temperature_c[day.row], signals.precipitation_mm[day.row]].map(|value| value.unwrap_or(f64::NAN))
}

pub(super) fn economy(day: Day<'_>) -> [f64; EXOGENOUS_MACRO.len()] {
    let index = day.known.and_then(|known| known.signals).and_then(|signals| signals.macro_index[day.row]);
    [index.unwrap_or(f64::NAN)]
}
