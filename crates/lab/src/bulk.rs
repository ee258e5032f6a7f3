//! Many runs at once: those that are missing are proposed with every upstream by its id, and what was proposed is
//! submitted as it is. Where there are several upstreams to choose from nothing is chosen; a person does.

mod propose;
mod submit;
