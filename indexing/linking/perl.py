"""Perl: packages by their names, wherever their files lie."""

from __future__ import annotations

from collections.abc import Sequence
from posixpath import dirname, join, normpath
from typing import TYPE_CHECKING

from core.model.symbol import Import, SymbolKind
from indexing.linking import values as v
from indexing.linking.dialect import Dialect
from indexing.linking.file_index import FileIndex
from indexing.linking.program import Program

if TYPE_CHECKING:
    from indexing.linking.semantics import Semantics

_NAMES = """
abs accept alarm atan2 bind binmode bless caller chdir chmod chomp chop chown chr chroot close closedir connect cos crypt
dbmclose dbmopen defined delete die do dump each eof eval exec exists exit exp fcntl fileno flock fork format formline getc
getlogin getpeername getpgrp getppid getpriority glob gmtime goto grep hex import index int ioctl join keys kill last lc
lcfirst length link listen local localtime log lstat map mkdir next oct open opendir ord pack pipe pop pos print printf
prototype push quotemeta rand read readdir readline readlink readpipe recv redo ref rename require reset return reverse
rewinddir rindex rmdir say scalar seek seekdir select semctl semget semop send setpgrp setpriority setsockopt shift shmctl
shmget shmread shmwrite shutdown sin sleep socket socketpair sort splice split sprintf sqrt srand stat study sub substr
symlink syscall sysopen sysread sysseek system syswrite tell telldir tie tied time times truncate uc ucfirst umask undef
unlink unpack unshift untie use utime values vec wait waitpid wantarray warn write
"""
_BUILTINS = frozenset(_NAMES.split())
_AS_CLASS = "::"
"""`Shop::Disk::` is the package itself, as its heirs name it; `Shop::Disk` what methods are called on."""


class PerlDialect(Dialect):
    """A method does not tell objects from packages, so the name of a package stands for an instance of it. A function is
    looked for in its package, among what is imported by name, in the packages that are used whole, and among the
    built-ins."""

    languages = ("perl",)
    receiver = "$self"
    attributes_are_entries = True
    sees_class_scopes = True

    def __init__(self, program: Program) -> None:
        super().__init__(program)
        self._files = FileIndex(program.table, program.files)
        self._packages: dict[str, list[int]] = {}
        self._wholes: dict[int, list[int]] = {}
        self._required: dict[int, list[int]] = {}
        self._uses_unknown: set[int] = set()
        self._used: set[tuple[int, str]] = set()
        """Modules from outside, by the file that uses them; any other bare name may be a function that one exports."""
        self._nodes: dict[str, int] = {}
        table, network = program.table, program.network
        for file in program.files:
            for key in table.keys_of(file):
                if table.definitions[key].kind is SymbolKind.CLASS:
                    self._packages.setdefault(table.definitions[key].name, []).append(key)
        for name, keys in self._packages.items():
            instance = self._nodes[name] = network.node()
            itself = self._nodes[name + _AS_CLASS] = network.node()
            for key in keys:
                network.add(instance, v.make(v.INSTANCE, key))
                network.add(itself, v.make(v.CLASS, key))
                program.names[table.parent[key]][name] = instance

    def beyond_module(self, module: int, name: str) -> int | None:
        program, values = self.program, self.program.values
        node = self._nodes.get(name)
        if node is not None and name not in _BUILTINS:  # `open` is a package as well
            return node
        if "::" in name or (module, name) in self._used:
            return self._constant(values.external(name.removesuffix(_AS_CLASS)))
        if not name.isidentifier() or name == "super":
            return None
        for package in self._wholes.get(module, ()):
            node = program.names.get(package, {}).get(name)
            if node is not None:
                return node
        for other in self._required.get(module, ()):
            node = program.names.get(other, {}).get(name)
            if node is not None:
                return node
        if name in _BUILTINS:
            return self._constant(values.external("<builtin>." + name))
        if module not in self._uses_unknown:
            return None
        node = self._constant(values.external(name))
        program.network.guessed.add(node)
        return node

    # -- imports ------------------------------------------------------------------------------------------------------

    def bind_import(self, file: int, item: Import) -> None:
        program, network = self.program, self.program.network
        module, scope = program.table.first[file], program.table.first[file] + item.scope
        packages = self._packages.get(item.module, ())
        if not packages:
            self._used.add((module, item.module))
        if item.name == "*":
            script = self._script(file, item.module) if not packages else None
            if script is not None:
                self._required.setdefault(module, []).append(script)
            elif packages:
                self._wholes.setdefault(module, []).extend(packages)
            else:
                self._uses_unknown.add(module)
        elif item.name:
            target = program.variable(scope, item.local)
            for key in packages:
                node = program.names.get(key, {}).get(item.name)
                if node is not None and node != target:
                    network.flow(node, target)
            if not packages:
                network.add(target, program.values.external(f"{item.module}.{item.name}"))
            # A class's own scope is not looked into from its subroutines, the module's is.
            outer = program.variable(module, item.local) if scope != module else target
            network.flow(target, outer)

    def _script(self, file: int, path: str) -> int | None:
        """The file of `require "lib/old.pl"`."""
        if "/" not in path and "." not in path:
            return None
        beside = self._files.modules.get(normpath(join(dirname(self.program.table.files[file].path), path)))
        return beside if beside is not None else self._files.nearest(file, (normpath(path).lstrip("./"),))

    def imported(self, file: int, item: Import) -> Sequence[int | str]:
        program = self.program
        packages = self._packages.get(item.module, ())
        if not packages:
            script = self._script(file, item.module)
            name = f"{item.module}.{item.name}" if item.name not in {"", "*"} else item.module
            return (name if script is None else script,)
        declared = [program.declared.get(key, {}).get(item.name) for key in packages]
        found = [key for key in declared if key is not None]
        modules = dict.fromkeys(program.module(key) for key in packages)
        own = program.table.first[file]
        return tuple(found) or tuple(module for module in modules if module != own)

    # -- objects ------------------------------------------------------------------------------------------------------

    def super_of(self, scope: int) -> int | None:
        cls = self.class_around(scope)
        return None if cls is None else self._constant(v.make(v.SUPER, cls))

    def external_call(self, name: str, arguments: Sequence[tuple[str, int]], semantics: Semantics) -> int | None:
        package, _, method = name.rpartition(".")
        if method == "new" and package:
            return self._constant(self.program.values.external_instance(package))
        return None
