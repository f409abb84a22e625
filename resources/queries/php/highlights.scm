; Colours of the code view. `@name` is looked at once more: names in capitals are constants.
(comment) @comment
[(php_tag) (php_end_tag)] @keyword
(text) @plain
[(string) (encapsed_string) (heredoc) (nowdoc)] @string
(encapsed_string [(variable_name) (member_access_expression) (subscript_expression)] @plain)
[(integer) (float)] @number
[(null) (boolean)] @constant
(name) @name
(variable_name) @variable
((variable_name) @builtin (#eq? @builtin "$this"))
(relative_scope) @builtin
(named_type) @type
(primitive_type) @type
(member_access_expression name: (name) @property)
(nullsafe_member_access_expression name: (name) @property)
(function_call_expression function: (name) @called)
(member_call_expression name: (name) @function)
(nullsafe_member_call_expression name: (name) @function)
(scoped_call_expression name: (name) @function)
(scoped_call_expression scope: (name) @type)
(object_creation_expression (name) @type)
(function_definition name: (name) @function)
(method_declaration name: (name) @function)
(class_declaration name: (name) @type)
(interface_declaration name: (name) @type)
(trait_declaration name: (name) @type)
(enum_declaration name: (name) @type)
(attribute (name) @decorator)
["abstract" "as" "break" "case" "catch" "class" "clone" "const" "continue" "declare" "default" "do" "echo" "else" "elseif"
 "enum" "exit" "extends" "final" "finally" "fn" "for" "foreach" "function" "global" "goto" "if" "implements" "include"
 "include_once" "instanceof" "insteadof" "interface" "match" "namespace" "new" "print" "private" "protected" "public"
 "readonly" "require" "require_once" "return" "static" "switch" "throw" "trait" "try" "unset" "use" "while" "yield"] @keyword
["=" "+" "-" "*" "/" "%" "." "==" "===" "!=" "!==" "<" ">" "<=" ">=" "<=>" "+=" "-=" ".=" "=>" "->" "?->" "&&" "||" "!" "?"
 "??" "++" "--" "::" "&" "|"] @operator
