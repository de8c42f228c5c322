;; Strings, lists, records, variants and what is spilled go through memories with addresses of 32 and
;; of 64 bits: out of one into the other, into another of the same, and back.

(component
  (type $item' (record
    (field "flag" bool) (field "name" string) (field "level" u8) (field "units" (list u16))))
  (import "item" (type $item (eq $item')))
  (type $case' (variant
    (case "none") (case "number" f64) (case "text" string) (case "items" (list $item))))
  (import "choice" (type $case (eq $case')))
  (type $wide (tuple u8 string u16 string u8 string u64 string f32 string))
  (component $echo
    (type $item' (record
      (field "flag" bool) (field "name" string) (field "level" u8) (field "units" (list u16))))
    (import "item" (type $item (eq $item')))
    (type $case' (variant
      (case "none") (case "number" f64) (case "text" string) (case "items" (list $item))))
    (import "choice" (type $case (eq $case')))
    (type $wide (tuple u8 string u16 string u8 string u64 string f32 string))
    (core module $store
      (memory (export "memory") 1)
      (global $end (mut i32) (i32.const 1024))
      (func (export "realloc") (param i32 i32 i32 i32) (result i32)
        (local $new i32)
        (local.set $new
          (i32.and
            (i32.add (global.get $end) (i32.sub (local.get 2) (i32.const 1)))
            (i32.sub (i32.const 0) (local.get 2))))
        (global.set $end (i32.add (local.get $new) (local.get 3)))
        (memory.copy (local.get $new) (local.get 0) (local.get 1))
        (local.get $new)))
    (core instance $store (instantiate $store))
    (core module $m
      (import "" "memory" (memory 1))
      (func (export "items") (param i32 i32) (result i32)
        (i32.store (i32.const 512) (local.get 0))
        (i32.store (i32.const 516) (local.get 1))
        (i32.const 512))
      (func (export "choose") (param i32 i64 i32) (result i32)
        (i32.store8 (i32.const 576) (local.get 0))
        (if (i32.eq (local.get 0) (i32.const 1))
          (then (i64.store (i32.const 584) (local.get 1)))
          (else
            (i32.store (i32.const 584) (i32.wrap_i64 (local.get 1)))
            (i32.store (i32.const 588) (local.get 2))))
        (i32.const 576))
      (func (export "wide")
        (param i32 i32 i32 i32 i32 i32 i32 i32 i32 i64 i32 i32 f32 i32 i32) (result i32)
        (i32.store8 (i32.const 640) (local.get 0))
        (i32.store (i32.const 644) (local.get 1))
        (i32.store (i32.const 648) (local.get 2))
        (i32.store16 (i32.const 652) (local.get 3))
        (i32.store (i32.const 656) (local.get 4))
        (i32.store (i32.const 660) (local.get 5))
        (i32.store8 (i32.const 664) (local.get 6))
        (i32.store (i32.const 668) (local.get 7))
        (i32.store (i32.const 672) (local.get 8))
        (i64.store (i32.const 680) (local.get 9))
        (i32.store (i32.const 688) (local.get 10))
        (i32.store (i32.const 692) (local.get 11))
        (f32.store (i32.const 696) (local.get 12))
        (i32.store (i32.const 700) (local.get 13))
        (i32.store (i32.const 704) (local.get 14))
        (i32.const 640)))
    (core instance $m (instantiate $m (with "" (instance $store))))
    (func (export "items") (param "x" (list $item)) (result (list $item))
      (canon lift (core func $m "items")
        (memory (core memory $store "memory")) (realloc (core func $store "realloc"))))
    (func (export "choose") (param "x" $case) (result $case)
      (canon lift (core func $m "choose")
        (memory (core memory $store "memory")) (realloc (core func $store "realloc"))))
    (func (export "wide") (param "x" $wide) (result $wide)
      (canon lift (core func $m "wide")
        (memory (core memory $store "memory")) (realloc (core func $store "realloc")))))
  (component $long-utf16
    (type $item' (record
      (field "flag" bool) (field "name" string) (field "level" u8) (field "units" (list u16))))
    (import "item" (type $item (eq $item')))
    (type $case' (variant
      (case "none") (case "number" f64) (case "text" string) (case "items" (list $item))))
    (import "choice" (type $case (eq $case')))
    (type $wide (tuple u8 string u16 string u8 string u64 string f32 string))
    (import "items" (func $items (param "x" (list $item)) (result (list $item))))
    (import "choose" (func $choose (param "x" $case) (result $case)))
    (import "wide" (func $wide (param "x" $wide) (result $wide)))
    (core module $store
      (memory (export "memory") i64 1)
      (global $end (mut i64) (i64.const 1024))
      (func (export "realloc") (param i64 i64 i64 i64) (result i64)
        (local $new i64)
        (local.set $new
          (i64.and
            (i64.add (global.get $end) (i64.sub (local.get 2) (i64.const 1)))
            (i64.sub (i64.const 0) (local.get 2))))
        (global.set $end (i64.add (local.get $new) (local.get 3)))
        (memory.copy (local.get $new) (local.get 0) (local.get 1))
        (local.get $new)))
    (core instance $store (instantiate $store))
    (core func $items (canon lower (func $items) string-encoding=utf16
      (memory (core memory $store "memory")) (realloc (core func $store "realloc"))))
    (core func $choose (canon lower (func $choose) string-encoding=utf16
      (memory (core memory $store "memory")) (realloc (core func $store "realloc"))))
    (core func $wide (canon lower (func $wide) string-encoding=utf16
      (memory (core memory $store "memory")) (realloc (core func $store "realloc"))))
    (core module $m
      (import "" "items" (func $items (param i64 i64 i64)))
      (import "" "choose" (func $choose (param i32 i64 i64 i64)))
      (import "" "wide" (func $wide (param i32 i64 i64 i32 i64 i64 i32 i64 i64 i64 i64 i64 f32 i64 i64 i64)))
      (func (export "items") (param i64 i64) (result i64)
        (call $items (local.get 0) (local.get 1) (i64.const 512))
        (i64.const 512))
      (func (export "choose") (param i32 i64 i64) (result i64)
        (call $choose (local.get 0) (local.get 1) (local.get 2) (i64.const 576))
        (i64.const 576))
      (func (export "wide") (param i32 i64 i64 i32 i64 i64 i32 i64 i64 i64 i64 i64 f32 i64 i64) (result i64)
        (call $wide
          (local.get 0) (local.get 1) (local.get 2) (local.get 3) (local.get 4)
          (local.get 5) (local.get 6) (local.get 7) (local.get 8) (local.get 9)
          (local.get 10) (local.get 11) (local.get 12) (local.get 13) (local.get 14)
          (i64.const 640))
        (i64.const 640)))
    (core instance $m (instantiate $m (with "" (instance
      (export "items" (func $items))
      (export "choose" (func $choose))
      (export "wide" (func $wide))))))
    (func (export "items") (param "x" (list $item)) (result (list $item))
      (canon lift (core func $m "items") string-encoding=utf16
        (memory (core memory $store "memory")) (realloc (core func $store "realloc"))))
    (func (export "choose") (param "x" $case) (result $case)
      (canon lift (core func $m "choose") string-encoding=utf16
        (memory (core memory $store "memory")) (realloc (core func $store "realloc"))))
    (func (export "wide") (param "x" $wide) (result $wide)
      (canon lift (core func $m "wide") string-encoding=utf16
        (memory (core memory $store "memory")) (realloc (core func $store "realloc")))))
  (component $long-utf8
    (type $item' (record
      (field "flag" bool) (field "name" string) (field "level" u8) (field "units" (list u16))))
    (import "item" (type $item (eq $item')))
    (type $case' (variant
      (case "none") (case "number" f64) (case "text" string) (case "items" (list $item))))
    (import "choice" (type $case (eq $case')))
    (type $wide (tuple u8 string u16 string u8 string u64 string f32 string))
    (import "items" (func $items (param "x" (list $item)) (result (list $item))))
    (import "choose" (func $choose (param "x" $case) (result $case)))
    (import "wide" (func $wide (param "x" $wide) (result $wide)))
    (core module $store
      (memory (export "memory") i64 1)
      (global $end (mut i64) (i64.const 1024))
      (func (export "realloc") (param i64 i64 i64 i64) (result i64)
        (local $new i64)
        (local.set $new
          (i64.and
            (i64.add (global.get $end) (i64.sub (local.get 2) (i64.const 1)))
            (i64.sub (i64.const 0) (local.get 2))))
        (global.set $end (i64.add (local.get $new) (local.get 3)))
        (memory.copy (local.get $new) (local.get 0) (local.get 1))
        (local.get $new)))
    (core instance $store (instantiate $store))
    (core func $items (canon lower (func $items) string-encoding=utf8
      (memory (core memory $store "memory")) (realloc (core func $store "realloc"))))
    (core func $choose (canon lower (func $choose) string-encoding=utf8
      (memory (core memory $store "memory")) (realloc (core func $store "realloc"))))
    (core func $wide (canon lower (func $wide) string-encoding=utf8
      (memory (core memory $store "memory")) (realloc (core func $store "realloc"))))
    (core module $m
      (import "" "items" (func $items (param i64 i64 i64)))
      (import "" "choose" (func $choose (param i32 i64 i64 i64)))
      (import "" "wide" (func $wide (param i32 i64 i64 i32 i64 i64 i32 i64 i64 i64 i64 i64 f32 i64 i64 i64)))
      (func (export "items") (param i64 i64) (result i64)
        (call $items (local.get 0) (local.get 1) (i64.const 512))
        (i64.const 512))
      (func (export "choose") (param i32 i64 i64) (result i64)
        (call $choose (local.get 0) (local.get 1) (local.get 2) (i64.const 576))
        (i64.const 576))
      (func (export "wide") (param i32 i64 i64 i32 i64 i64 i32 i64 i64 i64 i64 i64 f32 i64 i64) (result i64)
        (call $wide
          (local.get 0) (local.get 1) (local.get 2) (local.get 3) (local.get 4)
          (local.get 5) (local.get 6) (local.get 7) (local.get 8) (local.get 9)
          (local.get 10) (local.get 11) (local.get 12) (local.get 13) (local.get 14)
          (i64.const 640))
        (i64.const 640)))
    (core instance $m (instantiate $m (with "" (instance
      (export "items" (func $items))
      (export "choose" (func $choose))
      (export "wide" (func $wide))))))
    (func (export "items") (param "x" (list $item)) (result (list $item))
      (canon lift (core func $m "items") string-encoding=utf8
        (memory (core memory $store "memory")) (realloc (core func $store "realloc"))))
    (func (export "choose") (param "x" $case) (result $case)
      (canon lift (core func $m "choose") string-encoding=utf8
        (memory (core memory $store "memory")) (realloc (core func $store "realloc"))))
    (func (export "wide") (param "x" $wide) (result $wide)
      (canon lift (core func $m "wide") string-encoding=utf8
        (memory (core memory $store "memory")) (realloc (core func $store "realloc")))))
  (component $short
    (type $item' (record
      (field "flag" bool) (field "name" string) (field "level" u8) (field "units" (list u16))))
    (import "item" (type $item (eq $item')))
    (type $case' (variant
      (case "none") (case "number" f64) (case "text" string) (case "items" (list $item))))
    (import "choice" (type $case (eq $case')))
    (type $wide (tuple u8 string u16 string u8 string u64 string f32 string))
    (import "items" (func $items (param "x" (list $item)) (result (list $item))))
    (import "choose" (func $choose (param "x" $case) (result $case)))
    (import "wide" (func $wide (param "x" $wide) (result $wide)))
    (core module $store
      (memory (export "memory") 1)
      (global $end (mut i32) (i32.const 1024))
      (func (export "realloc") (param i32 i32 i32 i32) (result i32)
        (local $new i32)
        (local.set $new
          (i32.and
            (i32.add (global.get $end) (i32.sub (local.get 2) (i32.const 1)))
            (i32.sub (i32.const 0) (local.get 2))))
        (global.set $end (i32.add (local.get $new) (local.get 3)))
        (memory.copy (local.get $new) (local.get 0) (local.get 1))
        (local.get $new)))
    (core instance $store (instantiate $store))
    (core func $items (canon lower (func $items) string-encoding=utf8
      (memory (core memory $store "memory")) (realloc (core func $store "realloc"))))
    (core func $choose (canon lower (func $choose) string-encoding=utf8
      (memory (core memory $store "memory")) (realloc (core func $store "realloc"))))
    (core func $wide (canon lower (func $wide) string-encoding=utf8
      (memory (core memory $store "memory")) (realloc (core func $store "realloc"))))
    (core module $m
      (import "" "items" (func $items (param i32 i32 i32)))
      (import "" "choose" (func $choose (param i32 i64 i32 i32)))
      (import "" "wide" (func $wide (param i32 i32 i32 i32 i32 i32 i32 i32 i32 i64 i32 i32 f32 i32 i32 i32)))
      (func (export "items") (param i32 i32) (result i32)
        (call $items (local.get 0) (local.get 1) (i32.const 512))
        (i32.const 512))
      (func (export "choose") (param i32 i64 i32) (result i32)
        (call $choose (local.get 0) (local.get 1) (local.get 2) (i32.const 576))
        (i32.const 576))
      (func (export "wide") (param i32 i32 i32 i32 i32 i32 i32 i32 i32 i64 i32 i32 f32 i32 i32) (result i32)
        (call $wide
          (local.get 0) (local.get 1) (local.get 2) (local.get 3) (local.get 4)
          (local.get 5) (local.get 6) (local.get 7) (local.get 8) (local.get 9)
          (local.get 10) (local.get 11) (local.get 12) (local.get 13) (local.get 14)
          (i32.const 640))
        (i32.const 640)))
    (core instance $m (instantiate $m (with "" (instance
      (export "items" (func $items))
      (export "choose" (func $choose))
      (export "wide" (func $wide))))))
    (func (export "items") (param "x" (list $item)) (result (list $item))
      (canon lift (core func $m "items") string-encoding=utf8
        (memory (core memory $store "memory")) (realloc (core func $store "realloc"))))
    (func (export "choose") (param "x" $case) (result $case)
      (canon lift (core func $m "choose") string-encoding=utf8
        (memory (core memory $store "memory")) (realloc (core func $store "realloc"))))
    (func (export "wide") (param "x" $wide) (result $wide)
      (canon lift (core func $m "wide") string-encoding=utf8
        (memory (core memory $store "memory")) (realloc (core func $store "realloc")))))
  (instance $echo (instantiate $echo (with "item" (type $item)) (with "choice" (type $case))))
  (instance $long-utf16 (instantiate $long-utf16 (with "item" (type $item)) (with "choice" (type $case))
    (with "items" (func $echo "items")) (with "choose" (func $echo "choose")) (with "wide" (func $echo "wide"))))
  (instance $long-utf8 (instantiate $long-utf8 (with "item" (type $item)) (with "choice" (type $case))
    (with "items" (func $long-utf16 "items")) (with "choose" (func $long-utf16 "choose")) (with "wide" (func $long-utf16 "wide"))))
  (instance $short (instantiate $short (with "item" (type $item)) (with "choice" (type $case))
    (with "items" (func $long-utf8 "items")) (with "choose" (func $long-utf8 "choose")) (with "wide" (func $long-utf8 "wide"))))
  (export "items" (func $short "items"))
  (export "choose" (func $short "choose"))
  (export "wide" (func $short "wide")))

(assert_return
  (invoke "items" (list.const
    (record.const
      (field "flag" bool.const true) (field "name" str.const "first")
      (field "level" u8.const 3) (field "units" list.const (u16.const 1) (u16.const 65535)))
    (record.const
      (field "flag" bool.const false) (field "name" str.const "größer €")
      (field "level" u8.const 255) (field "units" list.const))))
  (list.const
    (record.const
      (field "flag" bool.const true) (field "name" str.const "first")
      (field "level" u8.const 3) (field "units" list.const (u16.const 1) (u16.const 65535)))
    (record.const
      (field "flag" bool.const false) (field "name" str.const "größer €")
      (field "level" u8.const 255) (field "units" list.const))))
(assert_return (invoke "items" (list.const)) (list.const))

(assert_return (invoke "choose" (variant.const "none")) (variant.const "none"))
(assert_return
  (invoke "choose" (variant.const "number" (f64.const 1.5)))
  (variant.const "number" (f64.const 1.5)))
(assert_return
  (invoke "choose" (variant.const "text" (str.const "𝄞 text")))
  (variant.const "text" (str.const "𝄞 text")))
(assert_return
  (invoke "choose" (variant.const "items" (list.const
    (record.const
      (field "flag" bool.const true) (field "name" str.const "")
      (field "level" u8.const 9) (field "units" list.const (u16.const 7))))))
  (variant.const "items" (list.const
    (record.const
      (field "flag" bool.const true) (field "name" str.const "")
      (field "level" u8.const 9) (field "units" list.const (u16.const 7))))))

(assert_return
  (invoke "wide" (tuple.const
    (u8.const 1) (str.const "a") (u16.const 2) (str.const "bb") (u8.const 3) (str.const "ccc")
    (u64.const 0x123456789abcdef0) (str.const "ÿ") (f32.const -0.5) (str.const "")))
  (tuple.const
    (u8.const 1) (str.const "a") (u16.const 2) (str.const "bb") (u8.const 3) (str.const "ccc")
    (u64.const 0x123456789abcdef0) (str.const "ÿ") (f32.const -0.5) (str.const "")))
