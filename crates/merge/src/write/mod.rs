//! Writing: every index of every block, and the bytes of its module.
//!
//! [`blocks`](fn@blocks) is the roof: it writes a module for each block ([`module`]), section by
//! section ([`imports`], [`definitions`], [`segments`], [`code`] and [`inline`], [`hints`], [`names`]). All of them find
//! indices in [`layout`] and [`numbering`].

pub use self::blocks::blocks;

mod blocks;
mod code;
mod confine;
mod copy;
mod definitions;
mod encoder;
mod hints;
mod imports;
mod inline;
mod layout;
mod module;
mod names;
mod numbering;
mod rewrite;
mod segments;
mod start;
