//! What a stream's writer must know of its past, and what it decides by that about an append.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use crate::frame::Written;
use crate::{Error, Offset};

/// How many producers a stream remembers. Of more, the one that wrote longest ago is forgotten.
const MAX_PRODUCERS: usize = 4096;

/// Who appends, so that an append which is sent again is not stored again.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Producer {
    /// Its name in this stream.
    pub id: String,
    /// Grows with each restart of the producer; earlier epochs are refused from then on.
    pub epoch: u64,
    /// Of this append within the epoch, from 0.
    pub seq: u64,
}

/// One append, checked.
#[derive(Debug)]
pub(crate) struct Append {
    pub pieces: Vec<String>,
    pub producer: Option<Producer>,
    /// Its place in an order that the writers have agreed on.
    pub order: Option<String>,
    /// The stream ends with it.
    pub closes: bool,
}

/// What became of an append.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Appended {
    /// After it.
    pub end: Offset,
    /// The stream is closed.
    pub is_closed: bool,
    /// The epoch of the producer, and its highest seq in it.
    pub producer: Option<(u64, u64)>,
    /// It had been stored before.
    pub is_duplicate: bool,
}

/// What is known of a stream by its frames.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Memory {
    order: Option<String>,
    producers: BTreeMap<String, Standing>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
struct Standing {
    epoch: u64,
    seq: u64,
    /// The frame of its last append.
    at: u64,
}

/// What is to be done with an append.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum Verdict {
    Store,
    /// Stored before; this is the producer's highest seq.
    Known(u64),
}

impl Memory {
    /// Takes in a stored frame.
    pub(crate) fn recall(&mut self, seq: u64, mut written: Written) {
        if let Some(producer) = written.by() {
            self.note_producer(seq, producer);
        }
        if written.order.is_some() {
            self.order = written.order;
        }
    }

    /// Takes in an append whose last frame has this seq.
    pub(crate) fn note(&mut self, seq: u64, append: &Append) {
        if let Some(producer) = &append.producer {
            self.note_producer(seq, producer.clone());
        }
        if append.order.is_some() {
            self.order.clone_from(&append.order);
        }
    }

    fn note_producer(&mut self, at: u64, producer: Producer) {
        let Producer { id, epoch, seq } = producer;
        self.producers.insert(id, Standing { epoch, seq, at });
        if self.producers.len() > MAX_PRODUCERS {
            let oldest = self.producers.iter().min_by_key(|(_, standing)| standing.at);
            let oldest = oldest.map(|(id, _)| id.clone());
            oldest.and_then(|id| self.producers.remove(&id));
        }
    }

    /// What to do with an append to a stream that ends at `end`. A producer's own append is known before it is asked
    /// whether the stream is closed, so that whoever closed it may say so again.
    pub(crate) fn judge(&self, append: &Append, is_closed: bool, end: Offset) -> Result<Verdict, Error> {
        let known = match &append.producer {
            Some(producer) => self.judge_producer(producer, is_closed)?,
            None => None,
        };
        if let Some(seq) = known {
            return Ok(Verdict::Known(seq));
        }
        let says_only_close = append.closes && append.pieces.is_empty() && append.producer.is_none();
        if is_closed && !says_only_close {
            return Err(Error::Closed { end });
        }
        match (&append.order, &self.order) {
            (Some(given), Some(last)) if given <= last => {
                Err(Error::OutOfOrder { last: last.clone(), given: given.clone() })
            }
            _ => Ok(Verdict::Store),
        }
    }

