; Colours of the code view.
(comment) @comment
[(string) (charlist) (sigil)] @string
(interpolation) @plain
[(integer) (float) (char)] @number
[(boolean) (nil)] @constant
[(atom) (quoted_atom) (keyword) (quoted_keyword)] @property
(alias) @type
(identifier) @name
(call target: (identifier) @function)
(call target: (dot right: (identifier) @function))
(unary_operator operator: "@" @decorator)
(unary_operator operator: "@" operand: (call target: (identifier) @decorator))
(unary_operator operator: "@" operand: (identifier) @decorator)
["after" "and" "catch" "do" "else" "end" "fn" "in" "not" "or" "rescue" "when"] @keyword
["=" "==" "!=" "===" "!==" "<" ">" "<=" ">=" "|>" "<>" "++" "--" "+" "-" "*" "/" "->" "<-" "::" "|" "&" "&&" "||" "=>" "\\\\"] @operator
