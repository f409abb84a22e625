; Colours of the code view. `@name` is looked at once more: names in capitals are constants.
(comment) @comment
(multiline_comment) @comment
[(line_string_literal) (multi_line_string_literal) (raw_string_literal)] @string
(interpolated_expression) @plain
[(integer_literal) (real_literal) (hex_literal) (bin_literal) (oct_literal)] @number
[(boolean_literal) (nil_literal)] @constant
[(self_expression) (super_expression)] @builtin
(simple_identifier) @name
(type_identifier) @type
(navigation_suffix suffix: (simple_identifier) @property)
(call_expression . (simple_identifier) @called)
(call_expression . (navigation_expression suffix: (navigation_suffix suffix: (simple_identifier) @function)))
(function_declaration name: (simple_identifier) @function)
(protocol_function_declaration name: (simple_identifier) @function)
(parameter name: (simple_identifier) @variable)
(attribute "@" @decorator (user_type (type_identifier) @decorator))
["actor" "as" "as!" "as?" "associatedtype" "async" "await" "break" "case" "class" "continue" "deinit" "didSet" "do" "enum"
 "extension" "fallthrough" "fileprivate" "final" "for" "func" "get" "guard" "if" "import" "in" "indirect" "init" "inout"
 "internal" "is" "lazy" "let" "mutating" "open" "operator" "override" "private" "protocol" "public" "repeat" "required"
 "return" "set" "some" "static" "struct" "subscript" "switch" "try" "typealias" "unowned" "var" "weak" "while"
 "willSet"] @keyword
[(catch_keyword) (throw_keyword) (throws) (default_keyword) (where_keyword) (else)] @keyword
["=" "+" "-" "*" "/" "%" "==" "===" "!=" "!==" "<" ">" "<=" ">=" "+=" "-=" "->" "&&" "||" "!" "?" "??" "..." "..<"] @operator
