//! Whether a product's history in a store is long and whole enough to compare models on it.
//!
//! The verdict is about the window that will be used, if one is given, and counts the gap between training and test;
//! the numbers of all history are there beside it.

mod coverage;

use chrono::NaiveDate;
use kernel::{Class, Fault, FieldError, ReadDb, Tenant, counted};
use sea_orm::DbErr;
use wire::model_selection::{History, PairAvailability, SplitConfig, Strategy, Sufficiency};
use wire::retail::{ProductId, StoreId};

use crate::check::Check;
use crate::dimension::{self, PairError};
use crate::history;
use crate::window::Window;

/// How much of the calendar must have rows.
const ENOUGH_COVERAGE: f64 = 0.8;
/// How many holes are told in full.
const MAX_RANGES: usize = 20;

/// What is asked: numbers are wide so that one outside its bounds is answered with the bounds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Request {
    /// The store.
    pub store_id: StoreId,
    /// The product.
    pub product_id: ProductId,
    /// The window that will be used; all history if absent.
    pub window: Option<Window>,
    /// Days to forecast, 1 to 90.
    pub forecast_horizon: i64,
    /// Folds wanted, 2 to 20.
    pub n_splits: i64,
    /// The shortest training part in days, at least 7.
    pub min_train_size: i64,
    /// Days between training and test, 0 to 30 and fewer than the horizon.
    pub gap: i64,
}

impl Request {
    /// The question about a pair with the usual split.
    pub const fn new(store_id: StoreId, product_id: ProductId) -> Self {
        let (forecast_horizon, n_splits, min_train_size, gap) = (14, 5, 30, 0);
        Self { store_id, product_id, window: None, forecast_horizon, n_splits, min_train_size, gap }
    }

    pub(crate) fn check(&self) -> Result<(), Vec<FieldError>> {
        let mut check = Check::default();
        check.whole("forecast_horizon", Some(self.forecast_horizon), 1..=90);
        check.whole("n_splits", Some(self.n_splits), 2..=20);
        check.whole("min_train_size", Some(self.min_train_size), 7..=1_000_000);
        let gap = check.whole("gap", Some(self.gap), 0..=30);
        if gap.is_some_and(|gap| gap >= self.forecast_horizon) {
            check.refuse("gap", format!("must be less than the horizon {}", self.forecast_horizon));
        }
        check.finish()
    }

    /// What so many days with sales are enough for, and so much of the calendar between them.
    pub(crate) fn readiness(&self, observed: i64, coverage: f64) -> Sufficiency {
        if observed >= self.days_for(self.n_splits) && coverage >= ENOUGH_COVERAGE {
            Sufficiency::Ready
        } else if observed >= self.days_for(1) {
            Sufficiency::Limited
        } else {
            Sufficiency::Unusable
        }
    }

    /// Days needed for this many folds.
    const fn days_for(&self, folds: i64) -> i64 {
        self.min_train_size + self.gap + self.forecast_horizon * folds
    }

    /// As many folds as the days allow, within 2 and 5.
    fn recommended_splits(&self, observed: i64) -> i64 {
        ((observed - self.days_for(0)) / self.forecast_horizon).clamp(2, 5)
    }
}

/// A question that cannot be answered.
#[derive(Debug, thiserror::Error)]
pub enum AvailabilityError {
    /// No such store or product.
    #[error(transparent)]
    Pair(#[from] PairError),
    /// Numbers outside their bounds.
    #[error("the question has {} outside {} bounds", counted(fields.len(), "field", "fields"), if fields.len() == 1 { "its" } else { "their" })]
    Invalid {
        /// Each of them.
        fields: Vec<FieldError>,
    },
    /// The database does not answer.
    #[error("the sales could not be read")]
    Db(#[from] DbErr),
}

impl Fault for AvailabilityError {
    fn class(&self) -> Class {
        match self {
            Self::Pair(error) => error.class(),
            Self::Invalid { .. } => Class::Invalid,
            Self::Db(error) => error.class(),
        }
    }

    fn code(&self) -> &'static str {
        match self {
            Self::Pair(error) => error.code(),
            Self::Invalid { .. } => "VALIDATION_ERROR",
            Self::Db(error) => error.code(),
        }
    }

    fn fields(&self) -> Vec<FieldError> {
        match self {
            Self::Invalid { fields } => fields.clone(),
            Self::Pair(_) | Self::Db(_) => Vec::new(),
        }
    }
}

/// Looks at a pair's history.
pub async fn availability(
    read: &ReadDb,
    tenant: Tenant,
    request: &Request,
) -> Result<PairAvailability, AvailabilityError> {
    request.check().map_err(|fields| AvailabilityError::Invalid { fields })?;
    let Request { store_id, product_id, .. } = *request;
    dimension::pair(read, tenant, store_id, product_id).await?;
    let sales = history::quantities(read, store_id, product_id, None).await?;
    let promotions = history::promotion_windows(read, store_id, product_id).await?;
    Ok(judge(request, &sales, &promotions))
}

fn judge(request: &Request, sales: &[(NaiveDate, i64)], promotions: &[Window]) -> PairAvailability {
    let all_history = coverage::history(sales, promotions);
    let inside = |date| request.window.is_none_or(|window| window.contains(date));
    let used: Vec<_> = sales.iter().copied().filter(|&(date, _)| inside(date)).collect();
    let evaluated = coverage::history(&used, promotions);
    let observed = i64::try_from(evaluated.observed_days).expect("a history has fewer than 2^63 days");
    let status = request.readiness(observed, evaluated.coverage_ratio);
    PairAvailability {
        store_id: request.store_id,
        product_id: request.product_id,
        window: request.window.map(Into::into),
        status,
        recommended_split_config: SplitConfig {
            strategy: Strategy::Expanding,
            n_splits: whole(request.recommended_splits(observed)),
            min_train_size: whole(request.min_train_size),
            gap: whole(request.gap),
            horizon: whole(request.forecast_horizon),
            step: None,
        },
        missing_ranges: coverage::holes(&used).take(MAX_RANGES).map(Into::into).collect(),
        warnings: warnings(request, &evaluated, status),
        evaluated,
        all_history,
    }
}

/// A checked number, which is small and not negative.
fn whole(checked: i64) -> usize {
    usize::try_from(checked).expect("a checked number is not negative")
}

fn warnings(request: &Request, evaluated: &History, status: Sufficiency) -> Vec<String> {
    let mut warnings = Vec::new();
    let (Some(first), Some(last)) = (evaluated.first_sales_date, evaluated.last_sales_date) else {
        warnings.push("there are no sales".to_owned());
        return warnings;
    };
    let days = evaluated.observed_days;
    match status {
        Sufficiency::Unusable => {
            warnings.push(format!(
                "{} too few; {} are needed",
                counted(days, "day with sales is", "days with sales are"),
                request.days_for(1)
            ));
        }
        Sufficiency::Limited if evaluated.coverage_ratio >= ENOUGH_COVERAGE => warnings.push(format!(
            "{} not allow {}; {} are needed",
            counted(days, "day with sales does", "days with sales do"),
            counted(request.n_splits, "fold", "folds"),
            request.days_for(request.n_splits)
        )),
        _ => {}
    }
    if status != Sufficiency::Unusable && evaluated.coverage_ratio < ENOUGH_COVERAGE {
        warnings.push(format!(
            "{} of {} days {} no sales row",
            evaluated.missing_days,
            evaluated.expected_calendar_days,
            if evaluated.missing_days == 1 { "has" } else { "have" }
        ));
    }
    if let Some(window) = request.window {
        if first > window.start() {
            warnings
                .push(format!("the first sale is on {first}, after the window begins on {}", window.start()));
        }
        if last < window.end() {
            warnings.push(format!("the last sale is on {last}, before the window ends on {}", window.end()));
        }
    }
    warnings
}

#[cfg(test)]
mod tests {
    use super::*;

