; What uses names. Each capture calls the method of that name in indexing/languages/php.py.
(namespace_use_declaration) @use.import
(require_expression) @use.include
(require_once_expression) @use.include
(include_expression) @use.include
(include_once_expression) @use.include
(base_clause) @use.bases
(class_interface_clause) @use.bases
(use_declaration) @use.traits
(attribute) @use.attribute
(function_definition) @use.function
(method_declaration) @use.function
(anonymous_function) @use.function
(arrow_function) @use.function
(property_declaration) @use.field
(enum_case) @use.case
(function_call_expression) @use.call
(member_call_expression) @use.call
(nullsafe_member_call_expression) @use.call
(scoped_call_expression) @use.call
(object_creation_expression) @use.new
(class_constant_access_expression) @use.constant
(assignment_expression) @use.assignment
(foreach_statement) @use.foreach
(catch_clause) @use.catch
(binary_expression operator: "instanceof") @use.instance
(return_statement) @use.return
