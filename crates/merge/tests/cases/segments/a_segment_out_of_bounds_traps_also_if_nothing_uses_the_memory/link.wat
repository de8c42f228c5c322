;;! instance a
(module (memory 1) (data (i32.const 65535) "ab"))
;;! instance b
(module (func (export "run")))
;;! export run = b.run
;;! call run
