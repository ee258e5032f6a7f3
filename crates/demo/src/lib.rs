//! The showcase: the retail pipeline as a table of steps over the public API.
