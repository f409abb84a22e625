; Colours of the code view.
[(comment) (pod) (data_section) (eof_marker)] @comment
[(string_literal) (interpolated_string_literal) (quoted_word_list) (heredoc_content) (heredoc_token) (command_string)
 (quoted_regexp) (match_regexp) (substitution_regexp) (transliteration_expression)] @string
[(number) (version)] @number
[(scalar) (array) (hash) (arraylen) (container_variable)] @variable
(autoquoted_bareword) @property
(package) @type
(function) @function
(method) @function
(subroutine_declaration_statement name: (bareword) @function)
(method_declaration_statement name: (bareword) @function)
["if" "elsif" "else" "unless" "while" "until" "for" "foreach" "my" "our" "local" "state" "sub" "method" "package" "class" "use"
 "no" "require" "return" "and" "or" "not" "xor" "eq" "ne" "lt" "gt" "le" "ge" "cmp" "BEGIN" "END" "last" "next" "redo" "goto"
 "eval" "do" "map" "grep" "sort"] @keyword
["=" "==" "!=" "=~" "!~" "=>" "->" "." "+" "-" "*" "/" "%" "**" "||" "&&" "//" "!" "<" ">" "<=" ">=" "<=>" "?" ":" "+=" "-="
 ".=" "||=" "//=" ".." "\\"] @operator
