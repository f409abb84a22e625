; Colours of the code view. `@name` is looked at once more: names in capitals are constants.
(comment) @comment
(interpreted_string_literal) @string
(raw_string_literal) @string
(rune_literal) @string
[(int_literal) (float_literal) (imaginary_literal)] @number
[(nil) (true) (false) (iota)] @constant
(identifier) @name
(field_identifier) @property
(type_identifier) @type
(package_identifier) @name
(call_expression function: (identifier) @function)
(call_expression function: (selector_expression field: (field_identifier) @function))
(function_declaration name: (identifier) @function)
(method_declaration name: (field_identifier) @function)
(parameter_declaration name: (identifier) @variable)
["break" "case" "chan" "const" "continue" "default" "defer" "else" "fallthrough" "for" "func" "go" "goto" "if" "import"
 "interface" "map" "package" "range" "return" "select" "struct" "switch" "type" "var"] @keyword
["=" ":=" "+" "-" "*" "/" "%" "==" "!=" "<" ">" "<=" ">=" "+=" "-=" "<-" "&&" "||" "!" "..." "++" "--" "&" "|"] @operator
