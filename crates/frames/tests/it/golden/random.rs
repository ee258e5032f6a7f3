//! Streams nobody would think of: random frames of a small world whose ids meet in every way. What a hand-written
//! story forgets, the two reducers must still agree on.

use frames::*;
use kernel::{Seed, Stream};

use crate::story::*;
use crate::world::{self, Ids, Place};

const FRAMES: usize = 120;

pub(super) fn story(seed: u64) -> Story {
    let mut random = Seed(seed).stream("golden");
    let mut story = Story::of_run();
    for _ in 0..FRAMES {
        let ids = Ids {
            slot: below(&mut random, 3),
            id: below(&mut random, 3),
            index: below(&mut random, 2),
            call: below(&mut random, 3),
        };
        let kind = usize::try_from(below(&mut random, world::KINDS as u64)).unwrap();
        let word = ["", "a", "bc", "ü🌧"][usize::try_from(below(&mut random, 4)).unwrap()];
        let place = Place {
            branch: random.chance(0.4).then(|| below(&mut random, 2)),
            response: random.chance(0.4).then(|| below(&mut random, 2)),
            nested: random.chance(0.2).then(|| below(&mut random, 2)),
        };
        story.say(world::draft(kind, &ids, word, &place));
    }
    story.say(end(FinalStatus::Completed, "enough"));
    story
}

fn below(random: &mut Stream, n: u64) -> u64 {
    let n = i64::try_from(n).unwrap();
    random.integer(0, n - 1).unsigned_abs()
}
