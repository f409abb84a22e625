; Colours of the code view.
[(comment) (haddock)] @comment
(pragma) @decorator
[(string) (char)] @string
(quasiquote_body) @string
[(integer) (float)] @number
(module_id) @type
(name) @type
(constructor) @constant
(field_name) @property
(operator) @operator
(apply function: (variable) @function)
(apply function: (qualified id: (variable) @function))
(signature name: (variable) @function)
(function name: (variable) @function)
(bind name: (variable) @function)
(patterns (variable) @variable)
["module" "where" "import" "qualified" "as" "hiding" "data" "newtype" "type" "class" "instance" "deriving" "let" "in" "do" "case"
 "of" "if" "then" "else" "foreign" "infix" "infixl" "infixr" "family" "forall"] @keyword
["=" "|" "->" "<-" "=>" "::" "\\" "@" ".."] @operator
