; What defines a name. Each capture calls the method of that name in indexing/languages/kotlin.py.
(line_comment) @comment
(block_comment) @comment
(package_header) @define.package
(class_declaration) @define.class
(object_declaration) @define.class
(companion_object) @define.companion
(type_alias) @define.alias
(primary_constructor) @define.primary
(class_parameter) @define.component
(secondary_constructor) @define.constructor
(function_declaration) @define.function
(lambda_literal) @define.lambda
(anonymous_function) @define.lambda
(source_file (property_declaration) @define.field)
(class_declaration (class_body (property_declaration) @define.field))
(object_declaration (class_body (property_declaration) @define.field))
(companion_object (class_body (property_declaration) @define.field))
(enum_class_body (property_declaration) @define.field)
(enum_entry) @define.entry
