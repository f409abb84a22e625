; What defines a name. Each capture calls the method of that name in indexing/languages/scala.py.
(comment) @comment
(block_comment) @comment
(package_clause) @define.package
(class_definition) @define.class
(object_definition) @define.class
(package_object) @define.class
(full_enum_case) @define.class
(trait_definition) @define.trait
(enum_definition) @define.enum
(given_definition) @define.given
(class_parameter) @define.component
(simple_enum_case) @define.case
(function_definition) @define.function
(function_declaration) @define.function
(lambda_expression) @define.lambda
(type_definition) @define.type
(template_body [(val_definition) (var_definition) (val_declaration) (var_declaration)] @define.field)
(with_template_body [(val_definition) (var_definition)] @define.field)
(enum_body [(val_definition) (var_definition)] @define.field)
(compilation_unit [(val_definition) (var_definition)] @define.field)
