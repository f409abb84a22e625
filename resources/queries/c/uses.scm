; What uses names. Each capture calls the method of that name in indexing/languages/c.py.
(preproc_include) @use.include
(preproc_function_def) @use.macro
(function_definition) @use.function
(declaration) @use.declaration
(field_declaration) @use.field
(call_expression) @use.call
(assignment_expression) @use.assignment
(return_statement) @use.return
