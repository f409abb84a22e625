; What defines a name. Each capture calls the method of that name in indexing/languages/swift.py.
(comment) @comment
(multiline_comment) @comment
(class_declaration) @define.class
(protocol_declaration) @define.protocol
(typealias_declaration) @define.type
(associatedtype_declaration) @define.type
(function_declaration) @define.function
(protocol_function_declaration) @define.function
(init_declaration) @define.constructor
(deinit_declaration) @define.constructor
(subscript_declaration) @define.constructor
(lambda_literal) @define.lambda
(property_declaration) @define.field
(protocol_property_declaration) @define.field
(enum_entry) @define.entry
