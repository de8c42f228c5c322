#!/usr/bin/env python3
"""Prints tests/abi-vectors.txt: sizes, alignments and flat types by the specification's own code.

    scripts/abi-vectors.py path/to/component-model/design/mvp/canonical-abi/definitions.py REVISION

Types are those at the edges, written out below, and random ones from a fixed seed.
"""

import importlib.util
import random
import sys

PRIMITIVES = 'bool s8 u8 s16 u16 s32 u32 s64 u64 f32 f64 char string'.split()

EDGES = '''
own borrow
(list u8) (list (tuple u8 u64)) (list u8 1) (list u16 3) (list u64 16) (list u64 17)
(list (list u8 2) 3)
(list (tuple u8 u32) 5) (list string 8) (list string 9) (list (option u8) 1000)
(map string u64) (map u8 (map u16 string))
(flags 1) (flags 8) (flags 9) (flags 16) (flags 17) (flags 31) (flags 32)
(enum 1) (enum 2) (enum 255) (enum 256) (enum 257) (enum 65535) (enum 65536) (enum 65537)
(record u8) (record u8 u16 u8) (record u8 u64 u8) (record u64 u8) (record u8 (record u8 u32) u8)
(tuple u8 u8 u16 u32 u64) (tuple (flags 9) bool) (tuple (tuple (tuple u16)) u8)
(option u8) (option u64) (option string) (option (option u8)) (option (option (option u64)))
(option (list u64 15)) (option (list u64 16))
(result _ _) (result u8 _) (result _ u8) (result u64 u8) (result string u8) (result f32 f64)
(result (result u8 _) (result _ f32))
(variant _) (variant _ _) (variant u8) (variant u8 u16 u32 u64)
(variant s32 f32) (variant f32 f32) (variant f32 s32) (variant s64 f32) (variant f32 f64)
(variant f64 s64)
(variant f64 f64) (variant s32 s64) (variant s32 f64) (variant string f64) (variant (tuple f32 f64) string)
(variant (tuple f32 f32) (tuple f32 u64) _) (variant (tuple u8 (option f32)) (tuple f64 f64))
(variant (variant u8 f32) (variant f32 u64)) (variant (enum 257) u8) (variant (enum 65537) u8)
(record (enum 257) u8) (record (variant u8 u64) u8 (option (flags 17)))
'''

FUNCTIONS = '''
() -> _
(u8) -> u8
(string) -> string
(u64 f32) -> (tuple u8)
(u64 f32) -> (tuple u8 u8)
() -> (option u8)
() -> (flags 32)
(u8 u8 u8 u8 u8 u8 u8 u8 u8 u8 u8 u8 u8 u8 u8 u8) -> _
(u8 u8 u8 u8 u8 u8 u8 u8 u8 u8 u8 u8 u8 u8 u8 u8 u8) -> _
(u8 u8 u8 u8 u8 u8 u8 u8 u8 u8 u8 u8 u8 u8 u8 u8) -> string
(u8 u8 u8 u8 u8 u8 u8 u8 u8 u8 u8 u8 u8 u8 u8 string) -> string
((list u64 16)) -> (list u64 1)
((list u64 17)) -> (list u64 2)
((option (list u64 15)) u8) -> (result _ _)
((variant string (tuple f32 f32 f32))) -> (enum 257)
(own borrow) -> own
'''


def main():
    path, revision = sys.argv[1:]
    spec = importlib.util.spec_from_file_location('definitions', path)
    definitions = importlib.util.module_from_spec(spec)
    sys.modules['definitions'] = definitions
    spec.loader.exec_module(definitions)
    d = definitions
    print(f'# By scripts/abi-vectors.py from definitions.py of the component model at {revision}.')
    print(f'# MAX_FLAT_PARAMS {d.MAX_FLAT_PARAMS}')
    print(f'# MAX_FLAT_RESULTS {d.MAX_FLAT_RESULTS}')
    print(f'# MAX_STRING_BYTE_LENGTH {d.MAX_STRING_BYTE_LENGTH}')
    print(f'# MAX_LIST_BYTE_LENGTH {d.MAX_LIST_BYTE_LENGTH}')
    for pointer in ['i32', 'i64']:
        print(f'# pointers {pointer}')
        vectors(d, pointer)


