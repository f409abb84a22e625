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
(typedefed_specifier) @type
(class_interface (identifier) @type)
(class_implementation (identifier) @type)
(protocol_declaration (identifier) @type)
(protocol_reference_list (identifier) @type)
(method_declaration (identifier) @function)
(method_definition (identifier) @function)
(method_parameter (identifier) @variable)
(message_expression method: (identifier) @function)
(message_expression receiver: (identifier) @name)
(call_expression function: (identifier) @function)
(function_declarator declarator: (identifier) @function)
(preproc_def name: (identifier) @constant)
(preproc_function_def name: (identifier) @function)
((identifier) @builtin (#any-of? @builtin "self" "super"))
["@autoreleasepool" "@catch" "@dynamic" "@encode" "@end" "@finally" "@implementation" "@import" "@interface"
 "@optional" "@property" "@protocol" "@required" "@selector" "@synchronized" "@synthesize" "@throw" "@try"] @keyword
["break" "case" "const" "continue" "default" "do" "else" "enum" "extern" "for" "goto" "if" "in" "inline" "return" "sizeof"
 "static" "struct" "switch" "typedef" "union" "volatile" "while"] @keyword
["#include" "#import" "#define" "#if" "#ifdef" "#ifndef" "#else" "#elif" "#endif" (preproc_directive)] @keyword
["=" "+" "-" "*" "/" "%" "==" "!=" "<" ">" "<=" ">=" "+=" "-=" "->" "&&" "||" "!" "?" "++" "--" "&" "|" "^" "~"] @operator
