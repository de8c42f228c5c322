//! Layouts and flat types against vectors from the specification's own code.
//!
//! `tests/abi-vectors.txt` is printed by `scripts/abi-vectors.py`; a type in it is a word or a list
//! in parentheses, `_` is no type, and labels are only counted.

use super::*;
use crate::error::Result;
use crate::options::Limits;
use crate::plan::{FuncType, Primitive, Type, TypeId, Types};

const VECTORS: &str = include_str!("../../tests/abi-vectors.txt");

/// A line, and the core type of pointers that it is for.
type Vector = (ValType, &'static str);

/// The lines with types, and those with functions.
fn vectors() -> (Vec<Vector>, Vec<Vector>) {
    let parts = [(ValType::I32, "# pointers i32"), (ValType::I64, "# pointers i64")];
    let lines = parts.into_iter().flat_map(|(pointer, heading)| {
        let lines = VECTORS.lines().skip_while(move |line| *line != heading).skip(1);
        let lines = lines.take_while(|line| !line.starts_with("# pointers"));
        lines.filter(|line| !line.starts_with('#')).map(move |line| (pointer, line))
    });
    lines.partition(|(_, line)| !line.contains("->"))
}

#[test]
fn constants_are_the_specifications() {
    for (name, value) in [
        ("MAX_FLAT_PARAMS", MAX_FLAT_PARAMS),
        ("MAX_FLAT_RESULTS", MAX_FLAT_RESULTS),
        ("MAX_STRING_BYTE_LENGTH", MAX_STRING_BYTE_LENGTH as usize),
        ("MAX_LIST_BYTE_LENGTH", MAX_LIST_BYTE_LENGTH as usize),
    ] {
        let line = format!("# {name} {value}");
        assert!(VECTORS.lines().any(|vector| vector == line), "{line}");
    }
}

#[test]
fn values_have_the_layout_and_the_flat_types_of_the_specification() -> Result<()> {
    let (lines, _) = vectors();
    assert!(lines.len() > 800, "the table has {} types", lines.len());
    for (pointer, line) in lines {
        let mut types = Types::new(&limits());
        let mut words = Words::of(line.split(" : ").next().unwrap_or_default());
        let ty = words.ty(&mut types)?.expect("is a type");
        let abi = Abi::new(&types, pointer);
        let Layout { size, align } = abi.layout(ty)?;
        let flat = abi.flat(ty).map_or("-".into(), names);
        let found = format!("{} : {size} {align} : {flat}", words.text);
        assert_eq!(found, line);
    }
    Ok(())
}

#[test]
fn functions_have_the_core_types_of_the_specification() -> Result<()> {
    let (_, lines) = vectors();
    assert!(lines.len() > 200, "the table has {} functions", lines.len());
    for (pointer, line) in lines {
        let mut types = Types::new(&limits());
        let mut words = Words::of(line.split(" : ").next().unwrap_or_default());
        let params = words.list(&mut types)?;
        assert_eq!(words.next(), "->");
        let result = words.ty(&mut types)?;
        let params = params.into_iter().flatten().map(|ty| ("".into(), ty)).collect();
        let ty = FuncType { async_: false, params, result };
        let abi = Abi::new(&types, pointer);
        let side = |side| {
            let Signature { ty, .. } = abi.flatten(&ty, side);
            format!("({}) -> ({})", names(ty.params()), names(ty.results()))
        };
        let found = format!("{} : {} : {}", words.text, side(Side::Lift), side(Side::Lower));
        assert_eq!(found, line);
    }
    Ok(())
}

#[test]
fn what_is_spilled_is_what_does_not_fit() -> Result<()> {
    let mut types = Types::new(&limits());
    let word = types.primitive(Primitive::U32)?;
    let pair = types.define(Type::Tuple([word, word].into()))?;
    let abi = Abi::new(&types, ValType::I32);
    let signature = |params: usize, result| {
        let params = (0..params).map(|_| ("".into(), word)).collect();
        abi.flatten(&FuncType { async_: false, params, result }, Side::Lower)
    };
    let spilled = |s: Signature| (s.spilled_params, s.spilled_results);
    assert_eq!(spilled(signature(16, Some(word))), (false, false));
    assert_eq!(spilled(signature(16, Some(pair))), (false, true));
    assert_eq!(spilled(signature(17, None)), (true, false));
    Ok(())
}

#[test]
fn a_value_larger_than_the_longest_list_has_no_layout() -> Result<()> {
    let mut types = Types::new(&limits());
    let mut ty = types.primitive(Primitive::U64)?;
    for _ in 0..10 {
        ty = types.define(Type::FixedLengthList(ty, u32::MAX))?;
    }
    let abi = Abi::new(&types, ValType::I32);
    let error = abi.layout(ty).expect_err("is too large");
    assert_eq!(error.code(), Code::LimitExceeded);
    Ok(())
}

#[test]
fn only_values_without_padding_and_invalid_patterns_are_copied_as_bytes() -> Result<()> {
    for (text, copyable) in [
        ("u8", true),
        ("f64", true),
        ("bool", false),
        ("char", false),
        ("string", false),
        ("(flags 8)", true),
        ("(flags 7)", false),
        ("(enum 256)", false),
        ("(tuple u8 u8 u16)", true),
        ("(tuple u8 u16)", false),
        ("(tuple u16 u8)", false),
        ("(list u32 3)", true),
        ("(list (tuple u8 u16) 3)", false),
        ("(option u8)", false),
        ("(list u8)", false),
        ("own", false),
    ] {
        let mut types = Types::new(&limits());
        let ty = Words::of(text).ty(&mut types)?.expect("is a type");
        assert_eq!(Abi::new(&types, ValType::I32).is_copyable(ty), copyable, "{text}");
    }
    Ok(())
}

fn limits() -> Limits {
    Limits::default()
}

fn names(types: &[ValType]) -> String {
    let names: Vec<_> = types.iter().map(|ty| format!("{ty:?}").to_lowercase()).collect();
    names.join(" ")
}

/// The words of a type in the table.
struct Words {
    text: &'static str,
    rest: std::vec::IntoIter<String>,
}

impl Words {
    fn of(text: &'static str) -> Words {
        let spaced = text.replace('(', " ( ").replace(')', " ) ");
        let words: Vec<_> = spaced.split_whitespace().map(str::to_string).collect();
        Words { text, rest: words.into_iter() }
    }

    fn next(&mut self) -> String {
        self.rest.next().expect("the type goes on")
    }

    /// A parenthesis, types, and a parenthesis.
    fn list(&mut self, types: &mut Types) -> Result<Vec<Option<TypeId>>> {
        assert_eq!(self.next(), "(");
        self.until_closed(types)
    }

    fn until_closed(&mut self, types: &mut Types) -> Result<Vec<Option<TypeId>>> {
        let mut list = Vec::new();
        while self.rest.as_slice().first().is_some_and(|word| word != ")") {
            list.push(self.ty(types)?);
        }
        assert_eq!(self.next(), ")");
        Ok(list)
    }

    fn number(&mut self) -> u32 {
        self.next().parse().expect("is a number")
    }

    fn ty(&mut self, types: &mut Types) -> Result<Option<TypeId>> {
        let word = self.next();
        if word != "(" {
            return primitive(&word, types);
        }
        let constructor = self.next();
        let labels = |count: u32| (0..count).map(|i| i.to_string().into()).collect();
        let ty = match constructor.as_str() {
            "flags" => Type::Flags(labels(self.number())),
            "enum" => Type::Enum(labels(self.number())),
            "list" => {
                let element = self.ty(types)?.expect("lists have elements");
                match self.rest.as_slice().first() {
                    Some(word) if word == ")" => Type::List(element),
                    _ => Type::FixedLengthList(element, self.number()),
                }
            }
            constructor => {
                let parts = self.until_closed(types)?;
                return composite(constructor, &parts, types).map(Some);
            }
        };
        assert_eq!(self.next(), ")");
        types.define(ty).map(Some)
    }
}

fn composite(constructor: &str, parts: &[Option<TypeId>], types: &mut Types) -> Result<TypeId> {
    let known = || parts.iter().map(|part| part.expect("is a type"));
    let label = |i: usize| i.to_string().into();
    let ty = match (constructor, parts) {
        ("record", _) => Type::Record(known().enumerate().map(|(i, ty)| (label(i), ty)).collect()),
        ("tuple", _) => Type::Tuple(known().collect()),
        ("variant", _) => {
            Type::Variant(parts.iter().enumerate().map(|(i, ty)| (label(i), *ty)).collect())
        }
        ("option", [Some(ty)]) => Type::Option(*ty),
        ("result", [ok, err]) => Type::Result { ok: *ok, err: *err },
        ("map", [Some(key), Some(value)]) => {
            let entry = types.define(Type::Tuple([*key, *value].into()))?;
            Type::Map { key: *key, value: *value, entry }
        }
        _ => panic!("`{constructor}` of {} types", parts.len()),
    };
    types.define(ty)
}

fn primitive(word: &str, types: &mut Types) -> Result<Option<TypeId>> {
    let ty = match word {
        "_" => return Ok(None),
        "own" | "borrow" => {
            let resource = types.define(Type::Resource(crate::plan::ResourceId::from_u32(0)))?;
            let handle = if word == "own" { Type::Own(resource) } else { Type::Borrow(resource) };
            return types.define(handle).map(Some);
        }
        "bool" => Primitive::Bool,
        "s8" => Primitive::S8,
        "u8" => Primitive::U8,
        "s16" => Primitive::S16,
        "u16" => Primitive::U16,
        "s32" => Primitive::S32,
        "u32" => Primitive::U32,
        "s64" => Primitive::S64,
        "u64" => Primitive::U64,
        "f32" => Primitive::F32,
        "f64" => Primitive::F64,
        "char" => Primitive::Char,
        "string" => Primitive::String,
        _ => panic!("`{word}` is no type"),
    };
    types.primitive(ty).map(Some)
}
