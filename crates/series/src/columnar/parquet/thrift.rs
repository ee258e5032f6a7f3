//! Walking over a structure of Thrift's compact protocol without taking it in.
//!
//! What a Parquet file says of itself is such a structure: the footer, and a header before every page. The decoder
//! believes the lengths declared there. This walk does not: every element of a list takes at least one byte, so a list
//! that declares more elements than bytes are left is refused, and the walk is never longer than the bytes.
//! (Thrift compact protocol, `apache/thrift/doc/specs/thrift-compact-protocol.md`.)

/// Structures within structures: a schema is a flat list, statistics are three deep.
const DEEPEST: usize = 32;

/// A place in the bytes. Every step gives `None` where the bytes are no such structure or end too early.
pub(super) struct Walk<'a> {
    bytes: &'a [u8],
    at: usize,
}

impl<'a> Walk<'a> {
    pub(super) const fn new(bytes: &'a [u8]) -> Self {
        Self { bytes, at: 0 }
    }

    /// Over one structure. `number` is given the identifier and the value of each of its own whole numbers. Gives how
    /// many bytes it takes.
    pub(super) fn over(mut self, number: &mut dyn FnMut(i64, i64)) -> Option<usize> {
        self.structure(DEEPEST, number)?;
        Some(self.at)
    }

    fn structure(&mut self, depth: usize, number: &mut dyn FnMut(i64, i64)) -> Option<()> {
        let depth = depth.checked_sub(1)?;
        let mut id = 0_i64;
        loop {
            let header = self.byte()?;
            if header == 0 {
                return Some(());
            }
            id = match header >> 4 {
                0 => self.whole()?,
                step => id.checked_add(i64::from(step))?,
            };
            match header & 0x0F {
                // The type of a boolean field is its value.
                1 | 2 => {}
                4..=6 => number(id, self.whole()?),
                kind => self.value(kind, depth)?,
            }
        }
    }

    fn value(&mut self, kind: u8, depth: usize) -> Option<()> {
        match kind {
            1..=3 => self.skip(1),
            4..=6 => self.whole().map(|_| ()),
            7 => self.skip(8),
            8 => {
                let length = self.length()?;
                self.skip(length)
            }
            9 | 10 => self.list(depth.checked_sub(1)?),
            11 => self.map(depth.checked_sub(1)?),
            12 => self.structure(depth, &mut |_, _| {}),
            13 => self.skip(16),
            _ => None,
        }
    }

    fn list(&mut self, depth: usize) -> Option<()> {
        let header = self.byte()?;
        let count = match header >> 4 {
            15 => self.length()?,
            few => usize::from(few),
        };
        self.affords(count)?;
        (0..count).try_for_each(|_| self.value(header & 0x0F, depth))
    }

    fn map(&mut self, depth: usize) -> Option<()> {
        let count = self.length()?;
        if count == 0 {
            return Some(());
        }
        self.affords(count)?;
        let kinds = self.byte()?;
        (0..count).try_for_each(|_| {
            self.value(kinds >> 4, depth)?;
            self.value(kinds & 0x0F, depth)
        })
    }

    /// Whether so many elements can be left.
    fn affords(&self, count: usize) -> Option<()> {
        (count <= self.bytes.len() - self.at).then_some(())
    }

    fn byte(&mut self) -> Option<u8> {
        let byte = *self.bytes.get(self.at)?;
        self.at += 1;
        Some(byte)
    }

    fn skip(&mut self, bytes: usize) -> Option<()> {
        self.affords(bytes)?;
        self.at += bytes;
        Some(())
    }

    fn length(&mut self) -> Option<usize> {
        usize::try_from(self.varint()?).ok()
    }

    /// A whole number, whose sign is in its lowest bit.
    fn whole(&mut self) -> Option<i64> {
        let bits = self.varint()?;
        Some((bits >> 1).cast_signed() ^ -(bits & 1).cast_signed())
    }

    fn varint(&mut self) -> Option<u64> {
        let mut number = 0;
        for shift in (0..64).step_by(7) {
            let byte = self.byte()?;
            number |= u64::from(byte & 0x7F) << shift;
            if byte < 0x80 {
                return Some(number);
            }
        }
        None
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn numbers(bytes: &[u8]) -> Option<(usize, Vec<(i64, i64)>)> {
        let mut found = Vec::new();
        let length = Walk::new(bytes).over(&mut |id, value| found.push((id, value)))?;
        Some((length, found))
    }

    #[test]
    fn a_structure_is_walked_over_and_its_own_numbers_are_told() {
        // 1: i32 −2; 3: "ab"; 4: [true, false]; 5: {1: i32 7}; 20: i64 300, its identifier written out.
        let bytes =
            [0x15, 3, 0x28, 2, b'a', b'b', 0x19, 0x21, 1, 2, 0x1C, 0x15, 14, 0, 0x06, 40, 0xD8, 4, 0, 99];
        assert_eq!(numbers(&bytes), Some((19, vec![(1, -2), (20, 300)])));
        for end in 0..19 {
            assert_eq!(numbers(&bytes[..end]), None, "cut off at {end}");
        }
    }

    #[test]
    fn more_elements_than_bytes_and_endless_nesting_are_refused() {
        // 1: a list of 2^31 booleans.
        assert_eq!(numbers(&[0x19, 0xF1, 0x80, 0x80, 0x80, 0x80, 8, 1, 1, 0]), None);
        assert_eq!(numbers(&[0x1C; 1000]), None);
        assert_eq!(numbers(&[0x19; 1000]), None);
    }
}
