;; Text of every length of sequence, at every alignment to a word, crosses unchanged; a byte
;; order mark is text, too.

(component definition $C
  (component $callee
    (core module $m
      (memory (export "memory") 1)
      (global $next (mut i32) (i32.const 1024))
      (func $realloc (export "realloc") (param i32 i32 i32 i32) (result i32)
        (local $at i32)
        (local.set $at
          (i32.and
            (i32.add (global.get $next) (i32.sub (local.get 2) (i32.const 1)))
            (i32.sub (i32.const 0) (local.get 2))))
        (global.set $next (i32.add (local.get $at) (local.get 3)))
        (local.get $at))
      (func (export "f") (param i32 i32) (result i32)
        (i32.store (i32.const 16) (local.get 0))
        (i32.store (i32.const 20) (local.get 1))
        (i32.const 16)))
    (core instance $m (instantiate $m))
    (func (export "f") (param "x" string) (result string)
      (canon lift (core func $m "f") (memory (core memory $m "memory")) (realloc (core func $m "realloc")))))
  (component $caller
    (import "f" (func $f (param "x" string) (result string)))
    (core module $libc
      (memory (export "memory") 1)
      (global $next (mut i32) (i32.const 1024))
      (func $realloc (export "realloc") (param i32 i32 i32 i32) (result i32)
        (local $at i32)
        (local.set $at
          (i32.and
            (i32.add (global.get $next) (i32.sub (local.get 2) (i32.const 1)))
            (i32.sub (i32.const 0) (local.get 2))))
        (global.set $next (i32.add (local.get $at) (local.get 3)))
        (local.get $at)))
    (core instance $libc (instantiate $libc))
    (core func $f (canon lower (func $f) (memory (core memory $libc "memory")) (realloc (core func $libc "realloc"))))
    (core module $m
      (import "libc" "memory" (memory 1))
      (import "libc" "realloc" (func $realloc (param i32 i32 i32 i32) (result i32)))
      (import "" "f" (func $f (param i32 i32 i32)))
      (func (export "echo") (param i32 i32) (result i32)
        (call $f (local.get 0) (local.get 1) (i32.const 16))
        (i32.const 16)))
    (core instance $m (instantiate $m
      (with "libc" (instance $libc))
      (with "" (instance (export "f" (func $f))))))
    (func (export "echo") (param "bytes" (list u8)) (result string)
      (canon lift (core func $m "echo") (memory (core memory $libc "memory")) (realloc (core func $libc "realloc")))))
  (instance $a (instantiate $callee))
  (instance $b (instantiate $caller (with "f" (func $a "f"))))
  (export "echo" (func $b "echo")))

(component instance $i $C)

(assert_return (invoke "echo" (list.const)) (str.const ""))

(assert_return (invoke "echo" (list.const (u8.const 97))) (str.const "a"))

(assert_return (invoke "echo" (list.const (u8.const 0))) (str.const "\00"))

(assert_return (invoke "echo" (list.const (u8.const 127))) (str.const "\7f"))

(assert_return (invoke "echo" (list.const (u8.const 194) (u8.const 128))) (str.const "\c2\80"))

(assert_return (invoke "echo" (list.const (u8.const 223) (u8.const 191))) (str.const "\df\bf"))

(assert_return (invoke "echo" (list.const (u8.const 224) (u8.const 160) (u8.const 128))) (str.const "\e0\a0\80"))

(assert_return (invoke "echo" (list.const (u8.const 237) (u8.const 159) (u8.const 191))) (str.const "\ed\9f\bf"))

(assert_return (invoke "echo" (list.const (u8.const 238) (u8.const 128) (u8.const 128))) (str.const "\ee\80\80"))

(assert_return (invoke "echo" (list.const (u8.const 239) (u8.const 191) (u8.const 191))) (str.const "\ef\bf\bf"))

(assert_return (invoke "echo" (list.const (u8.const 240) (u8.const 144) (u8.const 128) (u8.const 128))) (str.const "\f0\90\80\80"))

(assert_return (invoke "echo" (list.const (u8.const 244) (u8.const 143) (u8.const 191) (u8.const 191))) (str.const "\f4\8f\bf\bf"))

