; inherits: ecmascript
(abstract_class_declaration) @use.class
(public_field_definition) @use.field
(interface_declaration) @use.interface
(type_alias_declaration) @use.alias
(interface_body (property_signature) @use.property)
(interface_body (method_signature) @use.function)
(abstract_method_signature) @use.function
(function_signature) @use.signature
(class_declaration decorator: (decorator) @use.decorator)
(abstract_class_declaration decorator: (decorator) @use.decorator)
(export_statement decorator: (decorator) @use.decorator)
(class_body decorator: (decorator) @use.decorator)
(public_field_definition decorator: (decorator) @use.decorator)
