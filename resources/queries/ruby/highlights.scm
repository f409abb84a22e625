; Colours of the code view. `@name` is looked at once more: names in capitals are constants.
(comment) @comment
[(string) (string_array) (symbol_array) (heredoc_body) (heredoc_beginning) (regex) (subshell) (character)] @string
[(simple_symbol) (hash_key_symbol) (delimited_symbol)] @constant
(interpolation) @plain
[(integer) (float) (rational) (complex)] @number
[(nil) (true) (false)] @constant
[(self) (super)] @builtin
(identifier) @name
(constant) @type
[(instance_variable) (class_variable) (global_variable)] @variable
(call method: (identifier) @function)
(call !receiver method: (identifier) @called)
(method name: (_) @function)
(singleton_method name: (_) @function)
(method_parameters (identifier) @variable)
(block_parameters (identifier) @variable)
(optional_parameter name: (identifier) @variable)
(keyword_parameter name: (identifier) @variable)
["alias" "and" "begin" "break" "case" "class" "def" "do" "else" "elsif" "end" "ensure" "for" "if" "in" "module" "next" "not"
 "or" "redo" "rescue" "retry" "return" "then" "undef" "unless" "until" "when" "while" "yield"] @keyword
["=" "+" "-" "*" "/" "%" "**" "==" "===" "!=" "<" ">" "<=" ">=" "<=>" "=~" "!~" "+=" "-=" "||=" "&&=" "||" "&&" "!" "?" "=>"
 "->" "<<" ">>" "&." ".." "..." "|" "&" "^" "~"] @operator
