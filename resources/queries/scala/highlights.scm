; Colours of the code view. `@name` is looked at once more: names in capitals are constants.
(comment) @comment
(block_comment) @comment
(string) @string
(interpolated_string_expression) @string
(interpolation) @plain
(character_literal) @string
[(integer_literal) (floating_point_literal)] @number
[(null_literal) (boolean_literal)] @constant
(identifier) @name
(type_identifier) @type
(field_expression field: (identifier) @property)
(call_expression function: (identifier) @called)
(call_expression function: (field_expression field: (identifier) @function))
(function_definition name: (identifier) @function)
(function_declaration name: (identifier) @function)
(class_definition name: (identifier) @type)
(object_definition name: (identifier) @type)
(trait_definition name: (identifier) @type)
(enum_definition name: (identifier) @type)
(parameter name: (identifier) @variable)
(class_parameter name: (identifier) @variable)
(annotation "@" @decorator name: (_) @decorator)
["abstract" "as" "case" "catch" "class" "def" "derives" "do" "else" "enum" "export" "extends" "extension" "final" "finally"
 "for" "given" "if" "implicit" "import" "lazy" "macro" "match" "new" "object" "override" "package" "private" "protected"
 "return" "sealed" "then" "throw" "trait" "try" "type" "using" "val" "var" "while" "with" "yield"] @keyword
["=" "=>" "<-" ":" "<:" ">:"] @operator
(operator_identifier) @operator
