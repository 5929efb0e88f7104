//! The service, from outside.

mod credits;
mod postgres;
mod stores;
