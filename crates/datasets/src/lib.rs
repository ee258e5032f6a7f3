//! Data sets: series that somebody imported, kept as one columnar object under its digest.
//!
//! The same bytes under the same name, read in the same way, are the same data set, however often they are sent. A data
//! set never changes: the object it is kept in is checked against its digest whenever it is read. The object is stored
//! first and the row that names it last, in one short transaction, so that an import is seen whole or not at all,
//! whenever it ends.
//!
//! It knows no HTTP, no run and no model.

mod error;
mod import;
mod object;
mod reader;
mod store;
mod table;
mod written;

pub use error::{DatasetError, ImportError};
pub use import::{MAX_BYTES, Upload, import, inspect};
pub use object::{Object, Unreadable};
pub use reader::{Pinned, Reader};

/// The longest name of a data set, in characters.
pub const MAX_NAME_CHARS: usize = 100;
