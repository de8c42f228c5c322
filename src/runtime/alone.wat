;; What is there instead of tokens (tokens.wat) where the engine makes no task: nobody is woken, and
;; nobody waits in the engine.
(module $alone
  (memory $records (import "records" "memory") 1)
  (func (@name "wake task of the engine") (export "wake") (param $engine i32))
  (func (@name "has token come") (export "woken")
    (param $engine i32) (param $event i32) (param $handle i32) (result i32)
    unreachable)
  (func (@name "wait for the engine") (export "doze") (param $engine i32) (result i32) unreachable)
  (func (@name "block in the engine") (export "sleep") (param $engine i32) (result i32)
    unreachable)
  (func (@name "yield to the engine") (export "give-way") unreachable)
  (func (@name "task of the engine ends") (export "end") (param $engine i32) unreachable))
