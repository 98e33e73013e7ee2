;; Slots of shared memory, one an alarm. A slot is pending (0) until one thread settles it; whoever comes second changes nothing.
(module
  (import "env" "memory" (memory 1 4 shared))

  ;; The address of a fresh slot; address 0 holds how many were claimed. Traps when the page is full.
  (func (export "claim") (result i32)
    (local $slot i32)
    (local.set $slot (i32.shl (i32.add (i32.atomic.rmw.add (i32.const 0) (i32.const 1)) (i32.const 1)) (i32.const 2)))
    (i32.atomic.store (local.get $slot) (i32.const 0))
    (local.get $slot))

  ;; Settles a pending slot and wakes whoever waits for it; 1 when this call did.
  (func (export "settle") (param $slot i32) (param $to i32) (result i32)
    (if (result i32) (i32.eqz (i32.atomic.rmw.cmpxchg (local.get $slot) (i32.const 0) (local.get $to)))
      (then
        (drop (memory.atomic.notify (local.get $slot) (i32.const -1)))
        (i32.const 1))
      (else (i32.const 0))))

  (func (export "state") (param $slot i32) (result i32)
    (i32.atomic.load (local.get $slot))))
