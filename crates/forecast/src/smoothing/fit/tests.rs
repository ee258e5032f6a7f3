use super::*;

/// The innovations form run from the fitted state with normal errors: what the formula must agree with.
fn simulated(part: &Part, steps: usize, stream: &mut ::kernel::Stream) -> Vec<f64> {
    let Candidate { alpha, beta, gamma, phi } = part.candidate;
    let (mut level, mut trend, mut season) = (part.level, part.trend, part.season.clone());
    let step = |step: usize| {
        let error = stream.normal(0.0, part.noise.sqrt());
        let mut value = level + trend + error;
        level += trend + alpha * error;
        trend = phi * (trend + beta * error);
        if !season.is_empty() {
            let phase = (part.origin + step) % season.len();
            value += season[phase];
            season[phase] += gamma * error;
        }
        value
    };
    (0..steps).map(step).collect()
}

#[test]
fn stated_deviations_are_those_of_the_simulated_model() {
    const RUNS: usize = 6000;
    let candidate = Candidate { alpha: 0.4, beta: 0.1, gamma: 0.3, phi: 1.0 };
    let cases = [
        (Form::LEVEL, Candidate { beta: 0.0, gamma: 0.0, phi: 0.0, ..candidate }),
        (Form::HOLT, Candidate { gamma: 0.0, ..candidate }),
        (Form::DAMPED, Candidate { gamma: 0.0, phi: 0.85, ..candidate }),
        (Form::LEVEL.with(Season::Additive), Candidate { beta: 0.0, phi: 0.0, ..candidate }),
        (Form::DAMPED.with(Season::Additive), Candidate { phi: 0.9, ..candidate }),
    ];
    let mut stream = ::kernel::Seed(8).stream("state space");
    for (form, candidate) in cases {
        let season = if form.season == Season::None { vec![] } else { vec![3.0, -1.0, -2.0] };
        let trend = if form.trend == Trend::None { 0.0 } else { 0.5 };
        let part = Part { form, candidate, level: 20.0, trend, season, origin: 31, noise: 4.0 };
        let mut points = vec![0.0; 10];
        part.add_to(&mut points, 1.0);
        let variances = part.variances(10).unwrap();
        let runs: Vec<Vec<f64>> = (0..RUNS).map(|_| simulated(&part, 10, &mut stream)).collect();
        for (step, (point, variance)) in points.iter().zip(variances).enumerate() {
            let seen = runs.iter().map(|run| (run[step] - point).powi(2)).sum::<f64>() / RUNS as f64;
            // The standard error of a variance of normal numbers is √(2/6000), 1.8 %.
            assert!((seen / variance - 1.0).abs() < 0.08, "{form:?} {step}: {seen} {variance}");
        }
    }
}

#[test]
fn a_mixture_is_as_uncertain_as_its_forms_and_their_disagreement() {
    let part = |level: f64| {
        let candidate = Candidate { alpha: 0.2, beta: 0.0, gamma: 0.0, phi: 0.0 };
        Part { form: Form::LEVEL, candidate, level, trend: 0.0, season: vec![], origin: 9, noise: 4.0 }
    };
    let fit = Fit { parts: vec![(0.5, part(10.0)), (0.5, part(16.0))] };
    let deviations = fit.deviations(2).unwrap();
    // Variances of 4 and 4(1 + 0.2²), and a distance of 3 on either side of the mean.
    for (found, expected) in deviations.iter().zip([13.0_f64.sqrt(), 13.16_f64.sqrt()]) {
        assert!((found - expected).abs() < 1e-12, "{found}");
    }
}
