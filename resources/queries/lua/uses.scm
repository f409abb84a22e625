; What uses names. Each capture calls the method of that name in indexing/languages/lua.py.
(function_declaration) @use.function
(function_definition) @use.function
(variable_declaration) @use.local
(assignment_statement) @use.assignment
(for_generic_clause) @use.each
(for_numeric_clause) @use.count
(function_call) @use.call
(return_statement) @use.return
