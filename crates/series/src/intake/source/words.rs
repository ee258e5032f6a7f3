//! The distinct words of a column, met one cell after the other.

use std::hash::{BuildHasher, RandomState};

/// Numbers the words of a column in the order in which they first appear.
///
/// Most cells are the word of the row above, as ids are in a table sorted by series, or the word that followed that one
/// before, as dates are from the second series on. Both are tried before anything is hashed, as long as it helps: in a
/// column of many different numbers it would only fetch memory from afar, which is what the time goes into.
pub(super) struct Dictionary {
    /// The bytes of all words, one after the other.
    bytes: Vec<u8>,
    /// Where each word ends in them.
    ends: Vec<usize>,
    /// The word that followed each word last time.
    followers: Vec<u32>,
    /// A power of two of them, half of them free.
    slots: Vec<Slot>,
    /// So that nobody can make words that all have one hash.
    seed: u64,
    of_row: Vec<u32>,
    last: u32,
    /// Guesses that were right lately, less those that were wrong.
    luck: u32,
    /// Cells of the last rows that are looked up together.
    waiting: Vec<Waiting>,
    /// Their bytes.
    waiting_bytes: Vec<u8>,
}

/// A cell that is not looked up yet.
#[derive(Clone, Copy)]
struct Waiting {
    mark: Mark,
    hash: u32,
    /// Where it ends in the bytes of those that wait.
    end: usize,
}

/// A place in the table of words.
#[derive(Clone, Copy, Default)]
struct Slot {
    mark: Mark,
    hash: u32,
    /// The number of the word plus one; zero if the place is free.
    number: u32,
}

/// A short word as a whole, or the beginning of a longer one: compared where it is found, without a look at the words,
/// which are far away.
#[derive(Clone, Copy, Default, PartialEq, Eq)]
struct Mark([u64; 2]);

/// Slots of a dictionary without words.
const FEWEST_SLOTS: usize = 16;
/// Words up to so many bytes are in their mark as a whole, and the last byte of the mark is their length.
const SHORT: usize = 15;
/// Luck after a right guess where there was none, and the most there is.
const LUCK: (u32, u32) = (8, 64);
/// Without luck so many cells wait for each other, and then one is guessed.
const MOST_WAITING: usize = 31;

impl Dictionary {
    pub(super) fn new() -> Self {
        Self {
            bytes: Vec::new(),
            ends: Vec::new(),
            followers: Vec::new(),
            slots: vec![Slot::default(); FEWEST_SLOTS],
            seed: RandomState::new().hash_one(0_u64),
            of_row: Vec::new(),
            last: 0,
            luck: LUCK.0,
            waiting: Vec::new(),
            waiting_bytes: Vec::new(),
        }
    }

    /// The cell of the next row. The caller sees to it that there are fewer than 2^32 rows.
    pub(super) fn push(&mut self, word: &[u8]) {
        if self.luck == 0 && self.waiting.len() < MOST_WAITING {
            return self.wait(word);
        }
        self.look_up_waiting();
        let number = self.guessed(word);
        self.last = number;
        self.of_row.push(number);
    }

    /// Each word once, and which of them each row has.
    pub(super) fn finish<T>(mut self, to_word: impl Fn(&[u8]) -> T) -> (Vec<T>, Vec<u32>) {
        self.look_up_waiting();
        let begins = std::iter::once(0).chain(self.ends.iter().copied());
        let words = begins.zip(&self.ends).map(|(from, &end)| to_word(&self.bytes[from..end])).collect();
        (words, self.of_row)
    }

    /// Whether all rows so far have the empty word.
    pub(super) fn is_blank(&self) -> bool {
        self.bytes.is_empty() && self.waiting_bytes.is_empty()
    }

    fn wait(&mut self, word: &[u8]) {
        let mark = Mark::of(word);
        self.waiting_bytes.extend_from_slice(word);
        self.waiting.push(Waiting { mark, hash: mark.hash(word, self.seed), end: self.waiting_bytes.len() });
    }

    /// Looks at the places of all cells that wait before it needs the first, so that they are fetched at the same time.
    fn look_up_waiting(&mut self) {
        let mut waiting = std::mem::take(&mut self.waiting);
        let mut bytes = std::mem::take(&mut self.waiting_bytes);
        let last_slot = self.slots.len() - 1;
        let free =
            waiting.iter().filter(|cell| self.slots[cell.hash as usize & last_slot].number == 0).count();
        self.ends.reserve(free);
        let mut from = 0;
        for cell in &waiting {
            self.last = self.find_or_add(&bytes[from..cell.end], cell.mark, cell.hash);
            self.of_row.push(self.last);
            from = cell.end;
        }
        waiting.clear();
        bytes.clear();
        (self.waiting, self.waiting_bytes) = (waiting, bytes);
    }

