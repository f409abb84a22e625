; What defines a name. Each capture calls the method of that name in indexing/languages/go.py.
(comment) @comment
(package_clause) @define.package
(type_declaration) @define.group
(const_declaration) @define.group
(var_declaration) @define.group
(type_spec) @define.type
(type_alias) @define.alias
(field_declaration) @define.field
(method_elem) @define.signature
(function_declaration) @define.function
(method_declaration) @define.method
(func_literal) @define.lambda
(const_spec) @define.constant
(var_spec) @define.variable
