; What defines a name in JavaScript and TypeScript. Each capture calls the method of that name in
; indexing/languages/ecmascript.py.
(comment) @comment
(export_statement) @define.export
(lexical_declaration) @define.declaration
(variable_declaration) @define.declaration
(variable_declarator) @define.declarator
(expression_statement (assignment_expression)) @define.statement
(assignment_expression) @define.assignment
(pair) @define.pair
(function_declaration) @define.function
(generator_function_declaration) @define.function
(function_expression) @define.function_value
(generator_function) @define.function_value
(arrow_function) @define.function_value
(class_declaration) @define.class
(class) @define.class_value
(method_definition) @define.method
(program (lexical_declaration (variable_declarator) @define.variable))
(program (variable_declaration (variable_declarator) @define.variable))
(program (export_statement declaration: (lexical_declaration (variable_declarator) @define.variable)))
