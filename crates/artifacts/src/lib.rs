//! Content-addressed objects on disk.
