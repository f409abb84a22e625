; What uses names. Each capture calls the method of that name in indexing/languages/ruby.py.
(class) @use.class
(method) @use.method
(singleton_method) @use.method
(lambda) @use.block
(call block: (_) @use.block)
(call) @use.call
(super) @use.super
(alias) @use.alias
(body_statement (identifier) @use.name)
(program (identifier) @use.name)
(block_body (identifier) @use.name)
(then (identifier) @use.name)
(else (identifier) @use.name)
(method body: (identifier) @use.name)
(argument_list (identifier) @use.name)
(call receiver: (identifier) @use.name)
(assignment right: (identifier) @use.name)
(operator_assignment right: (identifier) @use.name)
(binary (identifier) @use.name)
(unary (identifier) @use.name)
(conditional (identifier) @use.name)
(interpolation (identifier) @use.name)
(pair value: (identifier) @use.name)
(array (identifier) @use.name)
(element_reference object: (identifier) @use.name)
(if condition: (identifier) @use.name)
(elsif condition: (identifier) @use.name)
(unless condition: (identifier) @use.name)
(if_modifier (identifier) @use.name)
(unless_modifier (identifier) @use.name)
(case value: (identifier) @use.name)
(pattern [(constant) (scope_resolution)] @use.constant)
(call receiver: [(constant) (scope_resolution)] @use.constant)
(assignment) @use.assignment
(operator_assignment) @use.assignment
(assignment left: (instance_variable) @use.field)
(operator_assignment left: (instance_variable) @use.field)
(for) @use.for
(rescue) @use.rescue
(return) @use.return
