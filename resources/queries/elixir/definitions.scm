; What defines a name. Each capture calls the method of that name in indexing/languages/elixir.py.
(comment) @comment
(source (call target: (identifier)) @define.call)
(do_block (call target: (identifier)) @define.call)
(do_block (unary_operator operator: "@" operand: (call)) @define.attribute)
(anonymous_function) @define.lambda
; Operators nest in themselves and are taken whole: a pattern with children costs the square of their depth.
(binary_operator) @define.operator
