//! What attackers do, drawn from a seed.

use std::fmt::Write;

use wasm_fuser_testing::draw::Draw;

const COMPOSITION: &str = include_str!("composition.wat");
const VICTIM: &str = include_str!("victim.wat");
const ATTACKER: &str = include_str!("attacker.wat");
const USER: &str = include_str!("user.wat");

/// Numbers that attackers like.
pub trait Numbers {
    /// An address near an edge of something: of a memory as it is or has grown, of a region, of all.
    fn address(&mut self) -> u32;
    /// A length, likely of too much.
    fn length(&mut self) -> u32;
}

impl Numbers for Draw {
    fn address(&mut self) -> u32 {
        const PAGE: u32 = 0x1_0000;
        let edge = self.one_of(&[
            0,
            0,
            64,
            1024,
            PAGE,
            2 * PAGE,
            2 * PAGE,
            2 * PAGE,
            3 * PAGE,
            4 * PAGE,
            5 * PAGE,
            6 * PAGE,
            0x0200_0000,
            0x0210_0000,
            0x7fff_ffff,
            0x8000_0000,
            0xffff_fff0,
        ]);
        let near = self.one_of(&[0, 0, 1, 2, 4, 8, 16, 17]);
        if self.below(2) == 0 { edge.wrapping_add(near) } else { edge.wrapping_sub(near) }
    }

    fn length(&mut self) -> u32 {
        match self.below(3) {
            0 => self.one_of(&[0, 1, 2, 3, 8, 21, 100]),
            1 => self.one_of(&[1000, 0xffff, 0x1_0000, 0x1000_0000, 0x8000_0005, 0xffff_ffff]),
            _ => self.address(),
        }
    }
}

/// A function of an attacker.
pub struct Attack {
    pub body: String,
    /// Whether it uses handles that it makes up.
    pub guesses: bool,
    /// Whether it is one instruction on a memory.
    pub plain: bool,
}

