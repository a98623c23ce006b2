//! Inserting tags into a stream and removing them: where, how, and for any page in any pieces.

mod body;
mod frames;
mod html5lib;
mod properties;
mod scanner;
