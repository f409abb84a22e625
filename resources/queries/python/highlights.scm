; Colours of the code view. `@name` is looked at once more: names in capitals are constants, those of Python are built in.
(comment) @comment
(string) @string
(interpolation) @plain
(integer) @number
(float) @number
[(none) (true) (false) (ellipsis)] @constant
(identifier) @name
(attribute attribute: (identifier) @property)
(keyword_argument name: (identifier) @variable)
(parameters (identifier) @variable)
(default_parameter name: (identifier) @variable)
(typed_parameter (identifier) @variable)
(typed_default_parameter name: (identifier) @variable)
(call function: (identifier) @called)
(call function: (attribute attribute: (identifier) @function))
(function_definition name: (identifier) @function)
(class_definition name: (identifier) @type)
(type (identifier) @type)
(generic_type (identifier) @type)
(decorator "@" @decorator)
(decorator (identifier) @decorator)
(decorator (attribute) @decorator)
(decorator (call function: (_) @decorator))
["and" "as" "assert" "async" "await" "break" "class" "continue" "def" "del" "elif" "else" "except" "finally" "for" "from"
 "global" "if" "import" "in" "is" "lambda" "nonlocal" "not" "or" "pass" "raise" "return" "try" "while" "with" "yield"
 "match" "case"] @keyword
["=" "+" "-" "*" "/" "//" "%" "**" "==" "!=" "<" ">" "<=" ">=" "+=" "-=" "*=" "/=" "|" "&" "^" "~" "<<" ">>" "->" ":="] @operator
