//! Append, follow, read and verify the frames of a run.
