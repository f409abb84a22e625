; Colours of the code view. `@name` is looked at once more: names in capitals are constants.
(line_comment) @comment
(block_comment) @comment
(string_literal) @string
(character_literal) @string
[(decimal_integer_literal) (hex_integer_literal) (octal_integer_literal) (binary_integer_literal)
 (decimal_floating_point_literal) (hex_floating_point_literal)] @number
[(null_literal) (true) (false)] @constant
[(this) (super)] @builtin
(identifier) @name
(type_identifier) @type
[(integral_type) (floating_point_type) (boolean_type) (void_type)] @type
(field_access field: (identifier) @property)
(method_invocation name: (identifier) @function)
(method_declaration name: (identifier) @function)
(constructor_declaration name: (identifier) @function)
(class_declaration name: (identifier) @type)
(interface_declaration name: (identifier) @type)
(enum_declaration name: (identifier) @type)
(record_declaration name: (identifier) @type)
(formal_parameter name: (identifier) @variable)
(annotation "@" @decorator name: (_) @decorator)
(marker_annotation "@" @decorator name: (_) @decorator)
["abstract" "assert" "break" "case" "catch" "class" "continue" "default" "do" "else" "enum" "extends" "final" "finally"
 "for" "if" "implements" "import" "instanceof" "interface" "native" "new" "package" "private" "protected" "public"
 "record" "return" "static" "switch" "synchronized" "throw" "throws" "transient" "try" "volatile" "while" "yield"] @keyword
["=" "+" "-" "*" "/" "%" "==" "!=" "<" ">" "<=" ">=" "+=" "-=" "->" "&&" "||" "!" "?" "++" "--" "::" "&" "|"] @operator
