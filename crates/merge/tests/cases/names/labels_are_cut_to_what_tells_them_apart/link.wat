;;! instance app/main
(module (func $run (export "run")))
;;! instance app/adapter
(module (func $run (export "run")))
;;! instance inner/words/main
(module (func $run (export "run")))
;;! instance inner/words#2/main
(module (func $run (export "run")))
;;! instance outer/words/main
(module (func $run (export "run")))
;;! instance outer
(module (func $run (export "run")))
;;! export a = app/main.run
;;! export b = app/adapter.run
;;! export c = inner/words/main.run
;;! export d = inner/words#2/main.run
;;! export e = outer/words/main.run
;;! export f = outer.run
;;! call a
