//! Types with handles in them: how they are written, and where the parts of their values are.

use std::fmt::Write;

/// A type. Resources are taken modulo the number of those that are known.
#[derive(Clone, Debug, PartialEq)]
#[allow(missing_docs, reason = "as in the component model")]
pub enum Ty {
    U8,
    U32,
    Own(u32),
    Borrow(u32),
    List(Box<Ty>),
    Fixed(Box<Ty>, u32),
    Option(Box<Ty>),
    Result(Box<Ty>, Box<Ty>),
    Tuple(Vec<Ty>),
}

/// Parameters and result of a function.
pub fn signature(params: &[Ty], result: Option<&Ty>) -> String {
    let mut out = String::new();
    for (n, ty) in params.iter().enumerate() {
        let _ = write!(out, " (param \"p{n}\" {})", name(ty));
    }
    if let Some(ty) = result {
        let _ = write!(out, " (result {})", name(ty));
    }
    out
}

/// In the text format.
pub fn name(ty: &Ty) -> String {
    match ty {
        Ty::U8 => "u8".into(),
        Ty::U32 => "u32".into(),
        Ty::Own(of) => format!("(own $r{of})"),
        Ty::Borrow(of) => format!("(borrow $r{of})"),
        Ty::List(ty) => format!("(list {})", name(ty)),
        Ty::Fixed(ty, n) => format!("(list {} {n})", name(ty)),
        Ty::Option(ty) => format!("(option {})", name(ty)),
        Ty::Result(ok, error) => format!("(result {} (error {}))", name(ok), name(error)),
        Ty::Tuple(types) => {
            format!("(tuple {})", types.iter().map(name).collect::<Vec<_>>().join(" "))
        }
    }
}

/// How many core values a value is.
pub fn flat(ty: &Ty) -> u32 {
    match ty {
        Ty::U8 | Ty::U32 | Ty::Own(_) | Ty::Borrow(_) => 1,
        Ty::List(_) => 2,
        Ty::Fixed(ty, n) => n * flat(ty),
        Ty::Option(ty) => 1 + flat(ty),
        Ty::Result(ok, error) => 1 + flat(ok).max(flat(error)),
        Ty::Tuple(types) => flat_of(types),
    }
}

/// How many core values some are.
pub fn flat_of(types: &[Ty]) -> u32 {
    types.iter().map(flat).sum()
}

/// Alignment in memory.
pub fn align(ty: &Ty) -> u32 {
    match ty {
        Ty::U8 => 1,
        Ty::U32 | Ty::Own(_) | Ty::Borrow(_) | Ty::List(_) => 4,
        Ty::Fixed(ty, _) | Ty::Option(ty) => align(ty),
        Ty::Result(ok, error) => align(ok).max(align(error)),
        Ty::Tuple(types) => types.iter().map(align).max().unwrap_or(1),
    }
}

/// Bytes in memory.
pub fn size(ty: &Ty) -> u32 {
    match ty {
        Ty::U8 => 1,
        Ty::U32 | Ty::Own(_) | Ty::Borrow(_) => 4,
        Ty::List(_) => 8,
        Ty::Fixed(ty, n) => n * size(ty),
        Ty::Option(some) => (align(ty) + size(some)).next_multiple_of(align(ty)),
        Ty::Result(ok, error) => {
            (align(ty) + size(ok).max(size(error))).next_multiple_of(align(ty))
        }
        Ty::Tuple(types) => {
            let end = types.iter().zip(offsets(types)).map(|(ty, offset)| offset + size(ty)).max();
            end.unwrap_or(0).next_multiple_of(align(ty))
        }
    }
}

/// Of the fields of a tuple.
pub fn offsets(types: &[Ty]) -> Vec<u32> {
    let mut at = 0;
    let mut offsets = Vec::new();
    for ty in types {
        at = u32::next_multiple_of(at, align(ty));
        offsets.push(at);
        at += size(ty);
    }
    offsets
}