/// A composition with an attacker, what its functions do, and the encodings of the victim and of it.
pub fn attacker(draw: &mut Draw, count: usize) -> (String, Vec<Attack>, [&'static str; 2]) {
    let attacks: Vec<_> = (0..count).map(|_| attack(draw)).collect();
    let (mut funcs, mut exports, mut bag) = (String::new(), String::new(), String::new());
    let put = "a string grows";
    for (n, Attack { body, .. }) in attacks.iter().enumerate() {
        writeln!(
            funcs,
            "(func $attack{n} (export \"attack{n}\") (param $a i32) (param $b i32) (param $c i32)
               (result i32) {body})"
        )
        .expect(put);
        writeln!(
            exports,
            "(func (export \"attack{n}\") (param \"a\" u32) (param \"b\" u32) (param \"c\" u32)
               (result u32) (canon lift (core func $code \"attack{n}\")))"
        )
        .expect(put);
        writeln!(bag, "(export \"attack{n}\" (func $attacker \"attack{n}\"))").expect(put);
    }
    for name in ["set", "digest"] {
        writeln!(bag, "(export \"{name}\" (func $attacker \"{name}\"))").expect(put);
    }
    let start = match draw.below(6) {
        0 => {
            let [a, b] = [draw.address(), draw.address()].map(|address| address % 0x2_0000);
            format!(
                "(func $start (drop (call $attack1 (i32.const {a}) (i32.const {b}) (i32.const 4))))
                 (start $start)"
            )
        }
        _ => String::new(),
    };
    let encoding = ["utf8", "utf16", "latin1+utf16"];
    let encodings = [draw.one_of(&encoding), draw.one_of(&encoding)];
    let text = COMPOSITION
        .replace("ATTACKER-EXPORTS", &bag)
        .replace("VICTIM)", &format!("{VICTIM})"))
        .replace("USER)", &format!("{USER})"))
        .replace("ATTACKER)", &format!("{ATTACKER})"))
        .replace("ATTACKS", &funcs)
        .replace("EXPORTS", &exports)
        .replace("START", &start)
        .replace("VICTIM-ENCODING", encodings[0])
        .replace("ATTACKER-ENCODING", encodings[1]);
    (text, attacks, encodings)
}

fn attack(draw: &mut Draw) -> Attack {
    let plain = |body: String| Attack { body, guesses: false, plain: true };
    let steps = |body: &str| Attack { body: body.into(), guesses: false, plain: false };
    let guess = |body: &str| Attack { body: body.into(), guesses: true, plain: false };
    match draw.below(10) {
        0..5 => {
            let body = instruction(draw);
            // Of what is neither aligned nor within the memory, functions of the engine say either.
            let plain = !body.contains("memory.atomic");
            Attack { body, guesses: false, plain }
        }
        5 => plain(bulk(draw).into()),
        6 => guess(draw.one_of(&[
            "(call $use (local.get $a))",
            "(call $give (local.get $a))",
            "(call $rdrop (local.get $a)) (local.get $a)",
            "(call $qdrop (local.get $a)) (local.get $a)",
            "(call $qrep (local.get $a))",
            "(call $hdrop (local.get $a)) (local.get $a)",
            "(call $huse (local.get $a))",
            "(call $make (local.get $a))",
            "(call $qnew (local.get $a))",
            "(call $hmake)",
            "(call $give (call $make (local.get $b)))",
            "(return_call $use (local.get $a))",
        ])),
        7 => steps(draw.one_of(&[
            "(call $take (local.get $a) (local.get $c))",
            "(call $take (i32.const 64) (local.get $c))",
            "(return_call $take (local.get $a) (local.get $c))",
            "(return_call_indirect $own (type $take) (local.get $a) (local.get $c) (i32.const 0))",
            "(call_indirect $own (type $take) (local.get $a) (local.get $c) (local.get $b))",
            "(call $sum (local.get $a) (local.get $c))",
            "(return_call $sum (local.get $a) (local.get $c))",
            "(table.set $own (i32.and (local.get $b) (i32.const 3)) (ref.func $take)) (i32.const 1)",
            "(table.init $own $refs (i32.const 0) (local.get $b) (local.get $c)) (i32.const 1)",
        ])),
        8 => steps(draw.one_of(&[
            "(call $echo (local.get $a) (local.get $c) (local.get $b)) (i32.load (local.get $b))",
            "(call $echo (i32.const 64) (i32.const 21) (local.get $b)) (i32.load (local.get $b))",
            "(call $echo (i32.const 64) (i32.const 21) (i32.const 256)) (i32.load8_u (i32.load (i32.const 256)))",
            "(call $echo (i32.const 64) (local.get $c) (i32.const 256)) (i32.load (i32.const 260))",
        ])),
        _ => steps(draw.one_of(&[
            "(block $caught (try_table (catch_all $caught) (call $echo (i32.const 64) (i32.const 9) (i32.const 256))
               (return (i32.load (i32.const 260))))) (i32.const 7)",
            "(block $caught (try_table (catch_all $caught) (drop (call $take (local.get $a) (local.get $c)))
               (return (i32.const 1)))) (i32.const 7)",
            "(call $log (local.get $a)) (throw $thrown (local.get $b))",
            "(block $caught (result i32) (try_table (catch $thrown $caught) (throw $thrown (local.get $b))) (i32.const 1))",
            "(call $disturb) (i32.const 3)",
            "(i32.store8 (local.get $a) (i32.const 0xc3)) (call $take (i32.const 64) (i32.const 21))",
        ])),
    }
}

/// One instruction with an address, at a place that is drawn.
fn instruction(draw: &mut Draw) -> String {
    let (name, size, kind) = draw.one_of(INSTRUCTIONS);
    let aligned = name.contains("atomic");
    let offset = match draw.below(3) {
        0 => 0,
        1 => draw.one_of(&[1, 2, 4, 8, 16, 64]),
        _ => draw.address(),
    };
    let align = if aligned { size } else { 1 << draw.below(size.ilog2() as usize + 1) };
    let place = format!("{name} offset={offset} align={align}");
    let wide = "(i64.or (i64.extend_i32_u (local.get $b)) (i64.shl (i64.extend_i32_u (local.get $c)) (i64.const 32)))";
    let vector = "(i32x4.splat (local.get $b))";
    let value = |ty: &str| match ty {
        "i32" => "(local.get $b)".to_string(),
        "i64" => wide.to_string(),
        "f32" => "(f32.reinterpret_i32 (local.get $b))".to_string(),
        "f64" => format!("(f64.reinterpret_i64 {wide})"),
        _ => vector.to_string(),
    };
    let number = |ty: &str, what: String| match ty {
        "i32" => what,
        "i64" => format!("(call $fold {what})"),
        "f32" => format!("(i32.reinterpret_f32 {what})"),
        "f64" => format!("(call $fold (i64.reinterpret_f64 {what}))"),
        _ => format!(
            "(call $fold (i64x2.extract_lane 0 (i8x16.add {what} (i8x16.splat (i32.const 1)))))"
        ),
    };
    let ty = if name.starts_with("v128") { "v128" } else { &name[..3] };
    match kind {
        Kind::Load => number(ty, format!("({place} (local.get $a))")),
        Kind::Store => format!("({place} (local.get $a) {}) (i32.const 1)", value(ty)),
        Kind::Modify => number(ty, format!("({place} (local.get $a) {})", value(ty))),
        Kind::Exchange => {
            number(ty, format!("({place} (local.get $a) {} {})", value(ty), value(ty)))
        }
        Kind::LoadLane => number("v128", format!("({place} 0 (local.get $a) {vector})")),
        Kind::StoreLane => format!("({place} 0 (local.get $a) {vector}) (i32.const 1)"),
        Kind::Notify => format!("({place} (local.get $a) (local.get $b))"),
        Kind::Wait => format!("({place} (local.get $a) {} (i64.const 0))", value(ty_of_wait(name))),
    }
}

