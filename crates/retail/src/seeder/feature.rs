//! What a request can switch on.

use crate::generator::config::{self, Assortment, Config, Lifecycle};

/// A part of a world that a preset leaves out.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Feature {
    /// Temperatures that move demand.
    Weather,
    /// A chain-wide index.
    MacroIndex,
    /// A yearly wave.
    Yearly,
    /// Goods that come back.
    Returns,
    /// Demand that moves to other products of the category.
    Substitution,
    /// Several sales channels.
    Channels,
    /// Products that are launched, mature and end.
    Lifecycle,
    /// Promotions of several products.
    Bundles,
    /// Price cuts before the stock runs out.
    Markdowns,
    /// Deliveries.
    Replenishment,
}

impl Feature {
    /// All of them, by their wire names.
    pub const ALL: [(&'static str, Self); 10] = [
        ("weather", Self::Weather),
        ("macro_index", Self::MacroIndex),
        ("yearly", Self::Yearly),
        ("returns", Self::Returns),
        ("substitution", Self::Substitution),
        ("channels", Self::Channels),
        ("lifecycle", Self::Lifecycle),
        ("bundles", Self::Bundles),
        ("markdowns", Self::Markdowns),
        ("replenishment", Self::Replenishment),
    ];

    pub(super) fn switch_on(self, world: &mut Config) {
        match self {
            Self::Weather => world.weather = Some(config::Weather::default()),
            Self::MacroIndex => world.macro_index = Some(config::MacroIndex::default()),
            Self::Yearly => world.yearly = Some(config::Yearly::default()),
            Self::Returns => world.returns = Some(config::Returns::default()),
            Self::Substitution => world.substitution = Some(config::Substitution::default()),
            Self::Channels => world.channels = Some(config::Channels::default()),
            Self::Lifecycle => world.assortment = Assortment::Cycle(Lifecycle::default()),
            Self::Bundles => world.bundles = Some(config::Bundles::default()),
            Self::Markdowns => world.markdowns = Some(config::Markdowns::default()),
            Self::Replenishment => world.replenishment = Some(config::Replenishment::default()),
        }
    }
}
