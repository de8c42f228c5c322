;;! instance a
(module (import "host" "ping" (func $ping)) (start $ping))
;;! instance b
(module (func (export "run")))
;;! instance c = a
;;! export run = b.run
;;! call run
