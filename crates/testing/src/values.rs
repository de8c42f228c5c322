//! Random values of a component model type.

use proptest::collection::vec;
use proptest::prelude::*;
use proptest::sample::{select, subsequence};
use proptest::strategy::BoxedStrategy;
use wasmtime::component::Val;
use wasmtime::component::types::{ComponentFunc, Type};

/// Arguments for a function.
pub fn arguments(function: &ComponentFunc) -> BoxedStrategy<Vec<Val>> {
    function.params().map(|(_, ty)| value(&ty)).collect::<Vec<_>>().boxed()
}

/// Values of a type, those at its borders among them.
pub fn value(ty: &Type) -> BoxedStrategy<Val> {
    match ty {
        Type::Bool => any::<bool>().prop_map(Val::Bool).boxed(),
        Type::S8 => any::<i8>().prop_map(Val::S8).boxed(),
        Type::U8 => any::<u8>().prop_map(Val::U8).boxed(),
        Type::S16 => any::<i16>().prop_map(Val::S16).boxed(),
        Type::U16 => any::<u16>().prop_map(Val::U16).boxed(),
        Type::S32 => any::<i32>().prop_map(Val::S32).boxed(),
        Type::U32 => any::<u32>().prop_map(Val::U32).boxed(),
        Type::S64 => any::<i64>().prop_map(Val::S64).boxed(),
        Type::U64 => any::<u64>().prop_map(Val::U64).boxed(),
        Type::Float32 => any::<u32>().prop_map(|bits| Val::Float32(f32::from_bits(bits))).boxed(),
        Type::Float64 => any::<u64>().prop_map(|bits| Val::Float64(f64::from_bits(bits))).boxed(),
        Type::Char => character().prop_map(Val::Char).boxed(),
        Type::String => string().prop_map(Val::String).boxed(),
        Type::List(list) => vec(value(&list.ty()), 0..12).prop_map(Val::List).boxed(),
        Type::FixedLengthList(list) => {
            vec(value(&list.ty()), list.len() as usize).prop_map(Val::FixedLengthList).boxed()
        }
        Type::Map(map) => {
            let entry = (value(&map.key()), value(&map.value()));
            vec(entry, 0..12).prop_map(Val::Map).boxed()
        }
        Type::Record(record) => {
            let names: Vec<_> = record.fields().map(|field| field.name.to_string()).collect();
            let values: Vec<_> = record.fields().map(|field| value(&field.ty)).collect();
            let zip =
                move |values| Val::Record(names.iter().cloned().zip::<Vec<_>>(values).collect());
            values.prop_map(zip).boxed()
        }
        Type::Tuple(tuple) => {
            tuple.types().map(|ty| value(&ty)).collect::<Vec<_>>().prop_map(Val::Tuple).boxed()
        }
        Type::Variant(variant) => {
            let cases = variant.cases().map(|case| {
                let name = case.name.to_string();
                let payload = optional(case.ty);
                payload.prop_map(move |payload| Val::Variant(name.clone(), payload)).boxed()
            });
            proptest::strategy::Union::new(cases).boxed()
        }
        Type::Enum(cases) => {
            let names: Vec<_> = cases.names().map(str::to_string).collect();
            select(names).prop_map(Val::Enum).boxed()
        }
        Type::Flags(flags) => {
            let names: Vec<_> = flags.names().map(str::to_string).collect();
            let count = names.len();
            subsequence(names, 0..=count).prop_map(Val::Flags).boxed()
        }
        Type::Option(option) => {
            let some = value(&option.ty()).prop_map(|value| Val::Option(Some(Box::new(value))));
            prop_oneof![1 => Just(Val::Option(None)), 3 => some].boxed()
        }
        Type::Result(result) => prop_oneof![
            optional(result.ok()).prop_map(|ok| Val::Result(Ok(ok))),
            optional(result.err()).prop_map(|error| Val::Result(Err(error))),
        ]
        .boxed(),
        Type::Own(_) | Type::Borrow(_) | Type::Future(_) | Type::Stream(_) | Type::ErrorContext => {
            panic!("a {ty:?} cannot be made from nothing")
        }
    }
}

/// Values of the payload of a case that may have none.
fn optional(ty: Option<Type>) -> BoxedStrategy<Option<Box<Val>>> {
    match ty {
        Some(ty) => value(&ty).prop_map(|value| Some(Box::new(value))).boxed(),
        None => Just(None).boxed(),
    }
}

/// Characters of every length in UTF-8, and those beside the gap of the surrogates.
fn character() -> BoxedStrategy<char> {
    let borders = vec!['\0', '\x7f', '\u{80}', '\u{7ff}', '\u{800}', '\u{d7ff}', '\u{e000}'];
    let last = vec!['\u{ffff}', '\u{10000}', char::MAX];
    prop_oneof![
        4 => proptest::char::range(' ', '~'),
        2 => any::<char>(),
        1 => select(borders),
        1 => select(last),
    ]
    .boxed()
}

/// Short strings, and now and then one that is longer than a vector register or a block.
fn string() -> BoxedStrategy<String> {
    let of = |length| vec(character(), length).prop_map(String::from_iter);
    let ascii = vec(proptest::char::range(' ', '~'), 0..100).prop_map(String::from_iter);
    prop_oneof![8 => of(0..12), 2 => ascii, 1 => of(0..200)].boxed()
}
