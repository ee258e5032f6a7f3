//! What a generation is asked for, checked field by field and layered: preset, then the plain fields, then the
//! features, then the overrides. Each layer replaces single numbers, never a whole group.

use std::ops::RangeInclusive;

use chrono::{Datelike, NaiveDate};
use kernel::{Class, Digest, Fault, FieldError, Seed, counted};
use serde::Serialize;
use wire::retail::{GenerateRequest, Overrides};

use super::feature::Feature;
use super::preset::{Preset, UnknownPreset};
use crate::check::Check;
use crate::generator::Config;
use crate::window::Window;

/// A request that cannot be met.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum RequestError {
    /// No preset has this name.
    #[error(transparent)]
    UnknownPreset(#[from] UnknownPreset),
    /// Fields outside their bounds.
    #[error("{}", kernel::field_list(fields))]
    Invalid {
        /// Each of them.
        fields: Vec<FieldError>,
    },
    /// Too many rows.
    #[error(
        "{} × {} × {} are more than {MAX_GRAIN_DAYS} rows; ask for fewer of one of them",
        counted(*stores, "store", "stores"),
        counted(*products, "product", "products"),
        counted(*days, "day", "days")
    )]
    TooLarge {
        /// The stores.
        stores: usize,
        /// The products.
        products: usize,
        /// The days.
        days: usize,
    },
}

impl Fault for RequestError {
    fn class(&self) -> Class {
        match self {
            Self::UnknownPreset(error) => error.class(),
            Self::Invalid { .. } => Class::Invalid,
            Self::TooLarge { .. } => Class::TooLarge,
        }
    }

    fn code(&self) -> &'static str {
        match self {
            Self::UnknownPreset(error) => error.code(),
            Self::Invalid { .. } => "VALIDATION_ERROR",
            Self::TooLarge { .. } => "TOO_MANY_ROWS",
        }
    }

    fn fields(&self) -> Vec<FieldError> {
        match self {
            Self::UnknownPreset(error) => error.fields(),
            Self::Invalid { fields } => fields.clone(),
            Self::TooLarge { .. } => Vec::new(),
        }
    }
}

/// Raised when the same configuration begins to give other rows.
const GENERATOR: u32 = 1;
/// The most store-product-days of one generation: some minutes of writing, a few thousand rows at a time.
pub const MAX_GRAIN_DAYS: usize = 4_000_000;
const STORES: RangeInclusive<i64> = 1..=100;
const PRODUCTS: RangeInclusive<i64> = 1..=500;
/// Beyond these no calendar is of use, and date arithmetic stays far from its ends.
const YEARS: RangeInclusive<i32> = 1970..=2100;

/// A request that was found good.
#[derive(Debug)]
pub(super) struct Plan {
    pub(super) preset: Preset,
    pub(super) seed: Seed,
    pub(super) config: Config,
}

impl Plan {
    /// Everything that decides a row, as canonical JSON, and its digest. The generator's version is part of it: other
    /// rows from the same numbers are another world.
    pub(super) fn identity(&self) -> (String, Digest) {
        #[derive(Serialize)]
        struct Identity<'a> {
            generator: u32,
            scenario: &'static str,
            seed: u64,
            config: &'a Config,
        }
        let (scenario, seed) = (self.preset.as_str(), self.seed.0);
        let identity = Identity { generator: GENERATOR, scenario, seed, config: &self.config };
        let text = kernel::canonical_json(&identity).expect("a configuration is plain data");
        let digest = Digest::of(&text);
        (text, digest)
    }

    pub(super) fn title(&self) -> String {
        let Config { window, dimensions, .. } = &self.config;
        format!(
            "{} · seed {} · {} × {} · {} to {}",
            self.preset.words().0,
            self.seed.0,
            dimensions.stores,
            dimensions.products,
            window.start(),
            window.end()
        )
    }
}

