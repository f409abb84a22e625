; inherits: ecmascript
(class_declaration name: (identifier) @type)
(formal_parameters (identifier) @variable)
(jsx_opening_element name: (identifier) @type)
(jsx_closing_element name: (identifier) @type)
(jsx_self_closing_element name: (identifier) @type)
