; Colours of the code view. `@name` is looked at once more: names in capitals are constants.
(line_comment) @comment
(block_comment) @comment
(string_literal) @string
(raw_string_literal) @string
(char_literal) @string
[(integer_literal) (float_literal)] @number
(boolean_literal) @constant
[(self) (super) (crate)] @builtin
(identifier) @name
(field_identifier) @property
(type_identifier) @type
(primitive_type) @type
(lifetime) @type
(call_expression function: (identifier) @function)
(call_expression function: (field_expression field: (field_identifier) @function))
(call_expression function: (scoped_identifier name: (identifier) @function))
(generic_function function: (identifier) @function)
(function_item name: (identifier) @function)
(function_signature_item name: (identifier) @function)
(macro_definition name: (identifier) @function)
(macro_invocation macro: (identifier) @function)
(macro_invocation "!" @function)
(parameter pattern: (identifier) @variable)
(attribute_item) @decorator
(inner_attribute_item) @decorator
["as" "async" "await" "break" "const" "continue" "dyn" "else" "enum" "extern" "fn" "for" "if" "impl" "in" "let" "loop"
 "match" "mod" "move" "pub" "ref" "return" "static" "struct" "trait" "type" "union" "unsafe" "use" "where" "while"
 (mutable_specifier)] @keyword
["=" "+" "-" "*" "/" "%" "==" "!=" "<" ">" "<=" ">=" "+=" "-=" "->" "=>" "&&" "||" "!" "?" "::" "&" "|" "^" ".."] @operator