    /// The producer's highest seq, if this append is stored already.
    fn judge_producer(&self, producer: &Producer, is_closed: bool) -> Result<Option<u64>, Error> {
        let Producer { id, epoch, seq } = producer;
        let expected = match self.producers.get(id) {
            None => 0,
            Some(standing) if *epoch < standing.epoch => {
                return Err(Error::StaleEpoch { current: standing.epoch });
            }
            Some(standing) if *epoch > standing.epoch && *seq != 0 => {
                return Err(Error::EpochStart { given: *seq });
            }
            Some(standing) if *epoch > standing.epoch => 0,
            Some(standing) if *seq <= standing.seq => return Ok(Some(standing.seq)),
            Some(standing) => standing.seq + 1,
        };
        if *seq == expected || is_closed {
            return Ok(None);
        }
        Err(Error::ProducerGap { expected, given: *seq })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn append(id: &str, epoch: u64, seq: u64) -> Append {
        let producer = Some(Producer { id: id.to_owned(), epoch, seq });
        Append { pieces: vec!["\"text\":\"x\"".to_owned()], producer, order: None, closes: false }
    }

    fn ordered(order: &str) -> Append {
        Append { producer: None, order: Some(order.to_owned()), ..append("", 0, 0) }
    }

    fn code(memory: &Memory, append: &Append) -> Result<Verdict, &'static str> {
        memory.judge(append, false, Offset::START).map_err(|error| kernel::Fault::code(&error))
    }

    #[test]
    fn a_producer_goes_on_by_one_and_a_later_epoch_shuts_out_the_earlier_one() {
        let mut memory = Memory::default();
        assert_eq!(code(&memory, &append("p", 0, 1)), Err("PRODUCER_GAP"));
        assert_eq!(code(&memory, &append("p", 3, 0)), Ok(Verdict::Store));
        memory.note(1, &append("p", 3, 0));
        memory.note(2, &append("p", 3, 1));
        for (epoch, seq, expected) in [
            (3, 2, Ok(Verdict::Store)),
            (3, 1, Ok(Verdict::Known(1))),
            (3, 0, Ok(Verdict::Known(1))),
            (3, 3, Err("PRODUCER_GAP")),
            (2, 9, Err("PRODUCER_STALE_EPOCH")),
            (4, 1, Err("PRODUCER_EPOCH_START")),
            (4, 0, Ok(Verdict::Store)),
        ] {
            assert_eq!(code(&memory, &append("p", epoch, seq)), expected, "{epoch} {seq}");
        }
        assert_eq!(code(&memory, &append("q", 0, 0)), Ok(Verdict::Store));
    }

    #[test]
    fn an_order_grows_as_text() {
        let mut memory = Memory::default();
        memory.note(1, &ordered("09"));
        assert_eq!(code(&memory, &ordered("10")), Ok(Verdict::Store));
        for order in ["09", "08", "0"] {
            assert_eq!(code(&memory, &ordered(order)), Err("STREAM_SEQ_CONFLICT"), "{order}");
        }
    }

    #[test]
    fn a_closed_stream_knows_what_is_stored_and_takes_nothing_else() {
        let mut memory = Memory::default();
        memory.note(1, &append("p", 0, 0));
        let judge = |append: &Append| memory.judge(append, true, Offset(1));
        assert_eq!(judge(&append("p", 0, 0)).unwrap(), Verdict::Known(0));
        assert!(matches!(judge(&append("p", 0, 1)), Err(Error::Closed { end: Offset(1) })));
        assert!(matches!(judge(&append("q", 0, 0)), Err(Error::Closed { .. })));
        let close = Append { pieces: Vec::new(), producer: None, order: None, closes: true };
        assert_eq!(judge(&close).unwrap(), Verdict::Store);
    }

    #[test]
    fn of_too_many_producers_the_one_that_wrote_longest_ago_is_forgotten() {
        let mut memory = Memory::default();
        for seq in 0..=MAX_PRODUCERS as u64 {
            memory.note(seq + 1, &append(&format!("p{seq}"), 0, 0));
        }
        assert_eq!(memory.producers.len(), MAX_PRODUCERS);
        assert_eq!(code(&memory, &append("p0", 0, 1)), Err("PRODUCER_GAP"));
        assert_eq!(code(&memory, &append("p1", 0, 0)), Ok(Verdict::Known(0)));
    }
}
