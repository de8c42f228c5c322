(component
  (import "wasi:cli/stdout@0.2.3" (instance (export "get" (func))))
  (import "demo:log/levels" (instance
    (type $level (enum "low" "high"))
    (export "level" (type (eq $level)))))
  (import "demo:log/file" (instance $file (export "go" (func))))
  (alias export $file "go" (func $go))
  (export "go" (func $go)))
