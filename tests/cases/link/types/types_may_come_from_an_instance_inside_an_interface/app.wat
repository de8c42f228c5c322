;; `outer` is provided, `user` is not: the type `inner` / `t` is imported for it. The alias of an
;; alias, and the further index that exporting a type gives it, change nothing.
(component $app
  (import "outer" (instance $outer
    (export "inner" (instance $inner
      (type $t' (record (field "a" u8)))
      (export "t" (type $t (eq $t')))
      (export "f" (func (param "t" $t)))))
    (export "g" (func))))
  (alias export $outer "inner" (instance $inner))
  (alias export $inner "t" (type $t))
  (type $bytes (list u8))
  (export $exported "bytes" (type $bytes))
  (import "user" (instance
    (alias outer $app $t (type $t'))
    (export "t" (type $t (eq $t')))
    (export "use" (func (param "t" $t))))))
