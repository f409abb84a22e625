; What defines a name. Each capture calls the method of that name in indexing/languages/objc.py.
(comment) @comment
(preproc_def) @define.macro
(preproc_function_def) @define.macro
(class_interface) @define.interface
(class_implementation) @define.implementation
(protocol_declaration) @define.protocol
(method_declaration) @define.declared_method
(method_definition) @define.method
(property_declaration) @define.property
(instance_variable) @define.variable_of_class
(function_definition) @define.function
(block_literal) @define.block
(type_definition) @define.typedef
(struct_specifier body: (_)) @define.record
(union_specifier body: (_)) @define.record
(enum_specifier body: (_)) @define.enum
(enumerator) @define.enumerator
(field_declaration) @define.field
(declaration) @define.variable
