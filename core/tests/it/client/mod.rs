//! The client of the hosted service, against a transport that plays a script, and a clock that is paused.

mod calls;
mod contract;
mod exactly_once;
mod http;
mod journal;
mod pages;
mod redacted;
mod retries;
mod script;
mod sessions;
mod stores;
mod unknown_words;
