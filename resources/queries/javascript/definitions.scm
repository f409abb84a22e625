; inherits: ecmascript
(field_definition) @define.field
