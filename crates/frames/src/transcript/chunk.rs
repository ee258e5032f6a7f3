//! Large fields, put together from their pieces in the order of their numbers, whatever order they come in.

use std::collections::BTreeMap;

use serde::{Serialize, Serializer};

use crate::body::{ChunkDelta, ChunkDone, ChunkTarget, Encoding, EntityKind};

#[derive(Debug, Clone, Default)]
pub(super) struct Chunks {
    list: Vec<Field>,
    by_target: BTreeMap<ChunkTarget, usize>,
}

#[derive(Debug, Clone, Serialize)]
struct Field {
    entity_kind: EntityKind,
    entity_id: String,
    field: String,
    part_index: Option<u64>,
    encoding: Encoding,
    /// The pieces from the first to the first that is missing.
    data: String,
    /// How many pieces `data` holds.
    chunks: u64,
    is_done: bool,
    /// Pieces after the first that is missing.
    #[serde(serialize_with = "pieces")]
    early: BTreeMap<u64, String>,
}

fn pieces<S: Serializer>(early: &BTreeMap<u64, String>, serializer: S) -> Result<S::Ok, S::Error> {
    #[derive(Serialize)]
    struct Piece<'a> {
        chunk_index: u64,
        data: &'a str,
    }
    serializer.collect_seq(early.iter().map(|(&chunk_index, data)| Piece { chunk_index, data }))
}

impl Chunks {
    pub(super) fn delta(&mut self, delta: &ChunkDelta) {
        let field = self.field(&delta.target);
        if let Some(encoding) = delta.encoding {
            field.encoding = encoding;
        }
        field.add(delta.chunk_index, &delta.data);
    }

    /// Only this completes a field; more pieces never do.
    pub(super) fn done(&mut self, done: &ChunkDone) {
        self.field(&done.target).is_done = true;
    }

    fn field(&mut self, target: &ChunkTarget) -> &mut Field {
        let at = self.by_target.get(target).copied().unwrap_or_else(|| {
            self.by_target.insert(target.clone(), self.list.len());
            self.list.push(Field::new(target));
            self.list.len() - 1
        });
        &mut self.list[at]
    }
}

impl Field {
    fn new(target: &ChunkTarget) -> Self {
        Self {
            entity_kind: target.entity_kind,
            entity_id: target.entity_id.clone(),
            field: target.field.clone(),
            part_index: target.part_index,
            encoding: Encoding::Utf8,
            data: String::new(),
            chunks: 0,
            is_done: false,
            early: BTreeMap::new(),
        }
    }

    fn add(&mut self, index: u64, data: &str) {
        if index == 0 && self.chunks > 0 {
            self.begin();
        }
        if index > self.chunks {
            self.early.entry(index).or_insert_with(|| data.to_owned());
        } else if index == self.chunks {
            self.push(data);
            while let Some(next) = self.early.remove(&self.chunks) {
                self.push(&next);
            }
        }
    }

    /// A first piece that comes again begins the field anew: another attempt tells it from the start.
    fn begin(&mut self) {
        self.data.clear();
        self.chunks = 0;
        self.is_done = false;
        self.early.clear();
    }

    fn push(&mut self, data: &str) {
        self.data.push_str(data);
        self.chunks += 1;
    }
}

impl Serialize for Chunks {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        self.list.serialize(serializer)
    }
}
