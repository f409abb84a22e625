; What uses names. Each capture calls the method of that name in indexing/languages/python.py.
(import_statement) @use.import
(import_from_statement) @use.import_from
(class_definition superclasses: (argument_list)) @use.bases
(decorated_definition) @use.decorated
(function_definition) @use.function
(lambda) @use.lambda
(call) @use.call
(assignment) @use.assignment
(augmented_assignment) @use.augmented
(named_expression) @use.named
(for_statement) @use.for
(for_in_clause) @use.for
(with_item) @use.with
(except_clause) @use.except
(return_statement) @use.return
(yield) @use.yield
(raise_statement) @use.raise
(global_statement) @use.global
(nonlocal_statement) @use.nonlocal
(class_pattern) @use.pattern
