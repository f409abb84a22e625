; inherits: ecmascript
(abstract_class_declaration) @define.class
(public_field_definition) @define.field
(interface_declaration) @define.interface
(type_alias_declaration) @define.type
(enum_declaration) @define.enum
(enum_body (property_identifier) @define.member)
(enum_assignment) @define.member
(internal_module) @define.namespace
(module) @define.namespace
(ambient_declaration (function_signature) @define.signature)
(export_statement declaration: (function_signature) @define.signature)
(abstract_method_signature) @define.signature
(interface_body (method_signature) @define.signature)
(interface_body (property_signature) @define.property)
(class_body (decorator) @define.decorator)
