; What defines a name. Each capture calls the method of that name in indexing/languages/java.py.
(line_comment) @comment
(block_comment) @comment
(package_declaration) @define.package
(class_declaration) @define.class
(record_declaration) @define.class
(interface_declaration) @define.interface
(annotation_type_declaration) @define.interface
(enum_declaration) @define.enum
(enum_constant) @define.constant
(method_declaration) @define.method
(annotation_type_element_declaration) @define.method
(constructor_declaration) @define.constructor
(compact_constructor_declaration) @define.constructor
(lambda_expression) @define.lambda
(field_declaration) @define.field
(constant_declaration) @define.field
(record_declaration parameters: (formal_parameters (formal_parameter) @define.component))
