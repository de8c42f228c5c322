;; Threads that run at the same time share what adapters keep in globals, and the memories they write to.

(component
  (core type $start (shared (func (param i32))))
  (core func $spawn (canon thread.spawn-ref $start)))
