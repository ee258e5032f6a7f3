//! How much of the calendar has sales.

use chrono::{Days, NaiveDate};
use wire::model_selection::History;

use crate::window::Window;

/// The numbers of rows with distinct, ascending dates.
pub(super) fn history(sales: &[(NaiveDate, i64)], promotions: &[Window]) -> History {
    let (Some(first), Some(last)) = (sales.first(), sales.last()) else { return History::default() };
    let expected = (last.0 - first.0).num_days().unsigned_abs() + 1;
    let observed = sales.len() as u64;
    let is_promoted = |date| promotions.iter().any(|promotion| promotion.contains(date));
    History {
        first_sales_date: Some(first.0),
        last_sales_date: Some(last.0),
        observed_days: observed,
        expected_calendar_days: expected,
        coverage_ratio: observed as f64 / expected as f64,
        missing_days: expected - observed,
        zero_sale_days: sales.iter().filter(|sale| sale.1 == 0).count() as u64,
        promotion_days: sales.iter().filter(|sale| is_promoted(sale.0)).count() as u64,
        average_daily_demand: sales.iter().map(|sale| sale.1).sum::<i64>() as f64 / observed as f64,
    }
}

/// The runs of days without a row, in order.
pub(super) fn holes(sales: &[(NaiveDate, i64)]) -> impl Iterator<Item = Window> {
    sales.windows(2).filter_map(|pair| {
        let (first, last) = (pair[0].0 + Days::new(1), pair[1].0 - Days::new(1));
        Window::new(first, last).ok()
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_numbers_are_those_of_the_rows() {
        let day = |d| NaiveDate::from_ymd_opt(2026, 1, d).unwrap();
        let sales = [(day(1), 4), (day(2), 0), (day(5), 8), (day(10), 0)];
        let promotions = [Window::new(day(2), day(6)).unwrap(), Window::new(day(5), day(5)).unwrap()];
        let expected = History {
            first_sales_date: Some(day(1)),
            last_sales_date: Some(day(10)),
            observed_days: 4,
            expected_calendar_days: 10,
            coverage_ratio: 0.4,
            missing_days: 6,
            zero_sale_days: 2,
            promotion_days: 2,
            average_daily_demand: 3.0,
        };
        assert_eq!(history(&sales, &promotions), expected);
        assert_eq!(history(&[], &[]), History::default());
        let holes: Vec<_> = holes(&sales).map(|hole| (hole.start(), hole.end())).collect();
        assert_eq!(holes, [(day(3), day(4)), (day(6), day(9))]);
    }
}
