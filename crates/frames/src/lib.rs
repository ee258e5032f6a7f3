//! The frame contract: envelope, kinds, validator, hash chain, transcript reducer.
