// Small components, as text.

export const quadruple = `
(component
  (import "demo:math/doubling@1.0.0" (instance $doubling
    (export "double" (func (param "number" u32) (result u32)))))
  (core func $double (canon lower (func $doubling "double")))
  (core module $code
    (import "doubling" "double" (func $double (param i32) (result i32)))
    (func (export "quadruple") (param i32) (result i32)
      (call $double (call $double (local.get 0)))))
  (core instance $instance (instantiate $code
    (with "doubling" (instance (export "double" (func $double))))))
  (func (export "quadruple") (param "number" u32) (result u32)
    (canon lift (core func $instance "quadruple"))))
`;

export const doubling = `
(component
  (core module $code
    (func (export "double") (param i32) (result i32) (i32.shl (local.get 0) (i32.const 1))))
  (core instance $instance (instantiate $code))
  (func $double (param "number" u32) (result u32) (canon lift (core func $instance "double")))
  (instance $doubling (export "double" (func $double)))
  (export "demo:math/doubling@1.0.0" (instance $doubling)))
`;

/** A component whose function `answer` gives this number. */
export const answering = (number) => `
(component
  (core module $code (func (export "answer") (result i32) (i32.const ${number})))
  (core instance $instance (instantiate $code))
  (func (export "answer") (result u32) (canon lift (core func $instance "answer"))))
`;

/** The two, as components of a request. */
export const components = [
  { name: 'quadruple', bytes: quadruple },
  { name: 'doubling', bytes: doubling },
];