    fn first_day() -> NaiveDate {
        NaiveDate::from_ymd_opt(2024, 1, 1).unwrap()
    }

    fn days(count: usize) -> Vec<(NaiveDate, i64)> {
        first_day().iter_days().take(count).zip((1..=7).cycle().map(|week| week * 10)).collect()
    }

    fn request() -> Request {
        Request::new(StoreId(1), ProductId(2))
    }

    #[test]
    fn a_hundred_and_twenty_days_are_ready_fifty_are_limited_twenty_are_unusable() {
        let check = |count, status, n_splits| {
            let found = judge(&request(), &days(count), &[]);
            assert_eq!(
                (found.status, found.recommended_split_config.n_splits),
                (status, n_splits),
                "{count}"
            );
        };
        check(120, Sufficiency::Ready, 5);
        check(100, Sufficiency::Ready, 5);
        check(99, Sufficiency::Limited, 4);
        check(50, Sufficiency::Limited, 2);
        check(44, Sufficiency::Limited, 2);
        check(43, Sufficiency::Unusable, 2);
        check(20, Sufficiency::Unusable, 2);
        check(0, Sufficiency::Unusable, 2);
    }

    #[test]
    fn the_gap_counts() {
        let with_gap = Request { gap: 7, ..request() };
        assert_eq!(judge(&with_gap, &days(106), &[]).status, Sufficiency::Limited);
        assert_eq!(judge(&with_gap, &days(107), &[]).status, Sufficiency::Ready);
        assert_eq!(judge(&with_gap, &days(50), &[]).status, Sufficiency::Unusable);
    }

    #[test]
    fn the_window_is_judged_and_all_history_is_told_as_well() {
        let end = first_day() + chrono::Days::new(59);
        let window = Window::new(first_day() - chrono::Days::new(3), end).ok();
        let found = judge(&Request { window, ..request() }, &days(120), &[]);
        assert_eq!((found.evaluated.observed_days, found.all_history.observed_days), (60, 120));
        assert_eq!(found.status, Sufficiency::Limited);
        assert_eq!(found.warnings.len(), 2, "{:?}", found.warnings);
        assert!(found.warnings[1].contains("2023-12-29"));
    }

    #[test]
    fn a_history_full_of_holes_is_limited_and_says_where_they_are() {
        let every_other: Vec<_> = days(240).into_iter().step_by(2).collect();
        let found = judge(&request(), &every_other, &[]);
        assert_eq!((found.status, found.evaluated.missing_days), (Sufficiency::Limited, 119));
        assert_eq!(found.missing_ranges.len(), MAX_RANGES);
        assert!(found.warnings[0].starts_with("119 of 239 days"), "{:?}", found.warnings);
    }

    #[test]
    fn every_wrong_number_is_named() {
        let wrong = Request { forecast_horizon: 91, n_splits: 1, min_train_size: 6, gap: 31, ..request() };
        let fields: Vec<_> = wrong.check().unwrap_err().into_iter().map(|field| field.field).collect();
        assert_eq!(fields, ["forecast_horizon", "n_splits", "min_train_size", "gap"]);
        let gap = Request { forecast_horizon: 7, gap: 7, ..request() };
        assert_eq!(gap.check().unwrap_err()[0].message, "must be less than the horizon 7");
    }
}
