; Colours of the code view. `@name` is looked at once more: names in capitals are constants.
(comment) @comment
(string) @string
(template_string) @string
(template_substitution) @plain
(regex) @string
(number) @number
[(null) (undefined) (true) (false)] @constant
[(this) (super)] @builtin
(identifier) @name
(property_identifier) @property
(shorthand_property_identifier) @property
(call_expression function: (identifier) @function)
(call_expression function: (member_expression property: (property_identifier) @function))
(new_expression constructor: (identifier) @type)
(function_declaration name: (identifier) @function)
(method_definition name: (property_identifier) @function)
(decorator "@" @decorator)
(decorator (identifier) @decorator)
(decorator (call_expression function: (_) @decorator))
["as" "async" "await" "break" "case" "catch" "class" "const" "continue" "debugger" "default" "delete" "do" "else" "export"
 "extends" "finally" "for" "from" "function" "get" "if" "import" "in" "instanceof" "let" "new" "of" "return" "set"
 "static" "switch" "throw" "try" "typeof" "var" "void" "while" "with" "yield"] @keyword
["=" "+" "-" "*" "/" "%" "**" "==" "===" "!=" "!==" "<" ">" "<=" ">=" "+=" "-=" "=>" "&&" "||" "??" "!" "?" "..." "++" "--"] @operator
