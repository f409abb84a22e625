; What uses names. Each capture calls the method of that name in indexing/languages/cpp.py.
(preproc_include) @use.include
(preproc_function_def) @use.macro
(using_declaration) @use.using
(namespace_alias_definition) @use.namespace_alias
(alias_declaration) @use.alias
(class_specifier body: (_)) @use.class
(struct_specifier body: (_)) @use.class
(function_definition) @use.function
(lambda_expression) @use.lambda
(declaration) @use.declaration
(field_declaration) @use.field
(field_initializer) @use.initializer
(for_range_loop) @use.range
(catch_clause) @use.catch
(call_expression) @use.call
(new_expression) @use.new
(assignment_expression) @use.assignment
(return_statement) @use.return
(co_return_statement) @use.return
