; What uses names. Each capture calls the method of that name in indexing/languages/objc.py.
(preproc_include) @use.include
(module_import) @use.module
(preproc_function_def) @use.macro
(class_interface) @use.interface
(protocol_declaration) @use.protocol
(method_declaration) @use.method
(method_definition) @use.method
(property_declaration) @use.property
(instance_variable) @use.variable_of_class
(function_definition) @use.function
(block_literal) @use.block
(declaration) @use.declaration
(field_declaration) @use.field
(for_statement type: (_)) @use.enumeration
(message_expression) @use.message
(call_expression) @use.call
(assignment_expression) @use.assignment
(return_statement) @use.return
