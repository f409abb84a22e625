; What defines a name. Each capture calls the method of that name in indexing/languages/haskell.py.
[(comment) (haddock)] @comment
(header) @define.header
(signature) @define.signature
(function name: (_)) @define.function
(function (infix)) @define.function
(bind name: (_)) @define.bind
(data_type) @define.data
(newtype) @define.data
(type_synonym) @define.type
(type_family) @define.type
(data_family) @define.type
(class) @define.class
(instance) @define.instance
(data_constructor) @define.constructor
(newtype_constructor) @define.constructor
(gadt_constructor) @define.constructor
(field name: (field_name)) @define.field
(foreign_import signature: (signature)) @define.foreign
