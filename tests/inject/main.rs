//! Putting tags into a stream and taking them out: where, how, and for any page in any pieces.

mod body;
mod frames;
mod properties;
mod scan;
