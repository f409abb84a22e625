; What defines a name. Each capture calls the method of that name in indexing/languages/lua.py.
(comment) @comment
(variable_declaration) @define.local
(assignment_statement) @define.assignment
(function_declaration) @define.function
(function_definition) @define.value
(field value: (function_definition)) @define.entry
