; inherits: typescript
(jsx_opening_element) @use.element
(jsx_self_closing_element) @use.element
(jsx_attribute (jsx_expression) @use.element_value)
