; What uses names. Each capture calls the method of that name in indexing/languages/go.py.
(import_spec) @use.import
(type_spec) @use.type
(type_alias) @use.type
(function_declaration) @use.function
(method_declaration) @use.function
(func_literal) @use.function
(method_elem) @use.function
(field_declaration) @use.field
(interface_type (type_elem) @use.embedded)
(var_spec) @use.variable
(short_var_declaration) @use.assignment
(assignment_statement) @use.assignment
(range_clause) @use.range
(type_switch_statement) @use.type_switch
(call_expression) @use.call
(composite_literal) @use.literal
(return_statement) @use.return
