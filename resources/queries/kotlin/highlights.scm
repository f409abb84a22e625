; Colours of the code view. `@name` is looked at once more: names in capitals are constants.
(line_comment) @comment
(block_comment) @comment
(string_literal) @string
(multiline_string_literal) @string
(character_literal) @string
(interpolation) @plain
[(number_literal) (float_literal)] @number
((identifier) @constant (#any-of? @constant "null" "true" "false"))
[(this_expression) (super_expression)] @builtin
(identifier) @name
(user_type (identifier) @type)
(navigation_expression (_) (identifier) @property)
(call_expression . (identifier) @called)
(call_expression . (navigation_expression (_) (identifier) @function))
(function_declaration name: (identifier) @function)
(class_declaration name: (identifier) @type)
(object_declaration name: (identifier) @type)
(parameter (identifier) @variable)
(class_parameter (identifier) @variable)
(annotation "@" @decorator (user_type (identifier) @decorator))
(annotation "@" @decorator (constructor_invocation (user_type (identifier) @decorator)))
["abstract" "actual" "annotation" "as" "as?" "by" "catch" "class" "companion" "const" "constructor" "crossinline" "data" "do"
 "else" "enum" "expect" "external" "final" "finally" "for" "fun" "get" "if" "import" "in" "!in" "infix" "init" "inline" "inner"
 "interface" "internal" "is" "lateinit" "noinline" "object" "open" "operator" "out" "override" "package" "private" "protected"
 "public" "return" "sealed" "set" "suspend" "tailrec" "throw" "try" "typealias" "val" "value" "var" "vararg" "when" "where"
 "while"] @keyword
["=" "+" "-" "*" "/" "%" "==" "===" "!=" "!==" "<" ">" "<=" ">=" "+=" "-=" "->" "&&" "||" "!" "!!" "?" "?:" "?." "++" "--"
 "::" ".." "..<"] @operator
