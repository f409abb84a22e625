"""Haskell: modules by the names in their headers, imports with qualified and hidden names, re-exports."""

from __future__ import annotations

from collections import deque
from collections.abc import Sequence

from core.model.symbol import Import, SymbolKind
from indexing.linking import values as v
from indexing.linking.dialect import Dialect
from indexing.linking.namespaces import Namespaces
from indexing.linking.program import Program

_NAMES = """
abs all and any appendFile asTypeOf atan atan2 break ceiling compare concat concatMap const cos curry cycle div divMod drop
dropWhile either elem enumFrom enumFromThen enumFromThenTo enumFromTo error errorWithoutStackTrace even exp fail filter flip
floor fmap foldMap foldl foldl1 foldr foldr1 fromEnum fromInteger fromIntegral fromRational fst gcd getChar getContents
getLine head id init interact ioError isNaN iterate last lcm length lex lines log lookup map mapM mapM_ mappend max
maxBound maximum maybe mconcat mempty min minBound minimum mod negate not notElem null odd or otherwise pi pred print
product properFraction pure putChar putStr putStrLn quot quotRem read readFile readIO readLn readParen reads realToFrac
recip rem repeat replicate return reverse round scanl scanl1 scanr scanr1 seq sequence sequenceA sequence_ show showChar
showParen showString shows showsPrec significand signum sin snd span splitAt sqrt subtract succ sum tail take takeWhile tan
toEnum toInteger toRational traverse traverse_ truncate uncurry undefined unlines until unwords unzip unzip3 userError words
writeFile zip zip3 zipWith zipWith3 Just Nothing Left Right True False
"""
_PRELUDE = frozenset(_NAMES.split())
_HIDING = "hiding "
_ALL_OF = "(..)"
_MAX_MODULES = 200
"""Modules that one name is looked for in along re-exports."""
_HOLDERS = frozenset({SymbolKind.STRUCT, SymbolKind.ENUM, SymbolKind.INTERFACE})
_HELD = frozenset({SymbolKind.CONSTRUCTOR, SymbolKind.CONSTANT, SymbolKind.FIELD, SymbolKind.METHOD})


