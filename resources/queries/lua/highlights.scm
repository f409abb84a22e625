; Colours of the code view. `@name` is looked at once more: names in capitals are constants.
(comment) @comment
(hash_bang_line) @comment
(string) @string
(number) @number
[(nil) (true) (false) (vararg_expression)] @constant
(identifier) @name
(dot_index_expression field: (identifier) @property)
(field name: (identifier) @property)
(parameters (identifier) @variable)
(attribute (identifier) @decorator)
(function_call name: (identifier) @function)
(function_call name: (dot_index_expression field: (identifier) @function))
(function_call name: (method_index_expression method: (identifier) @function))
(function_declaration name: (identifier) @function)
(function_declaration name: (dot_index_expression field: (identifier) @function))
(function_declaration name: (method_index_expression method: (identifier) @function))
(label_statement (identifier) @decorator)
["and" "do" "else" "elseif" "end" "for" "function" "goto" "if" "in" "local" "not" "or" "repeat" "return" "then" "until"
 "while"] @keyword
(break_statement) @keyword
["=" "==" "~=" "<" ">" "<=" ">=" "+" "-" "*" "/" "//" "%" "^" "#" ".." "&" "|" "~" "<<" ">>"] @operator
