; Colours of the code view. `@name` is looked at once more: names in capitals are constants.
(comment) @comment
(string_literal) @string
(verbatim_string_literal) @string
(raw_string_literal) @string
(interpolated_string_expression) @string
(character_literal) @string
[(integer_literal) (real_literal)] @number
[(null_literal) (boolean_literal)] @constant
["this" "base"] @builtin
(identifier) @name
(predefined_type) @type
(implicit_type) @type
(generic_name (identifier) @type)
(member_access_expression name: (identifier) @property)
(invocation_expression function: (identifier) @function)
(invocation_expression function: (member_access_expression name: (identifier) @function))
(invocation_expression function: (conditional_access_expression (member_binding_expression name: (identifier) @function)))
(method_declaration name: (identifier) @function)
(local_function_statement name: (identifier) @function)
(constructor_declaration name: (identifier) @function)
(class_declaration name: (identifier) @type)
(struct_declaration name: (identifier) @type)
(record_declaration name: (identifier) @type)
(interface_declaration name: (identifier) @type)
(enum_declaration name: (identifier) @type)
(base_list (identifier) @type)
(parameter type: (identifier) @type)
(parameter name: (identifier) @variable)
(variable_declaration type: (identifier) @type)
(object_creation_expression type: (identifier) @type)
(attribute name: (identifier) @decorator)
(modifier) @keyword
["as" "await" "break" "case" "catch" "checked" "class" "continue" "default" "delegate" "do" "else" "enum" "event"
 "explicit" "finally" "fixed" "for" "foreach" "get" "goto" "if" "implicit" "in" "interface" "is" "lock" "namespace" "new"
 "operator" "out" "params" "record" "ref" "return" "set" "sizeof" "stackalloc" "struct" "switch" "throw" "try" "typeof"
 "unchecked" "unsafe" "using" "when" "where" "while" "with" "yield"] @keyword
["=" "+" "-" "*" "/" "%" "==" "!=" "<" ">" "<=" ">=" "+=" "-=" "=>" "&&" "||" "!" "?" "??" "++" "--" "&" "|" "^" "~"] @operator
