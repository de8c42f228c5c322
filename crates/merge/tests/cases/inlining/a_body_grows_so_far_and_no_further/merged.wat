(module $fused
  (type (;0;) (func (param i32) (result i32)))
  (export "run" (func 2))
  (func (;0;) (type 0) (param i32) (result i32)
    local.get 0
    i32.const 100000
    i32.mul
    i32.const 70000
    i32.xor
    local.set 0
    local.get 0
    i32.const 100001
    i32.mul
    i32.const 70001
    i32.xor
    local.set 0
    local.get 0
    i32.const 100002
    i32.mul
    i32.const 70002
    i32.xor
    local.set 0
    local.get 0
    i32.const 100003
    i32.mul
    i32.const 70003
    i32.xor
    local.set 0
    local.get 0
    i32.const 100004
    i32.mul
    i32.const 70004
    i32.xor
    local.set 0
    local.get 0
    i32.const 100005
    i32.mul
    i32.const 70005
    i32.xor
    local.set 0
    local.get 0
    i32.const 100006
    i32.mul
    i32.const 70006
    i32.xor
    local.set 0
    local.get 0
    i32.const 100007
    i32.mul
    i32.const 70007
    i32.xor
    local.set 0
    local.get 0
    i32.const 100008
    i32.mul
    i32.const 70008
    i32.xor
    local.set 0
    local.get 0
  )
  (func (;1;) (type 0) (param i32) (result i32)
    local.get 0
    i32.const 100000
    i32.mul
    i32.const 70000
    i32.xor
    local.set 0
    local.get 0
    i32.const 100001
    i32.mul
    i32.const 70001
    i32.xor
    local.set 0
    local.get 0
    i32.const 100002
    i32.mul
    i32.const 70002
    i32.xor
    local.set 0
    local.get 0
    i32.const 100003
    i32.mul
    i32.const 70003
    i32.xor
    local.set 0
    local.get 0
    i32.const 100004
    i32.mul
    i32.const 70004
    i32.xor
    local.set 0
    local.get 0
    i32.const 100005
    i32.mul
    i32.const 70005
    i32.xor
    local.set 0
    local.get 0
    i32.const 100006
    i32.mul
    i32.const 70006
    i32.xor
    local.set 0
    local.get 0
    i32.const 100007
    i32.mul
    i32.const 70007
    i32.xor
    local.set 0
    local.get 0
    i32.const 100008
    i32.mul
    i32.const 70008
    i32.xor
    local.set 0
    local.get 0
    i32.const 100009
    i32.mul
    i32.const 70009
    i32.xor
    local.set 0
    local.get 0
    i32.const 100010
    i32.mul
    i32.const 70010
    i32.xor
    local.set 0
    local.get 0
    i32.const 100011
    i32.mul
    i32.const 70011
    i32.xor
    local.set 0
    local.get 0
    i32.const 100012
    i32.mul
    i32.const 70012
    i32.xor
    local.set 0
    local.get 0
    i32.const 100013
    i32.mul
    i32.const 70013
    i32.xor
    local.set 0
    local.get 0
  )
  (func (;2;) (type 0) (param i32) (result i32)
    (local i32)
    local.get 0
    local.tee 1
    i32.const 100000
    i32.mul
    i32.const 70000
    i32.xor
    local.tee 1
    i32.const 100001
    i32.mul
    i32.const 70001
    i32.xor
    local.tee 1
    i32.const 100002
    i32.mul
    i32.const 70002
    i32.xor
    local.tee 1
    i32.const 100003
    i32.mul
    i32.const 70003
    i32.xor
    local.tee 1
    i32.const 100004
    i32.mul
    i32.const 70004
    i32.xor
    local.tee 1
    i32.const 100005
    i32.mul
    i32.const 70005
    i32.xor
    local.tee 1
    i32.const 100006
    i32.mul
    i32.const 70006
    i32.xor
    local.tee 1
    i32.const 100007
    i32.mul
    i32.const 70007
    i32.xor
    local.tee 1
    i32.const 100008
    i32.mul
    i32.const 70008
    i32.xor
    local.tee 1
    local.set 0
    local.get 0
    local.tee 1
    i32.const 100000
    i32.mul
    i32.const 70000
    i32.xor
    local.tee 1
    i32.const 100001
    i32.mul
    i32.const 70001
    i32.xor
    local.tee 1
    i32.const 100002
    i32.mul
    i32.const 70002
    i32.xor
    local.tee 1
    i32.const 100003
    i32.mul
    i32.const 70003
    i32.xor
    local.tee 1
    i32.const 100004
    i32.mul
    i32.const 70004
    i32.xor
    local.tee 1
    i32.const 100005
    i32.mul
    i32.const 70005
    i32.xor
    local.tee 1
    i32.const 100006
    i32.mul
    i32.const 70006
    i32.xor
    local.tee 1
    i32.const 100007
    i32.mul
    i32.const 70007
    i32.xor
    local.tee 1
    i32.const 100008
    i32.mul
    i32.const 70008
    i32.xor
    local.tee 1
    local.set 0
    local.get 0
    local.tee 1
    i32.const 100000
    i32.mul
    i32.const 70000
    i32.xor
    local.tee 1
    i32.const 100001
    i32.mul
    i32.const 70001
    i32.xor
    local.tee 1
    i32.const 100002
    i32.mul
    i32.const 70002
    i32.xor
    local.tee 1
    i32.const 100003
    i32.mul
    i32.const 70003
    i32.xor
    local.tee 1
    i32.const 100004
    i32.mul
    i32.const 70004
    i32.xor
    local.tee 1
    i32.const 100005
    i32.mul
    i32.const 70005
    i32.xor
    local.tee 1
    i32.const 100006
    i32.mul
    i32.const 70006
    i32.xor
    local.tee 1
    i32.const 100007
    i32.mul
    i32.const 70007
    i32.xor
    local.tee 1
    i32.const 100008
    i32.mul
    i32.const 70008
    i32.xor
    local.tee 1
    local.set 0
    local.get 0
    local.tee 1
    i32.const 100000
    i32.mul
    i32.const 70000
    i32.xor
    local.tee 1
    i32.const 100001
    i32.mul
    i32.const 70001
    i32.xor
    local.tee 1
    i32.const 100002
    i32.mul
    i32.const 70002
    i32.xor
    local.tee 1
    i32.const 100003
    i32.mul
    i32.const 70003
    i32.xor
    local.tee 1
    i32.const 100004
    i32.mul
    i32.const 70004
    i32.xor
    local.tee 1
    i32.const 100005
    i32.mul
    i32.const 70005
    i32.xor
    local.tee 1
    i32.const 100006
    i32.mul
    i32.const 70006
    i32.xor
    local.tee 1
    i32.const 100007
    i32.mul
    i32.const 70007
    i32.xor
    local.tee 1
    i32.const 100008
    i32.mul
    i32.const 70008
    i32.xor
    local.tee 1
    local.set 0
    local.get 0
    local.tee 1
    i32.const 100000
    i32.mul
    i32.const 70000
    i32.xor
    local.tee 1
    i32.const 100001
    i32.mul
    i32.const 70001
    i32.xor
    local.tee 1
    i32.const 100002
    i32.mul
    i32.const 70002
    i32.xor
    local.tee 1
    i32.const 100003
    i32.mul
    i32.const 70003
    i32.xor
    local.tee 1
    i32.const 100004
    i32.mul
    i32.const 70004
    i32.xor
    local.tee 1
    i32.const 100005
    i32.mul
    i32.const 70005
    i32.xor
    local.tee 1
    i32.const 100006
    i32.mul
    i32.const 70006
    i32.xor
    local.tee 1
    i32.const 100007
    i32.mul
    i32.const 70007
    i32.xor
    local.tee 1
    i32.const 100008
    i32.mul
    i32.const 70008
    i32.xor
    local.tee 1
    local.set 0
    local.get 0
    local.tee 1
    i32.const 100000
    i32.mul
    i32.const 70000
    i32.xor
    local.tee 1
    i32.const 100001
    i32.mul
    i32.const 70001
    i32.xor
    local.tee 1
    i32.const 100002
    i32.mul
    i32.const 70002
    i32.xor
    local.tee 1
    i32.const 100003
    i32.mul
    i32.const 70003
    i32.xor
    local.tee 1
    i32.const 100004
    i32.mul
    i32.const 70004
    i32.xor
    local.tee 1
    i32.const 100005
    i32.mul
    i32.const 70005
    i32.xor
    local.tee 1
    i32.const 100006
    i32.mul
    i32.const 70006
    i32.xor
    local.tee 1
    i32.const 100007
    i32.mul
    i32.const 70007
    i32.xor
    local.tee 1
    i32.const 100008
    i32.mul
    i32.const 70008
    i32.xor
    local.tee 1
    local.set 0
    local.get 0
    local.tee 1
    i32.const 100000
    i32.mul
    i32.const 70000
    i32.xor
    local.tee 1
    i32.const 100001
    i32.mul
    i32.const 70001
    i32.xor
    local.tee 1
    i32.const 100002
    i32.mul
    i32.const 70002
    i32.xor
    local.tee 1
    i32.const 100003
    i32.mul
    i32.const 70003
    i32.xor
    local.tee 1
    i32.const 100004
    i32.mul
    i32.const 70004
    i32.xor
    local.tee 1
    i32.const 100005
    i32.mul
    i32.const 70005
    i32.xor
    local.tee 1
    i32.const 100006
    i32.mul
    i32.const 70006
    i32.xor
    local.tee 1
    i32.const 100007
    i32.mul
    i32.const 70007
    i32.xor
    local.tee 1
    i32.const 100008
    i32.mul
    i32.const 70008
    i32.xor
    local.tee 1
    local.set 0
    local.get 0
    local.tee 1
    i32.const 100000
    i32.mul
    i32.const 70000
    i32.xor
    local.tee 1
    i32.const 100001
    i32.mul
    i32.const 70001
    i32.xor
    local.tee 1
    i32.const 100002
    i32.mul
    i32.const 70002
    i32.xor
    local.tee 1
    i32.const 100003
    i32.mul
    i32.const 70003
    i32.xor
    local.tee 1
    i32.const 100004
    i32.mul
    i32.const 70004
    i32.xor
    local.tee 1
    i32.const 100005
    i32.mul
    i32.const 70005
    i32.xor
    local.tee 1
    i32.const 100006
    i32.mul
    i32.const 70006
    i32.xor
    local.tee 1
    i32.const 100007
    i32.mul
    i32.const 70007
    i32.xor
    local.tee 1
    i32.const 100008
    i32.mul
    i32.const 70008
    i32.xor
    local.tee 1
    local.set 0
    local.get 0
    local.tee 1
    i32.const 100000
    i32.mul
    i32.const 70000
    i32.xor
    local.tee 1
    i32.const 100001
    i32.mul
    i32.const 70001
    i32.xor
    local.tee 1
    i32.const 100002
    i32.mul
    i32.const 70002
    i32.xor
    local.tee 1
    i32.const 100003
    i32.mul
    i32.const 70003
    i32.xor
    local.tee 1
    i32.const 100004
    i32.mul
    i32.const 70004
    i32.xor
    local.tee 1
    i32.const 100005
    i32.mul
    i32.const 70005
    i32.xor
    local.tee 1
    i32.const 100006
    i32.mul
    i32.const 70006
    i32.xor
    local.tee 1
    i32.const 100007
    i32.mul
    i32.const 70007
    i32.xor
    local.tee 1
    i32.const 100008
    i32.mul
    i32.const 70008
    i32.xor
    local.tee 1
    local.set 0
    local.get 0
    local.tee 1
    i32.const 100000
    i32.mul
    i32.const 70000
    i32.xor
    local.tee 1
    i32.const 100001
    i32.mul
    i32.const 70001
    i32.xor
    local.tee 1
    i32.const 100002
    i32.mul
    i32.const 70002
    i32.xor
    local.tee 1
    i32.const 100003
    i32.mul
    i32.const 70003
    i32.xor
    local.tee 1
    i32.const 100004
    i32.mul
    i32.const 70004
    i32.xor
    local.tee 1
    i32.const 100005
    i32.mul
    i32.const 70005
    i32.xor
    local.tee 1
    i32.const 100006
    i32.mul
    i32.const 70006
    i32.xor
    local.tee 1
    i32.const 100007
    i32.mul
    i32.const 70007
    i32.xor
    local.tee 1
    i32.const 100008
    i32.mul
    i32.const 70008
    i32.xor
    local.tee 1
    local.set 0
    local.get 0
    local.tee 1
    i32.const 100000
    i32.mul
    i32.const 70000
    i32.xor
    local.tee 1
    i32.const 100001
    i32.mul
    i32.const 70001
    i32.xor
    local.tee 1
    i32.const 100002
    i32.mul
    i32.const 70002
    i32.xor
    local.tee 1
    i32.const 100003
    i32.mul
    i32.const 70003
    i32.xor
    local.tee 1
    i32.const 100004
    i32.mul
    i32.const 70004
    i32.xor
    local.tee 1
    i32.const 100005
    i32.mul
    i32.const 70005
    i32.xor
    local.tee 1
    i32.const 100006
    i32.mul
    i32.const 70006
    i32.xor
    local.tee 1
    i32.const 100007
    i32.mul
    i32.const 70007
    i32.xor
    local.tee 1
    i32.const 100008
    i32.mul
    i32.const 70008
    i32.xor
    local.tee 1
    local.set 0
    local.get 0
    local.tee 1
    i32.const 100000
    i32.mul
    i32.const 70000
    i32.xor
    local.tee 1
    i32.const 100001
    i32.mul
    i32.const 70001
    i32.xor
    local.tee 1
    i32.const 100002
    i32.mul
    i32.const 70002
    i32.xor
    local.tee 1
    i32.const 100003
    i32.mul
    i32.const 70003
    i32.xor
    local.tee 1
    i32.const 100004
    i32.mul
    i32.const 70004
    i32.xor
    local.tee 1
    i32.const 100005
    i32.mul
    i32.const 70005
    i32.xor
    local.tee 1
    i32.const 100006
    i32.mul
    i32.const 70006
    i32.xor
    local.tee 1
    i32.const 100007
    i32.mul
    i32.const 70007
    i32.xor
    local.tee 1
    i32.const 100008
    i32.mul
    i32.const 70008
    i32.xor
    local.tee 1
    local.set 0
    local.get 0
    local.tee 1
    i32.const 100000
    i32.mul
    i32.const 70000
    i32.xor
    local.tee 1
    i32.const 100001
    i32.mul
    i32.const 70001
    i32.xor
    local.tee 1
    i32.const 100002
    i32.mul
    i32.const 70002
    i32.xor
    local.tee 1
    i32.const 100003
    i32.mul
    i32.const 70003
    i32.xor
    local.tee 1
    i32.const 100004
    i32.mul
    i32.const 70004
    i32.xor
    local.tee 1
    i32.const 100005
    i32.mul
    i32.const 70005
    i32.xor
    local.tee 1
    i32.const 100006
    i32.mul
    i32.const 70006
    i32.xor
    local.tee 1
    i32.const 100007
    i32.mul
    i32.const 70007
    i32.xor
    local.tee 1
    i32.const 100008
    i32.mul
    i32.const 70008
    i32.xor
    local.tee 1
    local.set 0
    local.get 0
    local.tee 1
    i32.const 100000
    i32.mul
    i32.const 70000
    i32.xor
    local.tee 1
    i32.const 100001
    i32.mul
    i32.const 70001
    i32.xor
    local.tee 1
    i32.const 100002
    i32.mul
    i32.const 70002
    i32.xor
    local.tee 1
    i32.const 100003
    i32.mul
    i32.const 70003
    i32.xor
    local.tee 1
    i32.const 100004
    i32.mul
    i32.const 70004
    i32.xor
    local.tee 1
    i32.const 100005
    i32.mul
    i32.const 70005
    i32.xor
    local.tee 1
    i32.const 100006
    i32.mul
    i32.const 70006
    i32.xor
    local.tee 1
    i32.const 100007
    i32.mul
    i32.const 70007
    i32.xor
    local.tee 1
    i32.const 100008
    i32.mul
    i32.const 70008
    i32.xor
    local.tee 1
    local.set 0
    local.get 0
    local.tee 1
    i32.const 100000
    i32.mul
    i32.const 70000
    i32.xor
    local.tee 1
    i32.const 100001
    i32.mul
    i32.const 70001
    i32.xor
    local.tee 1
    i32.const 100002
    i32.mul
    i32.const 70002
    i32.xor
    local.tee 1
    i32.const 100003
    i32.mul
    i32.const 70003
    i32.xor
    local.tee 1
    i32.const 100004
    i32.mul
    i32.const 70004
    i32.xor
    local.tee 1
    i32.const 100005
    i32.mul
    i32.const 70005
    i32.xor
    local.tee 1
    i32.const 100006
    i32.mul
    i32.const 70006
    i32.xor
    local.tee 1
    i32.const 100007
    i32.mul
    i32.const 70007
    i32.xor
    local.tee 1
    i32.const 100008
    i32.mul
    i32.const 70008
    i32.xor
    local.tee 1
    local.set 0
    local.get 0
    call 0
    local.set 0
    local.get 0
    call 0
    local.set 0
    local.get 0
    call 0
    local.set 0
    local.get 0
    call 0
    local.set 0
    local.get 0
    call 0
    local.set 0
    local.get 0
    call 1
  )
)
