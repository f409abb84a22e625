; What uses names. Each capture calls the method of that name in indexing/languages/zig.py.
(variable_declaration) @use.variable
(using_namespace_declaration) @use.namespace
(builtin_function) @use.builtin
(container_field) @use.field
(function_declaration) @use.function
(struct_initializer) @use.initializer
(call_expression) @use.call
(for_statement) @use.loop
(for_expression) @use.loop
(while_statement) @use.condition
(while_expression) @use.condition
(if_statement) @use.condition
(if_expression) @use.condition
(assignment_expression) @use.assignment
(return_expression) @use.return
