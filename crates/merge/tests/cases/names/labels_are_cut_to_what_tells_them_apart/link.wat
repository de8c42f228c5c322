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
;;! instance word-counter-0f1e
(module (func $run (export "run")))
;;! instance word-printer
(module (func $run (export "run")))
;;! instance word-printer-2
(module (func $run (export "run")))
;;! instance printer-0f1e
(module (func $run (export "run")))
;;! instance printed-text
(module (func $run (export "run")))
;;! instance inner/some-words
(module (func $run (export "run")))
;;! export a = app/main.run
;;! export b = app/adapter.run
;;! export c = inner/words/main.run
;;! export d = inner/words#2/main.run
;;! export e = outer/words/main.run
;;! export f = outer.run
;;! export g = word-counter-0f1e.run
;;! export h = word-printer.run
;;! export i = word-printer-2.run
;;! export j = printer-0f1e.run
;;! export k = printed-text.run
;;! export l = inner/some-words.run
;;! call a
