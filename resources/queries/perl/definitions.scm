; What defines a name. Each capture calls the method of that name in indexing/languages/perl.py.
(comment) @comment
(pod) @define.pod
(package_statement) @define.package
(class_statement) @define.package
(subroutine_declaration_statement) @define.sub
(method_declaration_statement) @define.sub
(anonymous_subroutine_expression) @define.lambda
(source_file (expression_statement [(assignment_expression left: (variable_declaration) @define.variable) (variable_declaration) @define.variable]))
(use_statement) @define.constants