/// Whether a generation could be made of a request, if it were today.
pub fn validate(request: &GenerateRequest, today: NaiveDate) -> Result<(), RequestError> {
    plan(request, today).map(drop)
}

/// Checks every field and layers the request over its preset.
pub(super) fn plan(request: &GenerateRequest, today: NaiveDate) -> Result<Plan, RequestError> {
    let preset: Preset = request.scenario.parse()?;
    let mut check = Check::default();
    let seed = check.whole("seed", Some(request.seed), 0..=i64::MAX).unwrap_or(0);
    let mut config = preset.config(today);
    config.window = window(request, preset, today, &mut check).unwrap_or(config.window);
    scalars(request, &mut config, &mut check);
    switch_features_on(request, &mut config, &mut check);
    if let Some(overrides) = &request.overrides {
        apply(overrides, preset, &mut config, &mut check);
    }
    check.finish().map_err(|fields| RequestError::Invalid { fields })?;
    within_limit(&config)?;
    Ok(Plan { preset, seed: Seed(seed.unsigned_abs()), config })
}

fn window(request: &GenerateRequest, preset: Preset, today: NaiveDate, check: &mut Check) -> Option<Window> {
    for (field, date) in [("start_date", request.start_date), ("end_date", request.end_date)] {
        if date.is_some_and(|date| !YEARS.contains(&date.year())) {
            check.refuse(field, format!("must lie in the years {} to {}", YEARS.start(), YEARS.end()));
            return None;
        }
    }
    let (span_days, own_end) = preset.span(today);
    let end = request.end_date.unwrap_or(own_end);
    let window = match request.start_date {
        Some(start) => Window::new(start, end).ok(),
        None => Window::ending(end, span_days),
    };
    if window.is_none() {
        let start = request.start_date.map_or_else(String::new, |start| format!(" {start}"));
        check.refuse("end_date", format!("must not lie before start_date{start}"));
    }
    window
}

fn scalars(request: &GenerateRequest, config: &mut Config, check: &mut Check) {
    let dimensions = &mut config.dimensions;
    set(&mut dimensions.stores, check.count("stores", request.stores, STORES));
    set(&mut dimensions.products, check.count("products", request.products, PRODUCTS));
    let sparsity = check.share("sparsity", Some(request.sparsity), 1.0).filter(|&share| share > 0.0);
    set(&mut config.sparsity.missing_combinations, sparsity);
}

fn switch_features_on(request: &GenerateRequest, config: &mut Config, check: &mut Check) {
    for (index, name) in request.features.iter().enumerate() {
        if let Some((_, feature)) = Feature::ALL.iter().find(|(known, _)| known == name) {
            feature.switch_on(config);
        } else {
            let known = Feature::ALL.map(|(known, _)| known).join(", ");
            check.refuse(format!("features[{index}]"), format!("must be one of {known}"));
        }
    }
}

fn apply(overrides: &Overrides, preset: Preset, config: &mut Config, check: &mut Check) {
    let dimensions = &mut config.dimensions;
    set(&mut dimensions.stores, check.count("overrides.stores", overrides.stores, STORES));
    set(&mut dimensions.products, check.count("overrides.products", overrides.products, PRODUCTS));
    let missing = check.share("overrides.sparsity", overrides.sparsity, 0.9);
    set(&mut config.sparsity.missing_combinations, missing);
    let promotion = check.share("overrides.promotion_intensity", overrides.promotion_intensity, 0.5);
    set(&mut config.retail.promotion_probability, promotion);
    let stockout = check.share("overrides.stockout_intensity", overrides.stockout_intensity, 0.5);
    set(&mut config.retail.stockout_probability, stockout);
    set(
        &mut config.time_series.noise_sigma,
        check.share("overrides.noise_sigma", overrides.noise_sigma, 0.5),
    );
    let days = check.whole("overrides.window_days", overrides.window_days, 75..=365);
    if overrides.window_days.is_some() && preset.is_pinned() {
        let message = format!("cannot be changed for {}: its window is fixed", preset.as_str());
        check.refuse("overrides.window_days", message);
    }
    let window = days.and_then(|days| Window::ending(config.window.end(), days.unsigned_abs()));
    set(&mut config.window, window);
}

