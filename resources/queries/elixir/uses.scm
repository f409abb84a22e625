; What uses names. Each capture calls the method of that name in indexing/languages/elixir.py.
(call) @use.call
(unary_operator operator: "&" operand: (binary_operator operator: "/" right: (integer))) @use.reference
(unary_operator operator: "@" operand: (call target: (identifier) (arguments (alias)))) @use.attribute
(struct (alias)) @use.struct
(binary_operator) @use.operator
(anonymous_function) @use.lambda
