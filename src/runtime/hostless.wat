;; What is there instead of what ties ends to the host's (hosts.wat) where no stream or future goes there or
;; comes from there.
(module $hostless
  (func (@name "task of the engine runs") (export "run") (param $engine i32))
  (func (@name "adopt ends") (export "adopt") (param $engine i32) (param $all i32))
  (func (@name "has task ends") (export "busy") (param $engine i32) (result i32) (i32.const 0))
  (func (@name "copy through the engine") (export "begin") (param $end i32) (param $host i32)
    unreachable)
  (func (@name "event of the engine's end") (export "event")
    (param $handle i32) (param $payload i32)
    unreachable)
  (func (@name "poll the engine") (export "poll") (param $engine i32) (result i32) (i32.const 0))
  (func (@name "cancel copy through the engine") (export "stop") (param $host i32)
    unreachable)
  (func (@name "drop the engine's end") (export "shut") (param $host i32) unreachable))
