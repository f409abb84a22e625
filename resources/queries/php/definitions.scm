; What defines a name. Each capture calls the method of that name in indexing/languages/php.py.
(comment) @comment
(namespace_definition) @define.namespace
(class_declaration) @define.class
(trait_declaration) @define.class
(interface_declaration) @define.interface
(enum_declaration) @define.enum
(enum_case) @define.case
(function_definition) @define.function
(method_declaration) @define.function
(anonymous_function) @define.lambda
(arrow_function) @define.lambda
(property_declaration) @define.field
(property_promotion_parameter) @define.promoted
(const_declaration) @define.constant
