; Colours of the code view.
(comment) @comment
[(string) (raw_string) (ansi_c_string) (heredoc_body) (heredoc_start) (heredoc_end)] @string
(string (command_substitution) @plain)
(heredoc_body (command_substitution) @plain)
(regex) @string
(number) @number
(file_descriptor) @number
(variable_name) @variable
(special_variable_name) @constant
(command_name) @function
(function_definition name: (word) @function)
(test_operator) @operator
["if" "then" "else" "elif" "fi" "case" "esac" "in" "for" "select" "while" "until" "do" "done" "function" "declare" "typeset"
 "export" "readonly" "local" "unset" "unsetenv"] @keyword
["=" "==" "!=" "=~" "&&" "||" "|" "|&" ">" ">>" "<" "<<" "<<<" "&>" ">&" "<&" "+=" ";;" "&"] @operator
