; inherits: ecmascript
(field_definition) @use.field
(jsx_opening_element) @use.element
(jsx_self_closing_element) @use.element
(jsx_attribute (jsx_expression) @use.element_value)
(class_declaration decorator: (decorator) @use.decorator)
(export_statement decorator: (decorator) @use.decorator)
(method_definition decorator: (decorator) @use.decorator)
(field_definition decorator: (decorator) @use.decorator)
