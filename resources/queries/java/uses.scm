; What uses names. Each capture calls the method of that name in indexing/languages/java.py.
(import_declaration) @use.import
(class_declaration) @use.class
(record_declaration) @use.class
(interface_declaration) @use.class
(enum_declaration) @use.class
(annotation) @use.annotation
(marker_annotation) @use.annotation
(method_declaration) @use.method
(constructor_declaration) @use.method
(lambda_expression) @use.lambda
(field_declaration) @use.declaration
(constant_declaration) @use.declaration
(local_variable_declaration) @use.declaration
(enhanced_for_statement) @use.for
(resource) @use.resource
(catch_formal_parameter) @use.catch
(instanceof_expression) @use.pattern
(type_pattern) @use.type_pattern
(method_invocation) @use.call
(object_creation_expression) @use.new
(explicit_constructor_invocation) @use.constructor
(enum_constant arguments: (argument_list)) @use.enum_constant
(assignment_expression) @use.assignment
(return_statement) @use.return
