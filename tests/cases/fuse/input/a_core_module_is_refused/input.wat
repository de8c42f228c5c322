;; A core module has no boundary to compile away.
(module (func (export "run")))
