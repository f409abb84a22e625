; What defines a name. Each capture calls the method of that name in indexing/languages/ruby.py.
(comment) @comment
(class) @define.class
(module) @define.class
(method) @define.method
(singleton_method) @define.method
(lambda) @define.lambda
(call block: (_) @define.lambda)
(assignment left: [(constant) (left_assignment_list (constant))]) @define.assigned
((call !receiver method: (identifier) @skip arguments: (_)) @define.attributes
 (#any-of? @skip "attr_reader" "attr_writer" "attr_accessor" "cattr_reader" "cattr_accessor" "mattr_reader" "mattr_accessor"
  "class_attribute" "thread_mattr_accessor"))
((call !receiver method: (identifier) @skip block: (_)) @define.by_name (#eq? @skip "define_method"))
