;;! instance a
(module
  (memory $one (export "one") 1)
  (memory $two (export "two") 1)
  (memory $three (export "three") 1)
  (data (memory $one) (i32.const 0) "the bytes of one, which are not those of the others")
  (data (memory $three) (i32.const 65530) "ending")
  (func (export "fill") (local $i i32)
    (loop $next
      (i32.store16 $two (local.get $i) (i32.mul (local.get $i) (i32.const 7)))
      (br_if $next
        (i32.lt_u (local.tee $i (i32.add (local.get $i) (i32.const 2))) (i32.const 300)))))
  (func (export "one_to_two") (param i32 i32 i32)
    (memory.copy $two $one (local.get 0) (local.get 1) (local.get 2)))
  (func (export "two_to_one") (param i32 i32 i32)
    (memory.copy $one $two (local.get 0) (local.get 1) (local.get 2)))
  (func (export "two_to_three") (param i32 i32 i32)
    (memory.copy $three $two (local.get 0) (local.get 1) (local.get 2)))
  (func (export "three_to_two") (param i32 i32 i32)
    (memory.copy $two $three (local.get 0) (local.get 1) (local.get 2))))
;;! export one = a.one
;;! export two = a.two
;;! export three = a.three
;;! export fill = a.fill
;;! export one_to_two = a.one_to_two
;;! export two_to_one = a.two_to_one
;;! export two_to_three = a.two_to_three
;;! export three_to_two = a.three_to_two
;;! call fill
;;! call one_to_two 400 4 17
;;! call two_to_one 1001 3 293
;;! call two_to_three 2000 0 128
;;! call two_to_three 2200 1 7
;;! call three_to_two 65530 65530 6
;;! call three_to_two 500 65530 7
;;! call one_to_two 65535 0 2
;;! call one_to_two -1 0 2
;;! call one_to_two 0 0 -1
;;! call one_to_two 65536 65536 0
;;! call one_to_two 65537 0 0
;;! dump one
;;! dump two
;;! dump three