fn within_limit(config: &Config) -> Result<(), RequestError> {
    let (stores, products, days) =
        (config.dimensions.stores, config.dimensions.products, config.window.days());
    if stores * products * days > MAX_GRAIN_DAYS {
        return Err(RequestError::TooLarge { stores, products, days });
    }
    Ok(())
}

fn set<T>(target: &mut T, value: Option<T>) {
    if let Some(value) = value {
        *target = value;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn today() -> NaiveDate {
        NaiveDate::from_ymd_opt(2026, 11, 21).unwrap()
    }

    fn refused(request: &GenerateRequest) -> Vec<String> {
        plan(request, today()).unwrap_err().fields().into_iter().map(|field| field.field).collect()
    }

    #[test]
    fn every_wrong_field_is_named_at_once() {
        let request = GenerateRequest {
            seed: -1,
            stores: Some(0),
            products: Some(501),
            sparsity: 1.5,
            start_date: NaiveDate::from_ymd_opt(2026, 2, 2),
            end_date: NaiveDate::from_ymd_opt(2026, 2, 1),
            features: vec!["returns".to_owned(), "magic".to_owned()],
            overrides: Some(Overrides {
                window_days: Some(74),
                noise_sigma: Some(f64::NAN),
                stockout_intensity: Some(0.51),
                ..Overrides::default()
            }),
            ..GenerateRequest::default()
        };
        let expected = [
            "seed",
            "end_date",
            "stores",
            "products",
            "sparsity",
            "features[1]",
            "overrides.stockout_intensity",
            "overrides.noise_sigma",
            "overrides.window_days",
        ];
        assert_eq!(refused(&request), expected);
    }

    #[test]
    fn later_layers_win_and_leave_the_rest_of_their_group() {
        let request = GenerateRequest {
            scenario: "sparse".to_owned(),
            stores: Some(4),
            products: Some(8),
            sparsity: 0.2,
            overrides: Some(Overrides {
                stores: Some(2),
                sparsity: Some(0.1),
                window_days: Some(75),
                ..Overrides::default()
            }),
            ..GenerateRequest::default()
        };
        let config = plan(&request, today()).unwrap().config;
        assert_eq!((config.dimensions.stores, config.dimensions.products), (2, 8));
        assert!((config.sparsity.missing_combinations - 0.1).abs() < f64::EPSILON);
        assert_eq!(config.sparsity.gaps_per_series, 3);
        assert_eq!((config.window.days(), config.window.end()), (76, today()));
    }

    #[test]
    fn a_fixed_window_takes_dates_but_no_span() {
        let overrides = Some(Overrides { window_days: Some(100), ..Overrides::default() });
        let rush = GenerateRequest { scenario: "holiday_rush".to_owned(), ..GenerateRequest::default() };
        assert_eq!(refused(&GenerateRequest { overrides, ..rush.clone() }), ["overrides.window_days"]);
        let start_date = NaiveDate::from_ymd_opt(2024, 11, 1);
        let plan = plan(&GenerateRequest { start_date, ..rush }, today()).unwrap();
        assert_eq!(plan.config.window.days(), 61);
    }

    #[test]
    fn too_many_rows_are_refused_before_any_is_made() {
        let request =
            GenerateRequest { stores: Some(100), products: Some(500), ..GenerateRequest::default() };
        let error = plan(&request, today()).unwrap_err();
        assert_eq!((error.class(), error.code()), (Class::TooLarge, "TOO_MANY_ROWS"));
        let far =
            GenerateRequest { end_date: NaiveDate::from_ymd_opt(9999, 1, 1), ..GenerateRequest::default() };
        assert_eq!(refused(&far), ["end_date"]);
    }
}
