(component
  (core module $m
    (func (export "revise") (param i32 i32) (result i32)
      (i32.store (i32.const 0) (local.get 0))
      (i32.store (i32.const 4) (local.get 1))
      (i32.const 0))
    (memory (export "memory") 1))
  (core instance $i (instantiate $m))
  (type $word (record (field "text" u32)))
  (export $exported-word "word" (type $word))
  (type $note (variant (case "word" $exported-word) (case "nothing")))
  (export $exported-note "note" (type $note))
  (func $revise (param "note" $exported-note) (result $exported-note)
    (canon lift (core func $i "revise") (memory (core memory $i "memory"))))
  (instance $words
    (export "word" (type $exported-word))
    (export "note" (type $exported-note))
    (export "revise" (func $revise)))
  (export "test:words/words" (instance $words)))
