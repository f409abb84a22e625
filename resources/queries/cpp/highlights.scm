; Colours of the code view. `@name` is looked at once more: names in capitals are constants.
(comment) @comment
(string_literal) @string
(raw_string_literal) @string
(system_lib_string) @string
(char_literal) @string
(number_literal) @number
[(null) (true) (false)] @constant
(this) @builtin
(identifier) @name
(field_identifier) @property
(type_identifier) @type
(namespace_identifier) @type
(primitive_type) @type
(sized_type_specifier) @type
(auto) @type
(call_expression function: (identifier) @function)
(call_expression function: (field_expression field: (field_identifier) @function))
(call_expression function: (qualified_identifier name: (identifier) @function))
(template_function name: (identifier) @function)
(template_method name: (field_identifier) @function)
(function_declarator declarator: (identifier) @function)
(function_declarator declarator: (field_identifier) @function)
(function_declarator declarator: (qualified_identifier name: (identifier) @function))
(preproc_def name: (identifier) @constant)
(preproc_function_def name: (identifier) @function)
(parameter_declaration declarator: (identifier) @variable)
["break" "case" "catch" "class" "co_await" "co_return" "co_yield" "concept" "const" "constexpr" "continue" "decltype"
 "default" "delete" "do" "else" "enum" "explicit" "extern" "final" "for" "friend" "goto" "if" "inline" "namespace" "new"
 "noexcept" "operator" "override" "private" "protected" "public" "requires" "return" "sizeof" "static" "struct" "switch"
 "template" "throw" "try" "typedef" "typename" "union" "using" "virtual" "volatile" "while"] @keyword
["#include" "#define" "#if" "#ifdef" "#ifndef" "#else" "#elif" "#endif" (preproc_directive)] @keyword
["=" "+" "-" "*" "/" "%" "==" "!=" "<" ">" "<=" ">=" "+=" "-=" "->" "&&" "||" "!" "?" "++" "--" "::" "&" "|" "^" "~"] @operator
