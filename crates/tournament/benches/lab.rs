//! How fast a field of 68 is simulated, scored and bid on, by path and threads: `cargo bench -p tournament`.
#![expect(clippy::print_stdout, clippy::unwrap_used, reason = "a bench prints and fails at once")]

use std::hint::black_box;
use std::ops::Range;
use std::time::Instant;

use kernel::Seed;
use tournament::{
    AuctionRules, Bid, Block, Bracket, Contest, FinalFour, Ownership, PairTable, Path, Payouts, Points,
    Prospect, Results, Scorer, Simulator, Tally, Visit, auction, best, field, reach, regional,
};

/// A made season with an auction of 47 entries.
fn season() -> (Bracket, PairTable, Contest) {
    let made = field(Seed(1), 0);
    let bracket = regional(&made.teams, &FinalFour::default()).unwrap();
    let ratings: Vec<f64> = made.facts.iter().map(|fact| fact.net_rating).collect();
    let pairs = PairTable::logistic(&ratings, 10.0).unwrap();
    let exact = reach(&bracket, &pairs, &Results::none(&bracket));
    let points: Vec<f64> = (0..68).map(|team| exact.expected_points(team, &Points::usual())).collect();
    let entries = auction(Seed(2), 0, &made, &points, 47, &AuctionRules::default());
    let bids: Vec<Vec<Bid>> = entries.into_iter().map(|entry| entry.bids).collect();
    let payouts = Payouts::new(vec![65_000, 30_000, 15_000, 7_500, 5_000]).unwrap();
    let contest = Contest::new(&bracket, Ownership::of(&bids, 68), Points::usual(), payouts);
    (bracket, pairs, contest)
}

/// All results, folded so that none can be left out.
#[derive(Default)]
struct Folded(u32);

impl Visit for Folded {
    type Output = u32;

    fn block(&mut self, block: &Block<'_>) {
        for word in 0..block.words() {
            for lane in 0..block.lanes {
                self.0 ^= block.bits(word, lane);
            }
        }
    }

    fn finish(self) -> u32 {
        self.0
    }
}

/// Processor seconds of this thread so far: wall time would measure what else the machine does.
fn cpu_seconds() -> f64 {
    let text = std::fs::read_to_string("/proc/thread-self/schedstat").unwrap();
    1e-9 * text.split(' ').next().unwrap().parse::<f64>().unwrap()
}

fn seconds(work: impl FnOnce()) -> f64 {
    let start = cpu_seconds();
    work();
    cpu_seconds() - start
}

/// The median of five rates.
fn rate(n: u64, work: impl Fn(Range<u64>)) -> f64 {
    let mut rates: Vec<f64> = (0..5).map(|_| n as f64 / seconds(|| work(0..n))).collect();
    rates.sort_unstable_by(f64::total_cmp);
    rates[2]
}

fn main() {
    // Without the word of `cargo bench` it is a test that everything here still runs.
    let much = if std::env::args().any(|word| word == "--bench") { 1000 } else { 1 };
    let (bracket, pairs, contest) = season();
    let none = Results::none(&bracket);
    let simulator = Simulator::new(&bracket, &pairs, &none, Seed(42));
    for path in Path::all() {
        let simulate = |range| {
            black_box(simulator.run_on(path, range, Folded::default()));
        };
        let score = |range| {
            black_box(simulator.run_on(path, range, Scorer::new(&contest)));
        };
        println!("{path:?}: {:.2} M tournaments/s simulated", rate(2_000 * much, simulate) / 1e6);
        println!(
            "{path:?}: {:.2} M tournaments/s simulated and scored for 47 entries",
            rate(400 * much, score) / 1e6
        );
    }
    let start = Instant::now();
    let n = 2_000 * much;
    let both = |range: Range<u64>| {
        let half = range.end / 2;
        let mut sum = simulator.run(0..0, Scorer::new(&contest));
        std::thread::scope(|scope| {
            let parts = [0..half, half..range.end]
                .map(|part| scope.spawn(|| -> Tally { simulator.run(part, Scorer::new(&contest)) }));
            for part in parts {
                sum.add(&part.join().unwrap());
            }
        });
        black_box(sum);
    };
    both(0..n);
    let wall = start.elapsed().as_secs_f64();
    println!("two threads, wall clock: {:.2} M tournaments/s simulated and scored", n as f64 / wall / 1e6);
    let exact = reach(&bracket, &pairs, &none);
    let prospects: Vec<Prospect> = (0..68)
        .map(|team| {
            let expected_points = exact.expected_points(team, contest.points());
            Prospect { expected_points, market_points: expected_points / 6000.0 * 4700.0 }
        })
        .collect();
    let rules = AuctionRules::default();
    let plan = seconds(|| {
        black_box(best(&prospects, &rules));
    });
    println!("bids: {:.2} ms", plan * 1e3);
    println!("exact recursion: {:.2} ms", 1e3 * seconds(|| drop(black_box(reach(&bracket, &pairs, &none)))));
}