def vectors(d, pointer):
    options = d.CanonicalOptions(memory=d.MemInst(bytearray(), pointer))
    print('# type : size, alignment : flat types, unless there are more than a function takes')
    chance = random.Random(2026)
    types = PRIMITIVES + parse_all(EDGES)
    types += [generate(chance, 4) for _ in range(400)]
    for ty in types:
        t = build(d, ty)
        flat = d.flatten_type(t, options)
        flat = ' '.join(flat) if len(flat) <= d.MAX_FLAT_PARAMS else '-'
        print(f"{text(ty)} : {d.elem_size(t, pointer)} {d.alignment(t, pointer)} : {flat}")
    print('# function : as it is lifted : as it is lowered')
    for line in FUNCTIONS.strip().splitlines():
        params, result = line.split(' -> ')
        function(d, options, parse_all(params)[0], parse_all(result)[0])
    for _ in range(100):
        params = [generate(chance, 2) for _ in range(chance.randrange(8))]
        function(d, options, params, generate(chance, 2))


def function(d, options, params, result):
    types = [d.FieldType(str(i), build(d, ty)) for i, ty in enumerate(params)]
    results = [] if result == '_' else [build(d, result)]
    ty = d.FuncType([(field.label, field.t) for field in types], results)

    def core(context):
        core = d.flatten_functype(options, ty, context)
        return f"({' '.join(core.params)}) -> ({' '.join(core.results)})"

    print(f"{text(params)} -> {text(result)} : {core('lift')} : {core('lower')}")


def generate(chance, depth):
    if depth == 0 or chance.random() < 0.25:
        return chance.choice(PRIMITIVES + ['own', 'borrow'])
    part = lambda: generate(chance, depth - 1)
    optional = lambda: '_' if chance.random() < 0.3 else part()
    match chance.randrange(10):
        case 0: return ['list', part()]
        case 1: return ['list', part(), str(chance.randrange(1, 6))]
        case 2: return ['record'] + [part() for _ in range(chance.randrange(1, 5))]
        case 3: return ['tuple'] + [part() for _ in range(chance.randrange(1, 5))]
        case 4: return ['variant'] + [optional() for _ in range(chance.randrange(1, 5))]
        case 5: return ['option', part()]
        case 6: return ['result', optional(), optional()]
        case 7: return ['flags', str(chance.randrange(1, 33))]
        case 8: return ['enum', str(chance.choice([1, 2, 256, 257, 300]))]
        case _: return ['map', chance.choice(['u8', 'string', 'u64', 'char']), part()]


def build(d, ty):
    if isinstance(ty, str):
        match ty:
            case 'own': return d.OwnType(None)
            case 'borrow': return d.BorrowType(None)
            case _: return getattr(d, ty.capitalize() + 'Type')()
    part = lambda ty: build(d, ty)
    optional = lambda ty: None if ty == '_' else part(ty)
    labels = lambda count: [str(i) for i in range(int(count))]
    match ty:
        case ['list', element]: return d.ListType(part(element))
        case ['list', element, length]: return d.ListType(part(element), int(length))
        case ['record', *fields]:
            return d.RecordType([d.FieldType(str(i), part(f)) for i, f in enumerate(fields)])
        case ['tuple', *types]: return d.TupleType([part(ty) for ty in types])
        case ['variant', *cases]:
            return d.VariantType([d.CaseType(str(i), optional(c)) for i, c in enumerate(cases)])
        case ['option', some]: return d.OptionType(part(some))
        case ['result', ok, error]: return d.ResultType(optional(ok), optional(error))
        case ['flags', count]: return d.FlagsType(labels(count))
        case ['enum', count]: return d.EnumType(labels(count))
        case ['map', key, value]: return d.MapType(part(key), part(value))


def text(ty):
    return ty if isinstance(ty, str) else f"({' '.join(text(part) for part in ty)})"


def parse_all(source):
    words = source.replace('(', ' ( ').replace(')', ' ) ').split()

    def parse():
        word = words.pop(0)
        if word != '(':
            return word
        parts = []
        while words[0] != ')':
            parts.append(parse())
        words.pop(0)
        return parts

    types = []
    while words:
        types.append(parse())
    return types


main()
