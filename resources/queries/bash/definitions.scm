; What defines a name. Each capture calls the method of that name in indexing/languages/bash.py.
(comment) @comment
(function_definition) @define.function
(variable_assignment) @define.variable
(program (command) @define.command)
