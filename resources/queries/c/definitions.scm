; What defines a name. Each capture calls the method of that name in indexing/languages/c.py.
(comment) @comment
(preproc_def) @define.macro
(preproc_function_def) @define.macro
(function_definition) @define.function
(type_definition) @define.typedef
(struct_specifier body: (_)) @define.record
(union_specifier body: (_)) @define.record
(enum_specifier body: (_)) @define.enum
(enumerator) @define.enumerator
(field_declaration) @define.field
(declaration) @define.variable
