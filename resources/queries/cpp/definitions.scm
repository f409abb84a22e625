; What defines a name. Each capture calls the method of that name in indexing/languages/cpp.py.
(comment) @comment
(preproc_def) @define.macro
(preproc_function_def) @define.macro
(namespace_definition) @define.namespace
(template_declaration) @define.template
(function_definition) @define.function
(lambda_expression) @define.lambda
(type_definition) @define.typedef
(alias_declaration) @define.alias
(concept_definition) @define.concept
(class_specifier body: (_)) @define.class
(struct_specifier body: (_)) @define.record
(union_specifier body: (_)) @define.record
(enum_specifier body: (_)) @define.enum
(enumerator) @define.enumerator
(field_declaration) @define.field
(declaration) @define.variable
