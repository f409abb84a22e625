; What uses names. Each capture calls the method of that name in indexing/languages/kotlin.py.
(import) @use.import
(type_alias) @use.alias
(delegation_specifiers) @use.bases
(annotation) @use.annotation
(primary_constructor) @use.primary
(secondary_constructor) @use.function
(function_declaration) @use.function
(anonymous_function) @use.function
(lambda_literal) @use.lambda
(property_declaration) @use.declaration
(for_statement) @use.for
(catch_block) @use.catch
(is_expression) @use.cast
(as_expression) @use.cast
(type_test) @use.test
(call_expression) @use.call
(binary_expression left: (binary_expression operator: "<") operator: ">" right: (parenthesized_expression)) @use.misread_call
(infix_expression) @use.infix
(delegation_specifier (constructor_invocation) @use.base_call)
(constructor_delegation_call) @use.delegation
(enum_entry) @use.entry
(assignment) @use.assignment
(return_expression) @use.return
