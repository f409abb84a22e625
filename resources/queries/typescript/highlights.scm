; inherits: ecmascript
(type_identifier) @type
(predefined_type) @type
(required_parameter pattern: (identifier) @variable)
(optional_parameter pattern: (identifier) @variable)
["abstract" "declare" "enum" "implements" "interface" "keyof" "namespace" "private" "protected" "public" "readonly"
 "satisfies" "type" "override"] @keyword
