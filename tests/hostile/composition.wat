(component
  (import "host" (instance $host
    (export "h" (type $h (sub resource)))
    (export "log" (func (param "x" u32)))
    (export "make" (func (result (own $h))))
    (export "use" (func (param "h" (borrow $h)) (result u32)))))
  (component $Victim
VICTIM)
  (component $Attacker
ATTACKER)
  (component $User
USER)
  (instance $victim (instantiate $Victim (with "host" (instance $host))))
  (instance $attacker (instantiate $Attacker (with "host" (instance $host)) (with "victim" (instance $victim))))
  (instance $user (instantiate $User (with "host" (instance $host)) (with "attacker" (instance $attacker))))
  (instance $v (export "keep" (func $victim "keep")) (export "digest" (func $victim "digest")))
  (instance $a ATTACKER-EXPORTS)
  (export "victim" (instance $v))
  (export "attacker" (instance $a))
  (export "user" (instance $user)))
