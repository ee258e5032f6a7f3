//! Stores, products, calendar, sales and their neighbours; the generator; availability.
//!
//! Every function takes the [`kernel::Tenant`] whose rows it may see. Money is whole cents.

pub mod availability;
pub mod dimension;
pub mod generator;
pub mod history;
pub mod seeder;
pub mod world;

mod check;
mod sql;
mod table;
mod unfinished;
mod window;

pub use unfinished::{PATIENCE, is_any_unfinished};
pub use window::{InvalidWindow, Window};