(assert_return (invoke "echo" (list.const (u8.const 97) (u8.const 98) (u8.const 99) (u8.const 100) (u8.const 101) (u8.const 102) (u8.const 103) (u8.const 104))) (str.const "abcdefgh"))

(assert_return (invoke "echo" (list.const (u8.const 97) (u8.const 98) (u8.const 99) (u8.const 100) (u8.const 101) (u8.const 102) (u8.const 103) (u8.const 195) (u8.const 164))) (str.const "abcdefg\c3\a4"))

(assert_return (invoke "echo" (list.const (u8.const 97) (u8.const 98) (u8.const 99) (u8.const 100) (u8.const 101) (u8.const 102) (u8.const 103) (u8.const 104) (u8.const 226) (u8.const 130) (u8.const 172) (u8.const 97) (u8.const 98) (u8.const 99) (u8.const 100) (u8.const 101) (u8.const 102) (u8.const 103) (u8.const 104) (u8.const 240) (u8.const 159) (u8.const 152) (u8.const 128) (u8.const 122))) (str.const "abcdefgh\e2\82\acabcdefgh\f0\9f\98\80z"))

(assert_return (invoke "echo" (list.const (u8.const 240) (u8.const 159) (u8.const 152) (u8.const 128) (u8.const 240) (u8.const 159) (u8.const 152) (u8.const 128) (u8.const 240) (u8.const 159) (u8.const 152) (u8.const 128))) (str.const "\f0\9f\98\80\f0\9f\98\80\f0\9f\98\80"))

(assert_return (invoke "echo" (list.const (u8.const 239) (u8.const 187) (u8.const 191) (u8.const 120))) (str.const "\ef\bb\bfx"))

(assert_return (invoke "echo" (list.const (u8.const 97) (u8.const 97) (u8.const 97) (u8.const 97) (u8.const 97) (u8.const 97) (u8.const 97) (u8.const 97) (u8.const 97) (u8.const 97) (u8.const 97) (u8.const 97) (u8.const 97) (u8.const 97) (u8.const 97) (u8.const 97) (u8.const 97) (u8.const 97) (u8.const 97) (u8.const 97) (u8.const 97) (u8.const 97) (u8.const 97) (u8.const 97) (u8.const 97) (u8.const 97) (u8.const 97) (u8.const 97) (u8.const 97) (u8.const 97) (u8.const 97) (u8.const 97) (u8.const 97) (u8.const 97) (u8.const 97) (u8.const 97) (u8.const 97) (u8.const 97) (u8.const 97) (u8.const 97) (u8.const 97) (u8.const 97) (u8.const 97) (u8.const 97) (u8.const 97) (u8.const 97) (u8.const 97) (u8.const 97))) (str.const "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"))

(assert_return (invoke "echo" (list.const (u8.const 226) (u8.const 130) (u8.const 172) (u8.const 98) (u8.const 98) (u8.const 98) (u8.const 98) (u8.const 98) (u8.const 98) (u8.const 98) (u8.const 98) (u8.const 98))) (str.const "\e2\82\acbbbbbbbbb"))

(assert_return (invoke "echo" (list.const (u8.const 97) (u8.const 97) (u8.const 97) (u8.const 226) (u8.const 130) (u8.const 172) (u8.const 98) (u8.const 98) (u8.const 98) (u8.const 98) (u8.const 98) (u8.const 98))) (str.const "aaa\e2\82\acbbbbbb"))

(assert_return (invoke "echo" (list.const (u8.const 97) (u8.const 97) (u8.const 97) (u8.const 97) (u8.const 97) (u8.const 97) (u8.const 226) (u8.const 130) (u8.const 172) (u8.const 98) (u8.const 98) (u8.const 98))) (str.const "aaaaaa\e2\82\acbbb"))

(assert_return (invoke "echo" (list.const (u8.const 97) (u8.const 97) (u8.const 97) (u8.const 97) (u8.const 97) (u8.const 97) (u8.const 97) (u8.const 97) (u8.const 97) (u8.const 226) (u8.const 130) (u8.const 172))) (str.const "aaaaaaaaa\e2\82\ac"))
