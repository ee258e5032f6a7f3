//! Where a sale is made.

use kernel::Stream;

use super::config::Channels;
use super::round_ties_even;

/// A sales channel.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Channel {
    /// In the store.
    InStore,
    /// Sent home.
    Online,
    /// Ordered online, fetched in the store.
    ClickCollect,
    /// To other traders.
    Wholesale,
}

impl Channel {
    /// Its stored name.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::InStore => "in_store",
            Self::Online => "online",
            Self::ClickCollect => "click_collect",
            Self::Wholesale => "wholesale",
        }
    }
}

const IN_ORDER: [Channel; 4] = [Channel::InStore, Channel::Online, Channel::ClickCollect, Channel::Wholesale];

/// The channel of a day's sale, and its quantity there: on a promotion day more is sold online, and more at once.
pub(super) fn draw(
    channels: &Channels,
    quantity: i64,
    is_promotion: bool,
    stream: &mut Stream,
) -> (Channel, i64) {
    let mut weights = channels.mix;
    if is_promotion {
        let moved = (weights[1] * channels.online_substitution).min(weights[0]);
        weights[0] -= moved;
        weights[1] += moved;
    }
    let channel = *weighted(&IN_ORDER, &weights, stream);
    let is_lifted = is_promotion && channel == Channel::Online;
    let factor = if is_lifted { channels.online_promotion_uplift } else { 1.0 };
    (channel, round_ties_even(quantity as f64 * factor))
}

/// One of the items, by its weight.
pub(super) fn weighted<'a, T>(items: &'a [T], weights: &[f64], stream: &mut Stream) -> &'a T {
    let mut left = stream.uniform(0.0, weights.iter().sum());
    for (item, weight) in items.iter().zip(weights) {
        left -= weight;
        if left < 0.0 {
            return item;
        }
    }
    items.last().expect("there is something to choose from")
}

#[cfg(test)]
mod tests {
    use kernel::Seed;

    use super::*;

    #[test]
    fn a_promotion_moves_sales_from_the_store_to_the_web() {
        let channels = Channels::default();
        let share = |is_promotion, wanted| {
            let mut stream = Seed(5).stream("channel");
            let drawn = (0..20_000).map(|_| draw(&channels, 10, is_promotion, &mut stream).0);
            drawn.filter(|&channel| channel == wanted).count() as f64 / 20_000.0
        };
        for (channel, on_plain_days, on_promotion_days) in
            [(Channel::InStore, 0.70, 0.65), (Channel::Online, 0.20, 0.25), (Channel::Wholesale, 0.02, 0.02)]
        {
            assert!((share(false, channel) - on_plain_days).abs() < 0.01, "{channel:?}");
            assert!((share(true, channel) - on_promotion_days).abs() < 0.01, "{channel:?}");
        }
    }
}
