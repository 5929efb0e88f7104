//! The models Packshot knows, and where they are on this machine.

mod descriptor;

pub use descriptor::{
    Activation, ColorOrder, Descriptor, Divisor, DivisorOf, Filter, InputSpec, Layout, OutputSpec, Polarity,
    SizePolicy, Stretch,
};
