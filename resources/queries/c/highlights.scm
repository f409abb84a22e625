; Colours of the code view. `@name` is looked at once more: names in capitals are constants.
(comment) @comment
(string_literal) @string
(system_lib_string) @string
(char_literal) @string
(number_literal) @number
[(null) (true) (false)] @constant
(identifier) @name
(field_identifier) @property
(type_identifier) @type
(primitive_type) @type
(sized_type_specifier) @type
(call_expression function: (identifier) @function)
(call_expression function: (field_expression field: (field_identifier) @function))
(function_declarator declarator: (identifier) @function)
(preproc_def name: (identifier) @constant)
(preproc_function_def name: (identifier) @function)
["break" "case" "const" "continue" "default" "do" "else" "enum" "extern" "for" "goto" "if" "inline" "register" "return"
 "sizeof" "static" "struct" "switch" "typedef" "union" "volatile" "while"] @keyword
["#include" "#define" "#if" "#ifdef" "#ifndef" "#else" "#elif" "#endif" (preproc_directive)] @keyword
["=" "+" "-" "*" "/" "%" "==" "!=" "<" ">" "<=" ">=" "+=" "-=" "->" "&&" "||" "!" "?" "++" "--" "&" "|" "^" "~"] @operator
