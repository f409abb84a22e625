; What uses names. Each capture calls the method of that name in indexing/languages/perl.py.
(use_statement) @use.use
(require_expression) @use.require
(subroutine_declaration_statement) @use.sub
(method_declaration_statement) @use.sub
(anonymous_subroutine_expression) @use.sub
(function_call_expression) @use.call
(ambiguous_function_call_expression) @use.call
(method_call_expression) @use.method
(coderef_call_expression) @use.coderef
(expression_statement (bareword) @use.bareword)
(assignment_expression) @use.assignment
(for_statement) @use.for
(return_expression) @use.return
(refgen_expression (function)) @use.reference
