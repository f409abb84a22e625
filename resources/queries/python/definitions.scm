; What defines a name. Each capture calls the method of that name in indexing/languages/python.py.
(comment) @comment
(decorated_definition) @define.decorated
(function_definition) @define.function
(class_definition) @define.class
(lambda) @define.lambda
(type_alias_statement) @define.type
(module (expression_statement (assignment) @define.variable))
(class_definition body: (block (expression_statement (assignment) @define.field)))
