; What defines a name. Each capture calls the method of that name in indexing/languages/zig.py.
(comment) @comment
(variable_declaration) @define.variable
(struct_declaration) @define.container
(union_declaration) @define.container
(enum_declaration) @define.container
(opaque_declaration) @define.container
(error_set_declaration) @define.container
(container_field) @define.field
(function_declaration) @define.function
(test_declaration) @define.test
