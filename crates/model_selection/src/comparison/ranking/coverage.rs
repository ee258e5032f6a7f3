//! On what a comparison is ranked when it was stopped: candidates are compared on the same series or not at all.
//!
//! Of all that was finished the largest block is taken: the candidates that finished most, on the series that all of
//! them finished, so many of either that their product is largest, and two candidates at least where there are two.

use wire::model_selection::Coverage;

use super::Results;

/// The sentence that says what is left out; nothing if nothing is.
pub(super) fn sentence(coverage: Coverage) -> Option<String> {
    let Coverage { series, series_total } = coverage;
    (series < series_total)
        .then(|| format!("The comparison was cancelled: this rests on {series} of {series_total} series."))
}

/// What of the results counts.
pub(super) struct Counted {
    /// By series: whether it is ranked.
    pub series: Vec<bool>,
    /// By candidate: why it does not count; `None` if it does.
    pub stopped: Vec<Option<String>>,
}

/// The largest block of finished results.
pub(super) fn counted(results: &[Results], series_total: usize) -> Counted {
    let done: Vec<usize> = results.iter().map(|outputs| outputs.iter().flatten().count()).collect();
    let mut order: Vec<usize> = (0..results.len()).collect();
    order.sort_by_key(|&ordinal| std::cmp::Reverse(done[ordinal]));
    let mut left = vec![true; series_total];
    let (mut best, mut kept, mut series) = ((false, 0, 0), 0, vec![false; series_total]);
    for (at, &ordinal) in order.iter().enumerate() {
        left.iter_mut().zip(&results[ordinal]).for_each(|(left, output)| *left &= output.is_some());
        let (candidates, common) = (at + 1, left.iter().filter(|left| **left).count());
        let size = (candidates > 1 && common > 0, candidates * common, candidates);
        if common > 0 && size > best {
            (best, kept, series) = (size, candidates, left.clone());
        }
    }
    let counts = |ordinal: usize| order[..kept].contains(&ordinal);
    let reason = |ordinal: usize| match (series_total, done[ordinal]) {
        (1, _) | (_, 0) => "cancelled".to_owned(),
        (total, done) => format!("cancelled after {done} of {total} series"),
    };
    let stopped = (0..results.len()).map(|ordinal| (!counts(ordinal)).then(|| reason(ordinal))).collect();
    Counted { series, stopped }
}

#[cfg(test)]
mod tests {
    use super::super::super::shard::BacktestOutput;
    use super::*;

    fn row(done: &[bool]) -> Results {
        let failed = BacktestOutput::Failed { code: "X".to_owned(), message: "x".to_owned() };
        done.iter().map(|done| done.then(|| failed.clone())).collect()
    }

    fn check(rows: &[&[bool]], series: &[bool], stopped: &[Option<&str>]) {
        let results: Vec<Results> = rows.iter().map(|done| row(done)).collect();
        let found = counted(&results, series.len());
        assert_eq!(found.series, series);
        let found: Vec<_> = found.stopped.iter().map(Option::as_deref).collect();
        assert_eq!(found, stopped);
    }

    #[test]
    fn the_largest_block_of_at_least_two_candidates_is_ranked() {
        let (yes, no) = (true, false);
        check(&[&[yes, yes], &[yes, yes]], &[yes, yes], &[None, None]);
        // Series by series: all candidates on the first two.
        check(&[&[yes, yes, no], &[yes, yes, no]], &[yes, yes, no], &[None, None]);
        check(&[&[yes, yes, yes, no], &[yes, yes, no, no]], &[yes, yes, no, no], &[None, None]);
        // A third that has hardly begun does not cost the first two their series.
        let late = Some("cancelled after 1 of 4 series");
        check(&[&[yes; 4], &[yes; 4], &[yes, no, no, no]], &[yes; 4], &[None, None, late]);
        // Comparing on few series says more than one candidate alone.
        check(&[&[yes; 4], &[no, yes, no, no]], &[no, yes, no, no], &[None, None]);
        check(&[&[yes, yes], &[no, no]], &[yes, yes], &[None, Some("cancelled")]);
        check(&[&[no, no], &[no, no]], &[no, no], &[Some("cancelled"), Some("cancelled")]);
        check(&[&[yes], &[no]], &[yes], &[None, Some("cancelled")]);
    }

    #[test]
    fn what_is_left_out_is_said() {
        let sentence = |series| super::sentence(Coverage { series, series_total: 200 });
        assert_eq!(sentence(200), None);
        assert!(sentence(42).is_some_and(|text| text.contains("42 of 200 series")));
    }
}
