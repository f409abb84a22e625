; What uses names. Each capture calls the method of that name in indexing/languages/haskell.py.
(import) @use.import
(signature) @use.signature
[(data_type) (newtype) (type_synonym) (type_family) (data_family) (deriving_instance)] @use.signature
(class [(context) (type_params)] @use.signature)
(instance [(context) (type_patterns)] @use.signature)
(patterns) @use.pattern
(alternative pattern: (_) @use.pattern)
(bind pattern: (_) @use.pattern)
(generator pattern: (_) @use.pattern)
(function (infix left_operand: (_) @use.pattern))
(function (infix right_operand: (_) @use.pattern))
(local_binds (bind name: (variable) @use.local))
; Nodes that nest in themselves are taken whole: a pattern with children costs the square of their depth.
(apply) @use.apply
(infix) @use.infix
(parens) @use.parens
(lambda) @use.lambda
(exp . [(variable) (qualified)] @use.called .)
(match expression: [(variable) (qualified)] @use.called)
(bind expression: [(variable) (qualified)] @use.called)
(conditional then: [(variable) (qualified)] @use.called)
(conditional else: [(variable) (qualified)] @use.called)
(list element: [(variable) (qualified)] @use.named)
(tuple element: [(variable) (qualified)] @use.named)
(record (constructor) @use.called)
(left_section [(variable) (qualified)] @use.named)
(right_section [(variable) (qualified)] @use.named)
(name) @use.type
