; Colours of the code view. `@name` is looked at once more: names in capitals are constants.
(comment) @comment
(string) @string
(multiline_string) @string
(character) @string
[(integer) (float)] @number
[(boolean) "null" "undefined"] @constant
(identifier) @name
(builtin_type) @type
(builtin_identifier) @builtin
(field_expression member: (identifier) @property)
(container_field name: (identifier) @property)
(parameter name: (identifier) @variable)
(parameter type: (identifier) @type)
(pointer_type (identifier) @type)
(nullable_type (identifier) @type)
(struct_initializer (identifier) @type)
(function_declaration name: (identifier) @function)
(call_expression function: (identifier) @function)
(call_expression function: (field_expression member: (identifier) @function))
["and" "break" "catch" "comptime" "const" "continue" "defer" "else" "enum" "errdefer" "error" "export" "extern" "fn" "for"
 "if" "inline" "opaque" "or" "orelse" "packed" "pub" "return" "struct" "switch" "test" "threadlocal" "try" "union"
 "unreachable" "usingnamespace" "var" "volatile" "while"] @keyword
["=" "+" "-" "*" "/" "%" "==" "!=" "<" ">" "<=" ">=" "+=" "-=" "=>" "!" "?" "&" "|" "^" "~" ".." ".*" ".?"] @operator