    /// Tries the word of the row above and the one that followed it before.
    fn guessed(&mut self, word: &[u8]) -> u32 {
        let follower = self.followers.get(self.last as usize).copied();
        let guesses = follower.into_iter().flat_map(|follower| [self.last, follower]);
        let guess = guesses.into_iter().find(|&number| self.word(number) == word);
        let number = if let Some(number) = guess {
            self.luck = if self.luck == 0 { LUCK.0 } else { LUCK.1.min(self.luck + 1) };
            number
        } else {
            self.luck = self.luck.saturating_sub(1);
            let mark = Mark::of(word);
            self.find_or_add(word, mark, mark.hash(word, self.seed))
        };
        if let Some(follower) = self.followers.get_mut(self.last as usize) {
            *follower = number;
        }
        number
    }

    fn word(&self, number: u32) -> &[u8] {
        let number = number as usize;
        let from = if number == 0 { 0 } else { self.ends[number - 1] };
        &self.bytes[from..self.ends[number]]
    }

    fn find_or_add(&mut self, word: &[u8], mark: Mark, hash: u32) -> u32 {
        let last_slot = self.slots.len() - 1;
        let mut at = hash as usize & last_slot;
        while self.slots[at].number > 0 {
            let slot = self.slots[at];
            let number = slot.number - 1;
            if slot.mark == mark && (word.len() <= SHORT || slot.hash == hash && self.word(number) == word) {
                return number;
            }
            at = (at + 1) & last_slot;
        }
        self.add(word, Slot { mark, hash, number: 0 }, at)
    }

    fn add(&mut self, word: &[u8], slot: Slot, at: usize) -> u32 {
        let number = u32::try_from(self.ends.len()).expect("there are no more words than rows");
        self.bytes.extend_from_slice(word);
        self.ends.push(self.bytes.len());
        self.followers.push(number);
        self.slots[at] = Slot { number: number + 1, ..slot };
        if self.ends.len() * 4 > self.slots.len() * 3 {
            self.grow();
        }
        number
    }

    fn grow(&mut self) {
        let last_slot = self.slots.len() * 2 - 1;
        let slots = std::mem::replace(&mut self.slots, vec![Slot::default(); last_slot + 1]);
        for slot in slots.into_iter().filter(|slot| slot.number > 0) {
            let mut at = slot.hash as usize & last_slot;
            while self.slots[at].number > 0 {
                at = (at + 1) & last_slot;
            }
            self.slots[at] = slot;
        }
    }
}

impl Mark {
    fn of(word: &[u8]) -> Self {
        let mut bytes = [0; SHORT + 1];
        let length = word.len().min(SHORT);
        bytes[..length].copy_from_slice(&word[..length]);
        bytes[SHORT] = u8::try_from(word.len().min(SHORT + 1)).expect("it is at most sixteen");
        let (halves, _) = bytes.as_chunks::<8>();
        Self([u64::from_le_bytes(halves[0]), u64::from_le_bytes(halves[1])])
    }

    /// Multiplies eight bytes at a time and folds the product, as wyhash does.
    fn hash(self, word: &[u8], seed: u64) -> u32 {
        let mut state = fold(fold(seed ^ self.0[0]) ^ self.0[1]);
        if let Some(rest) = word.get(SHORT..) {
            for chunk in rest.chunks(8) {
                let mut bytes = [0; 8];
                bytes[..chunk.len()].copy_from_slice(chunk);
                state = fold(state ^ u64::from_le_bytes(bytes) ^ chunk.len() as u64);
            }
        }
        low(state ^ state >> 32)
    }
}

fn fold(number: u64) -> u64 {
    let (low, high) = number.carrying_mul(0x9E37_79B9_7F4A_7C15, 0);
    low ^ high
}

#[expect(clippy::cast_possible_truncation, reason = "the upper half is left out")]
const fn low(number: u64) -> u32 {
    number as u32
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    proptest! {
        #[test]
        fn rows_have_their_words_and_no_word_is_there_twice(cells in proptest::collection::vec("[ab]{0,3}|[a-z0-9]{2,20}|[a-z]{14}[ab]{1,12}", 0..400)) {
            let mut dictionary = Dictionary::new();
            for cell in &cells {
                dictionary.push(cell.as_bytes());
            }
            let (words, of_row) = dictionary.finish(|word| String::from_utf8(word.to_vec()).unwrap());
            let read: Vec<&String> = of_row.iter().map(|&number| &words[number as usize]).collect();
            prop_assert_eq!(read, cells.iter().collect::<Vec<_>>());
            let mut first_seen: Vec<&String> = Vec::new();
            for cell in &cells {
                if !first_seen.contains(&cell) {
                    first_seen.push(cell);
                }
            }
            prop_assert_eq!(words.iter().collect::<Vec<_>>(), first_seen);
        }
    }
}
