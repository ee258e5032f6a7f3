//! The curve of a product's life.

use chrono::NaiveDate;

use super::config::Lifecycle;

/// Where in its life a product is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Stage {
    /// Demand climbs, or the launch is still to come.
    Intro,
    /// Young, at full demand.
    Growth,
    /// At full demand.
    Maturity,
    /// Demand fades.
    Decline,
    /// No longer sold.
    Discontinued,
}

impl Stage {
    /// Its stored name.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Intro => "intro",
            Self::Growth => "growth",
            Self::Maturity => "maturity",
            Self::Decline => "decline",
            Self::Discontinued => "discontinued",
        }
    }
}

/// The stage on a day.
pub(super) fn stage(life: &Lifecycle, launch: NaiveDate, end: Option<NaiveDate>, on: NaiveDate) -> Stage {
    let age = (on - launch).num_days();
    if end.is_some_and(|end| end <= on) {
        Stage::Discontinued
    } else if age < i64::from(life.intro_days) {
        Stage::Intro
    } else if age < i64::from(life.intro_days + life.growth_days) {
        Stage::Growth
    } else if age < decline_age(life) {
        Stage::Maturity
    } else {
        Stage::Decline
    }
}

/// The age at which decline begins.
pub(super) fn decline_age(life: &Lifecycle) -> i64 {
    i64::from(life.intro_days + life.growth_days + life.maturity_days)
}

/// Demand at this age in days.
pub(super) fn multiplier(life: &Lifecycle, age: i64) -> f64 {
    if age < 0 {
        return 0.0;
    }
    if age < i64::from(life.intro_days) {
        let climb = age as f64 / f64::from(life.intro_days);
        return life.intro_multiplier + (1.0 - life.intro_multiplier) * climb;
    }
    let fading = age - decline_age(life);
    if fading < 0 {
        return 1.0;
    }
    let left =
        if life.decline_days == 0 { 0.0 } else { (-(fading as f64) / f64::from(life.decline_days)).exp() };
    life.decline_multiplier + (1.0 - life.decline_multiplier) * left
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn demand_climbs_holds_and_fades() {
        let life = Lifecycle::default();
        let check = |age, expected: f64| {
            let found = multiplier(&life, age);
            assert!((found - expected).abs() < 1e-12, "age {age}: {found}");
        };
        check(-1, 0.0);
        check(0, 0.1);
        check(15, 0.55);
        check(30, 1.0);
        check(269, 1.0);
        check(270, 1.0);
        check(360, (-1.0_f64).exp());
    }

    #[test]
    fn stages_change_at_the_same_ages_as_the_curve() {
        let life = Lifecycle::default();
        let launch = NaiveDate::from_ymd_opt(2026, 1, 1).unwrap();
        let check = |age: i64, expected| {
            let on = launch + chrono::TimeDelta::days(age);
            assert_eq!(stage(&life, launch, None, on), expected, "age {age}");
            assert_eq!(stage(&life, launch, Some(on), on), Stage::Discontinued);
        };
        check(-1, Stage::Intro);
        check(29, Stage::Intro);
        check(30, Stage::Growth);
        check(90, Stage::Maturity);
        check(270, Stage::Decline);
    }
}