fn ty_of_wait(name: &str) -> &'static str {
    if name.ends_with("64") { "i64" } else { "i32" }
}

/// An instruction without an offset.
fn bulk(draw: &mut Draw) -> &'static str {
    draw.one_of(&[
        "(memory.fill (local.get $a) (local.get $b) (local.get $c)) (i32.const 1)",
        "(memory.copy (local.get $a) (local.get $b) (local.get $c)) (i32.const 1)",
        "(memory.init $passive (local.get $a) (i32.and (local.get $b) (i32.const 63)) (local.get $c)) (i32.const 1)",
        "(memory.init $passive (i32.const 700) (local.get $b) (local.get $c)) (i32.const 1)",
        "(data.drop $passive) (i32.const 1)",
        "(memory.size)",
        "(memory.grow (i32.and (local.get $b) (i32.const 3)))",
        "(memory.grow (local.get $c))",
    ])
}

#[derive(Clone, Copy)]
enum Kind {
    Load,
    Store,
    Modify,
    Exchange,
    LoadLane,
    StoreLane,
    Notify,
    Wait,
}

/// Every instruction with an address: its name, how many bytes it reaches, and what it is.
const INSTRUCTIONS: &[(&str, u32, Kind)] = &[
    ("i32.load", 4, Kind::Load),
    ("i32.store", 4, Kind::Store),
    ("i64.load", 8, Kind::Load),
    ("i64.store", 8, Kind::Store),
    ("f32.load", 4, Kind::Load),
    ("f32.store", 4, Kind::Store),
    ("f64.load", 8, Kind::Load),
    ("f64.store", 8, Kind::Store),
    ("v128.load", 16, Kind::Load),
    ("v128.store", 16, Kind::Store),
    ("i32.load8_s", 1, Kind::Load),
    ("i32.load8_u", 1, Kind::Load),
    ("i32.store8", 1, Kind::Store),
    ("i32.load16_s", 2, Kind::Load),
    ("i32.load16_u", 2, Kind::Load),
    ("i32.store16", 2, Kind::Store),
    ("i64.load8_s", 1, Kind::Load),
    ("i64.load8_u", 1, Kind::Load),
    ("i64.store8", 1, Kind::Store),
    ("i64.load16_s", 2, Kind::Load),
    ("i64.load16_u", 2, Kind::Load),
    ("i64.store16", 2, Kind::Store),
    ("i64.load32_s", 4, Kind::Load),
    ("i64.load32_u", 4, Kind::Load),
    ("i64.store32", 4, Kind::Store),
    ("v128.load8x8_s", 8, Kind::Load),
    ("v128.load8x8_u", 8, Kind::Load),
    ("v128.load16x4_s", 8, Kind::Load),
    ("v128.load16x4_u", 8, Kind::Load),
    ("v128.load32x2_s", 8, Kind::Load),
    ("v128.load32x2_u", 8, Kind::Load),
    ("v128.load8_splat", 1, Kind::Load),
    ("v128.load8_lane", 1, Kind::LoadLane),
    ("v128.store8_lane", 1, Kind::StoreLane),
    ("v128.load16_splat", 2, Kind::Load),
    ("v128.load16_lane", 2, Kind::LoadLane),
    ("v128.store16_lane", 2, Kind::StoreLane),
    ("v128.load32_splat", 4, Kind::Load),
    ("v128.load32_lane", 4, Kind::LoadLane),
    ("v128.store32_lane", 4, Kind::StoreLane),
    ("v128.load64_splat", 8, Kind::Load),
    ("v128.load64_lane", 8, Kind::LoadLane),
    ("v128.store64_lane", 8, Kind::StoreLane),
    ("v128.load32_zero", 4, Kind::Load),
    ("v128.load64_zero", 8, Kind::Load),
    ("i32.atomic.load", 4, Kind::Load),
    ("i32.atomic.store", 4, Kind::Store),
    ("i32.atomic.load8_u", 1, Kind::Load),
    ("i32.atomic.store8", 1, Kind::Store),
    ("i32.atomic.load16_u", 2, Kind::Load),
    ("i32.atomic.store16", 2, Kind::Store),
    ("i32.atomic.rmw.add", 4, Kind::Modify),
    ("i32.atomic.rmw8.add_u", 1, Kind::Modify),
    ("i32.atomic.rmw16.add_u", 2, Kind::Modify),
    ("i32.atomic.rmw.sub", 4, Kind::Modify),
    ("i32.atomic.rmw8.sub_u", 1, Kind::Modify),
    ("i32.atomic.rmw16.sub_u", 2, Kind::Modify),
    ("i32.atomic.rmw.and", 4, Kind::Modify),
    ("i32.atomic.rmw8.and_u", 1, Kind::Modify),
    ("i32.atomic.rmw16.and_u", 2, Kind::Modify),
    ("i32.atomic.rmw.or", 4, Kind::Modify),
    ("i32.atomic.rmw8.or_u", 1, Kind::Modify),
    ("i32.atomic.rmw16.or_u", 2, Kind::Modify),
    ("i32.atomic.rmw.xor", 4, Kind::Modify),
    ("i32.atomic.rmw8.xor_u", 1, Kind::Modify),
    ("i32.atomic.rmw16.xor_u", 2, Kind::Modify),
    ("i32.atomic.rmw.xchg", 4, Kind::Modify),
    ("i32.atomic.rmw8.xchg_u", 1, Kind::Modify),
    ("i32.atomic.rmw16.xchg_u", 2, Kind::Modify),
    ("i32.atomic.rmw.cmpxchg", 4, Kind::Exchange),
    ("i32.atomic.rmw8.cmpxchg_u", 1, Kind::Exchange),
    ("i32.atomic.rmw16.cmpxchg_u", 2, Kind::Exchange),
    ("i64.atomic.load", 8, Kind::Load),
    ("i64.atomic.store", 8, Kind::Store),
    ("i64.atomic.load8_u", 1, Kind::Load),
    ("i64.atomic.store8", 1, Kind::Store),
    ("i64.atomic.load16_u", 2, Kind::Load),
    ("i64.atomic.store16", 2, Kind::Store),
    ("i64.atomic.load32_u", 4, Kind::Load),
    ("i64.atomic.store32", 4, Kind::Store),
    ("i64.atomic.rmw.add", 8, Kind::Modify),
    ("i64.atomic.rmw8.add_u", 1, Kind::Modify),
    ("i64.atomic.rmw16.add_u", 2, Kind::Modify),
    ("i64.atomic.rmw32.add_u", 4, Kind::Modify),
    ("i64.atomic.rmw.sub", 8, Kind::Modify),
    ("i64.atomic.rmw8.sub_u", 1, Kind::Modify),
    ("i64.atomic.rmw16.sub_u", 2, Kind::Modify),
    ("i64.atomic.rmw32.sub_u", 4, Kind::Modify),
    ("i64.atomic.rmw.and", 8, Kind::Modify),
    ("i64.atomic.rmw8.and_u", 1, Kind::Modify),
    ("i64.atomic.rmw16.and_u", 2, Kind::Modify),
    ("i64.atomic.rmw32.and_u", 4, Kind::Modify),
    ("i64.atomic.rmw.or", 8, Kind::Modify),
    ("i64.atomic.rmw8.or_u", 1, Kind::Modify),
    ("i64.atomic.rmw16.or_u", 2, Kind::Modify),
    ("i64.atomic.rmw32.or_u", 4, Kind::Modify),
    ("i64.atomic.rmw.xor", 8, Kind::Modify),
    ("i64.atomic.rmw8.xor_u", 1, Kind::Modify),
    ("i64.atomic.rmw16.xor_u", 2, Kind::Modify),
    ("i64.atomic.rmw32.xor_u", 4, Kind::Modify),
    ("i64.atomic.rmw.xchg", 8, Kind::Modify),
    ("i64.atomic.rmw8.xchg_u", 1, Kind::Modify),
    ("i64.atomic.rmw16.xchg_u", 2, Kind::Modify),
    ("i64.atomic.rmw32.xchg_u", 4, Kind::Modify),
    ("i64.atomic.rmw.cmpxchg", 8, Kind::Exchange),
    ("i64.atomic.rmw8.cmpxchg_u", 1, Kind::Exchange),
    ("i64.atomic.rmw16.cmpxchg_u", 2, Kind::Exchange),
    ("i64.atomic.rmw32.cmpxchg_u", 4, Kind::Exchange),
    ("memory.atomic.notify", 4, Kind::Notify),
    ("memory.atomic.wait32", 4, Kind::Wait),
    ("memory.atomic.wait64", 8, Kind::Wait),
];
