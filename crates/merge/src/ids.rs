//! Typed ids for everything that is kept in a dense arena.
//!
//! Two kinds of number name things here, and they are never mixed: an *id* names an entry of one
//! of the program's own arenas ([`PrimaryMap`](cranelift_entity::PrimaryMap)), an *index* is a
//! position in an index space of a wasm binary.

/// Defines ids: `id! { /// doc \n pub struct FooId("foo"); }`; the string is how it prints.
#[macro_export]
macro_rules! id {
    ($($(#[$attr:meta])* $vis:vis struct $name:ident($prefix:literal);)+) => {
        $(
            $(#[$attr])*
            #[derive(Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
            $vis struct $name(u32);
            cranelift_entity::entity_impl!($name, $prefix);
        )+
    };
}
