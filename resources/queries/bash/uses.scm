; What uses names. Each capture calls the method of that name in indexing/languages/bash.py.
(command) @use.command