class HaskellDialect(Dialect):
    """Constructors, fields and the methods of type classes are names of the module around them. Which instance a method
    is taken from is for types to say; a call of it is one of the class's."""

    languages = ("haskell",)

    def __init__(self, program: Program) -> None:
        super().__init__(program)
        self._wholes: dict[int, list[tuple[int, frozenset[str], bool]]] = {}
        """What a module imports as a whole: (module, hidden names, whether it hands that on)."""
        self._unknown: set[int] = set()
        self._exported: dict[int, set[str]] = {}
        self._guesses: dict[tuple[int, ...], int] = {}
        table, network = program.table, program.network
        modules: list[tuple[str, int]] = []
        for file in program.files:
            first = table.first[file]
            name = table.definitions[first].signature.removeprefix("module ")
            if name:
                modules.append((name, v.make(v.MODULE, first)))
            for key in table.keys_of(file):
                parent = table.parent[key]
                if parent >= 0 and table.definitions[parent].kind in _HOLDERS and table.definitions[key].kind in _HELD:
                    node = program.variable(first, table.definitions[key].name)
                    network.add(node, v.make(v.FUNCTION, key))
            self._exported[first] = {
                binding.name.removeprefix("exports.")
                for binding in table.files[file].facts.bindings
                if binding.name.startswith("exports.")
            }
        self._modules = Namespaces(program, modules)

    # -- imports ------------------------------------------------------------------------------------------------------

    def bind_import(self, file: int, item: Import) -> None:
        program, network = self.program, self.program.network
        module = program.table.first[file]
        held = self._modules.values(item.module)
        if item.name == "*":
            self._import_whole(file, module, item, held)
        elif not item.name:
            if item.local:
                network.flow(self._modules.node_or_external(item.module), program.variable(module, item.local))
        elif item.name.endswith(_ALL_OF):
            for value in held:
                self._import_held(value >> v.KIND_BITS, item.name.removesuffix(_ALL_OF), module)
        elif item.local:
            target = program.variable(module, item.local)
            for value in held:
                node = self.member_of_module(value >> v.KIND_BITS, item.name)
                if node is not None and node != target:
                    network.flow(node, target)
            if not held:
                network.add(target, program.values.external(f"{item.module}.{item.name}"))

    def _import_held(self, source: int, name: str, module: int) -> None:
        """`Disk(..)`: the constructors and fields of a type, the methods of a class."""
        program, network = self.program, self.program.network
        node = self.member_of_module(source, name)
        for value in list(network.values(node)) if node is not None else ():
            if value & v.KIND_MASK == v.CLASS:
                key = value >> v.KIND_BITS
                for held in program.declared.get(key, {}):
                    network.flow(program.variable(program.module(key), held), program.variable(module, held))

    def _import_whole(self, file: int, module: int, item: Import, held: list[int]) -> None:
        wholes = self._wholes.setdefault(module, [])
        sources = list(held)
        if item.local == "exports" and not held:  # an alias that several imports may share
            facts = self.program.table.files[file].facts
            named = [other.module for other in facts.imports if other.local == item.module and not other.name]
            sources = [value for name in named for value in self._modules.values(name)]
        hidden = frozenset(item.local.removeprefix(_HIDING).split()) if item.local.startswith(_HIDING) else frozenset[str]()
        for value in sources:
            if value >> v.KIND_BITS != module and len(wholes) < _MAX_MODULES:
                wholes.append((value >> v.KIND_BITS, hidden, item.local == "exports"))
        if not sources and item.local != "exports":
            self._unknown.add(module)

    def member_of_module(self, module: int, name: str) -> int | None:
        """A name as those see it who import the module: its own, or one that it hands on."""
        queue, seen = deque([module]), {module}
        while queue and len(seen) <= _MAX_MODULES:
            at = queue.popleft()
            node = self.program.names.get(at, {}).get(name)
            if node is not None:
                return node
            named = name in self._exported.get(at, ())
            for source, hidden, handed_on in self._wholes.get(at, ()):
                if (handed_on or named) and name not in hidden and source not in seen:
                    seen.add(source)
                    queue.append(source)
        return None

    def member_of_folder(self, path: str, name: str) -> int | None:
        return self._modules.node_or_external(f"{path}.{name}") if name[:1].isupper() else None

    # -- names --------------------------------------------------------------------------------------------------------

    def beyond_module(self, module: int, name: str) -> int | None:
        found: dict[int, None] = {}
        for source, hidden, _ in self._wholes.get(module, ()):
            if name not in hidden and (node := self.member_of_module(source, name)) is not None:
                found[node] = None
        if len(found) == 1:
            return next(iter(found))
        if found:
            return self._guess(tuple(sorted(found)))
        values = self.program.values
        if name in _PRELUDE:
            return self._constant(values.external("<builtin>." + name))
        space = self._modules.node(name)
        if space is not None:
            return space
        if module not in self._unknown:
            return None
        node = self._constant(values.external(name))
        self.program.network.guessed.add(node)
        return node

    def _guess(self, nodes: tuple[int, ...]) -> int:
        """One of several modules that are imported as a whole and name the same."""
        guess = self._guesses.get(nodes)
        if guess is None:
            network = self.program.network
            guess = self._guesses[nodes] = network.node()
            network.guessed.add(guess)
            for node in nodes:
                network.flow(node, guess)
        return guess

    def imported(self, file: int, item: Import) -> Sequence[int | str]:
        held = self._modules.values(item.module)
        if item.local == "exports" or item.name.endswith(_ALL_OF):
            return ()
        if not held:
            return (f"{item.module}.{item.name}" if item.name not in {"", "*"} else item.module,)
        declared = [self.program.declared.get(value >> v.KIND_BITS, {}).get(item.name) for value in held]
        found = tuple(key for key in declared if key is not None)
        return found or tuple(value >> v.KIND_BITS for value in held)
