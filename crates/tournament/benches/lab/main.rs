//! How fast a field of 68 is simulated, scored, bid on and proven: `./scripts/bench lab`, or without peers
//! `cargo bench -p tournament`. With the words `field FILE` it only writes the field that the peers simulate.
//!
//! Peers are read from the files listed in `ASSAY_BENCH_PEERS`; rows go to the file named by `ASSAY_BENCH_JSON` if set, and
//! are printed otherwise. Rates are by processor time of the thread, the median of five.
#![expect(
    clippy::print_stdout,
    clippy::print_stderr,
    clippy::unwrap_used,
    reason = "a bench prints and fails at once"
)]

mod clock;
mod peer;
mod report;
mod season;

use std::hint::black_box;
use std::ops::Range;
use std::time::Instant;

use kernel::Seed;
use tournament::{
    AuctionRules, BLOCK, Block, Path, Results, Scorer, Seal, Simulator, Tally, Visit, best, block_digest,
    reach,
};

use self::clock::{peak_kib, per_second, seconds, seconds_each};
use self::peer::Peer;
use self::report::{Report, Row};
use self::season::Season;

fn main() {
    let words: Vec<String> = std::env::args().collect();
    let season = Season::make();
    if let Some(at) = words.iter().position(|word| word == "field") {
        return std::fs::write(&words[at + 1], season.field()).unwrap();
    }
    // Without the word of `cargo bench` it is a test that everything here still runs.
    let much = if words.iter().any(|word| word == "--bench") { 1000 } else { 1 };
    let peers = peer::from_environment();
    let simulator = Simulator::new(&season.bracket, &season.pairs, &Results::none(&season.bracket), Seed(42));
    season.check_titles("ours", 10_000 * much, &simulator.run(0..10_000 * much, Titles::of(&season)));
    for peer in &peers {
        season.check_titles(&peer.name, peer.simulations, &peer.titles);
    }
    let mut report = Report::default();
    // First, because a peak never falls.
    memory(&season, &simulator, much, &mut report);
    simulated(&simulator, &peers, much, &mut report);
    scored(&season, &simulator, much, &mut report);
    threads(&season, &simulator, much, &mut report);
    exact(&season, much, &mut report);
    sealed(&simulator, much, &mut report);
    report.close();
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

/// How often each team won the last game.
struct Titles {
    last_game: usize,
    titles: Vec<u64>,
}

impl Titles {
    fn of(season: &Season) -> Self {
        Self { last_game: season.bracket.last_game(), titles: vec![0; season.bracket.teams().len()] }
    }
}

impl Visit for Titles {
    type Output = Vec<u64>;

    fn block(&mut self, block: &Block<'_>) {
        for lane in 0..block.lanes {
            self.titles[block.winner(self.last_game, lane)] += 1;
        }
    }

    fn finish(self) -> Vec<u64> {
        self.titles
    }
}

fn memory(season: &Season, simulator: &Simulator, much: u64, report: &mut Report) {
    let peak_after = |n| {
        black_box(simulator.run(0..n, Scorer::new(&season.contest)));
        peak_kib()
    };
    let (few, many) = (100 * much, 10_000 * much);
    let before = peak_after(few);
    report.add(Row {
        work: format!("peak memory, {many} scored"),
        unit: "KiB",
        ours: peak_after(many),
        peer: Some((format!("ours, {few}"), before)),
        note: "whole process; does not grow with n at ratio 1".to_owned(),
    });
}

fn simulated(simulator: &Simulator, peers: &[Peer], much: u64, report: &mut Report) {
    for path in Path::all() {
        let ours = per_second(4_000 * much, |range| {
            black_box(simulator.run_on(path, range, Folded::default()));
        });
        let row = |peer| Row {
            work: format!("simulated, {path:?}"),
            unit: "tournaments/s",
            ours,
            peer,
            note: String::new(),
        };
        if peers.is_empty() {
            report.add(row(None));
        }
        for peer in peers {
            report.add(row(Some((peer.name.clone(), peer.tournaments_per_second))));
        }
    }
}

fn scored(season: &Season, simulator: &Simulator, much: u64, report: &mut Report) {
    for path in Path::all() {
        let ours = per_second(400 * much, |range| {
            black_box(simulator.run_on(path, range, Scorer::new(&season.contest)));
        });
        let work = format!("simulated and scored for 47 entries, {path:?}");
        report.alone(work, "tournaments/s", ours, String::new());
    }
}

/// Two threads at once: the sum of their rates by their own processor time, which leaves out who else had the cores.
fn threads(season: &Season, simulator: &Simulator, much: u64, report: &mut Report) {
    let n = 1_000 * much;
    let score = |range: Range<u64>| -> Tally { simulator.run(range, Scorer::new(&season.contest)) };
    let one = per_second(n, |range| drop(black_box(score(range))));
    let mut both: Vec<(f64, f64)> = (0..5)
        .map(|_| {
            let start = Instant::now();
            let rates = std::thread::scope(|scope| {
                [0..n, n..2 * n]
                    .map(|part| scope.spawn(|| n as f64 / seconds(|| drop(black_box(score(part))))))
                    .map(|thread| thread.join().unwrap())
            });
            (rates[0] + rates[1], 2.0 * n as f64 / start.elapsed().as_secs_f64())
        })
        .collect();
    both.sort_unstable_by(|a, b| a.0.total_cmp(&b.0));
    let wall = both.iter().map(|(_, wall)| *wall).fold(0.0, f64::max);
    report.add(Row {
        work: "simulated and scored for 47 entries, two threads".to_owned(),
        unit: "tournaments/s",
        ours: both[2].0,
        peer: Some(("ours, one thread".to_owned(), one)),
        note: format!("linear at ratio 2; by the wall clock at best {:.2}", wall / one),
    });
}

fn exact(season: &Season, much: u64, report: &mut Report) {
    let prospects = season.prospects();
    let rules = AuctionRules::default();
    let filled = 1e-4 * much as f64;
    let plan = seconds_each(filled, || drop(black_box(best(black_box(&prospects), &rules))));
    report.alone("best bids, 68 teams".to_owned(), "ms", 1e3 * plan, String::new());
    let none = Results::none(&season.bracket);
    let chances = seconds_each(filled, || drop(black_box(reach(&season.bracket, &season.pairs, &none))));
    report.alone("exact chances, 68 teams".to_owned(), "ms", 1e3 * chances, String::new());
}

fn sealed(simulator: &Simulator, much: u64, report: &mut Report) {
    for n in [1_000 * much, 10_000 * much] {
        let mut blocks = Vec::new();
        let making = seconds(|| {
            blocks = (0..n.div_ceil(BLOCK)).map(|block| block_digest(simulator, block, n)).collect();
        });
        let seal = Seal::of_blocks(n, blocks);
        let root = seal.root();
        let mut at = 0;
        let proving = seconds_each(1e-4 * much as f64, || {
            at = (at + n / 7) % n;
            assert!(seal.prove(simulator, at).unwrap().holds(root, n));
        });
        report.alone(
            format!("one simulation of {n} sealed played again, proven and verified"),
            "ms",
            1e3 * proving,
            format!("{:.0} leaves/s sealed", n as f64 / making),
        );
    }
}
