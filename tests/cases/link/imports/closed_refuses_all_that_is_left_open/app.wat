(component
  (import "demo:log/sink@1.0.0" (instance $sink (export "go" (func))))
  (import "demo:log/file" (instance $file (export "go" (func))))
  (import "log-it" (func))
  (import "wasi:cli/stdout@0.2.3" (instance (export "get" (func))))
  (import "demo:log/levels" (instance
    (type $level (enum "low" "high"))
    (export "level" (type (eq $level)))))
  (alias export $file "go" (func $go))
  (export "go" (func $go)))
