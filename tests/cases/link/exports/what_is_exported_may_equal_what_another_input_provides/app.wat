;; Defines, and exports, an interface and types equal to those of an interface that it imports. Who
;; links it does not export that interface: none of its types has a name there.
(component
  (import "test:words/words" (instance $words
    (type $word' (record (field "text" u32)))
    (export "word" (type $word (eq $word')))
    (type $note' (variant (case "word" $word) (case "nothing")))
    (export "note" (type $note (eq $note')))
    (export "revise" (func (param "note" $note) (result $note)))))
  (core module $m
    (func (export "revise") (param i32 i32) (result i32)
      (i32.store (i32.const 0) (local.get 0))
      (i32.store (i32.const 4) (local.get 1))
      (i32.const 0))
    (memory (export "memory") 1))
  (core instance $i (instantiate $m))

  (type $word (record (field "text" u32)))
  (type $note (variant (case "word" $word) (case "nothing")))
  (func $revise (param "note" $note) (result $note)
    (canon lift (core func $i "revise") (memory (core memory $i "memory"))))
  (component $own
    (type $word' (record (field "text" u32)))
    (import "word" (type $word (eq $word')))
    (type $note' (variant (case "word" $word) (case "nothing")))
    (import "note" (type $note (eq $note')))
    (import "revise" (func $revise (param "note" $note) (result $note)))
    (export $exported-word "word" (type $word'))
    (type $exported-note' (variant (case "word" $exported-word) (case "nothing")))
    (export $exported-note "note" (type $exported-note'))
    (export "revise" (func $revise) (func (param "note" $exported-note) (result $exported-note))))
  (instance $own (instantiate $own
    (with "word" (type $word)) (with "note" (type $note)) (with "revise" (func $revise))))
  (export "test:words/words" (instance $own))

  (type $letter (record (field "text" u32)))
  (export $exported-letter "letter" (type $letter))
  (type $mail (variant (case "word" $exported-letter) (case "nothing")))
  (export $exported-mail "mail" (type $mail))
  (export "reply" (func $revise) (func (param "note" $exported-mail) (result $exported-mail))))
