//! Orders of a seasonal process and their neighbours.

/// Coefficients that one order may have: with the point itself they fit into the eight lanes of a derivative, and on
/// M3 quarterly seven make the forecasts no better.
pub(super) const MOST_COEFFICIENTS: usize = 5;

/// Orders of a process for values that have been differenced already.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Order {
    /// `p`.
    pub(crate) ar: usize,
    /// `q`.
    pub(crate) ma: usize,
    /// `P`.
    pub(crate) seasonal_ar: usize,
    /// `Q`.
    pub(crate) seasonal_ma: usize,
    /// Whether the values have a mean to estimate.
    pub(crate) has_mean: bool,
}

/// The largest orders to consider.
#[derive(Debug, Clone, Copy)]
pub(super) struct Limits {
    /// Of `p` and `q`.
    pub(super) plain: usize,
    /// Of `P` and `Q`; 0 without a season.
    pub(super) seasonal: usize,
    /// Of all four together.
    pub(super) total: usize,
    /// Whether a mean may be, or must be, estimated.
    pub(super) mean: Mean,
}

/// What may become of the mean.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Mean {
    /// Values in their own units have one.
    Always,
    /// The mean of first differences is a drift, which may be absent.
    Chosen,
    /// Second differences have none.
    Never,
}

impl Order {
    /// Parameters of the four polynomials.
    pub(super) const fn coefficients(self) -> usize {
        self.ar + self.ma + self.seasonal_ar + self.seasonal_ma
    }

    /// All that is estimated, the variance included.
    pub(super) fn parameters(self) -> usize {
        self.coefficients() + usize::from(self.has_mean) + 1
    }

    /// The four orders: `p`, `P`, `q`, `Q`, as the parameters are kept.
    pub(super) const fn blocks(self) -> [usize; 4] {
        [self.ar, self.seasonal_ar, self.ma, self.seasonal_ma]
    }
}

impl Limits {
    /// Whether an order is within.
    pub(super) fn admit(&self, order: Order) -> bool {
        let mean = match self.mean {
            Mean::Always => order.has_mean,
            Mean::Chosen => true,
            Mean::Never => !order.has_mean,
        };
        mean && order.ar.max(order.ma) <= self.plain
            && order.seasonal_ar.max(order.seasonal_ma) <= self.seasonal
            && order.coefficients() <= self.total
    }

    /// The orders a search starts from, cut to what is admitted: those of Hyndman & Khandakar 2008, section 3.2, with
    /// the largest, (2, 2)(1, 1), in two halves because it has too many coefficients.
    pub(super) fn starts(&self) -> Vec<Order> {
        let mut starts = Vec::new();
        for (ar, ma, seasonal_ar, seasonal_ma) in
            [(2, 2, 0, 0), (1, 1, 1, 1), (0, 0, 0, 0), (1, 0, 1, 0), (0, 1, 0, 1)]
        {
            for has_mean in [true, false] {
                let order = Order {
                    ar: ar.min(self.plain),
                    ma: ma.min(self.plain),
                    seasonal_ar: seasonal_ar.min(self.seasonal),
                    seasonal_ma: seasonal_ma.min(self.seasonal),
                    has_mean,
                };
                let is_wanted = has_mean || self.mean == Mean::Never || order.coefficients() == 0;
                if is_wanted && self.admit(order) && !starts.contains(&order) {
                    starts.push(order);
                }
            }
        }
        starts
    }

    /// The admitted orders one step from `order`: each order alone, both plain or both seasonal ones, or the mean.
    pub(super) fn neighbours(&self, order: Order) -> Vec<Order> {
        const STEPS: [(isize, isize, isize, isize); 16] = [
            (0, 0, -1, 0),
            (0, 0, 0, -1),
            (0, 0, 1, 0),
            (0, 0, 0, 1),
            (0, 0, -1, -1),
            (0, 0, -1, 1),
            (0, 0, 1, -1),
            (0, 0, 1, 1),
            (-1, 0, 0, 0),
            (0, -1, 0, 0),
            (1, 0, 0, 0),
            (0, 1, 0, 0),
            (-1, -1, 0, 0),
            (-1, 1, 0, 0),
            (1, -1, 0, 0),
            (1, 1, 0, 0),
        ];
        let moved = STEPS.into_iter().filter_map(|(ar, ma, seasonal_ar, seasonal_ma)| {
            Some(Order {
                ar: order.ar.checked_add_signed(ar)?,
                ma: order.ma.checked_add_signed(ma)?,
                seasonal_ar: order.seasonal_ar.checked_add_signed(seasonal_ar)?,
                seasonal_ma: order.seasonal_ma.checked_add_signed(seasonal_ma)?,
                has_mean: order.has_mean,
            })
        });
        let turned = Order { has_mean: !order.has_mean, ..order };
        moved.chain(std::iter::once(turned)).filter(|&order| self.admit(order)).collect()
    }
}
