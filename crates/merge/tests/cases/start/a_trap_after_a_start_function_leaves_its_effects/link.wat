;;! instance a
(module
  (import "host" "log" (func $log (param i32)))
  (func $start (call $log (i32.const 1)))
  (start $start))
;;! instance b
(module (memory 1) (data (i32.const 0) "a") (data (i32.const 65535) "ab"))
;;! instance c = a
