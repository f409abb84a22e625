"""PHP: namespaces, `use`, traits, `self` and `static`."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from posixpath import dirname, join, normpath

from core.model.symbol import Import, SymbolKind
from indexing.linking import values as v
from indexing.linking.dialect import Dialect
from indexing.linking.parts import union
from indexing.linking.program import CALLED, CLASS_KINDS, Program

_NAMESPACE = re.compile(r"namespace\s+([\w\\]+)")
_FUNCTIONS = """
array_combine array_diff array_fill array_filter array_flip array_intersect array_key_exists array_keys array_map array_merge
array_pop array_push array_reduce array_reverse array_search array_shift array_slice array_splice array_sum array_unique
array_unshift array_values array_walk arsort asort basename call_user_func call_user_func_array ceil class_exists compact
constant copy count curl_init current date define defined dirname end error_log explode extract fclose feof fgets
file_exists file_get_contents file_put_contents filter_var floor fopen fread func_get_args function_exists fwrite
get_class get_object_vars getenv gettype glob hash header htmlspecialchars http_build_query implode in_array ini_get ini_set
interface_exists intval is_a is_array is_bool is_callable is_dir is_file is_float is_int is_null is_numeric is_object
is_string is_subclass_of iterator_to_array join json_decode json_encode key krsort ksort lcfirst ltrim max mb_strlen
mb_strtolower mb_substr md5 method_exists microtime min mkdir mktime next number_format ob_get_clean ob_start ord
parse_str parse_url php_sapi_name phpversion preg_match preg_match_all preg_quote preg_replace preg_replace_callback
preg_split printf property_exists range realpath rename reset round rsort rtrim serialize set_error_handler setlocale sha1
shuffle sleep sort spl_autoload_register spl_object_hash spl_object_id sprintf str_contains str_ends_with str_pad str_repeat
str_replace str_starts_with strcmp stream_get_contents strlen strpos strrpos strstr strtolower strtotime strtoupper strtr
substr substr_count sys_get_temp_dir time touch trigger_error trim ucfirst ucwords unlink unserialize urlencode usleep usort
var_dump var_export version_compare vsprintf
"""
_CLASSES = """
ArrayAccess ArrayIterator ArrayObject BadMethodCallException Closure Countable DateInterval DateTime DateTimeImmutable
DateTimeInterface DateTimeZone DOMDocument DomainException Error ErrorException Exception Generator InvalidArgumentException
Iterator IteratorAggregate JsonException JsonSerializable LengthException LogicException OutOfBoundsException PDO
OutOfRangeException RangeException ReflectionClass ReflectionFunction ReflectionMethod ReflectionNamedType
ReflectionProperty RuntimeException SplFileInfo SplObjectStorage SplQueue SplStack stdClass Stringable Throwable Traversable
TypeError UnexpectedValueException ValueError WeakMap
"""
_BUILTINS = frozenset(_CLASSES.split()).union(f"{name}{CALLED}" for name in _FUNCTIONS.split())


class PhpDialect(Dialect):
    """A class is found by its full name, which the file's `use` or its namespace completes; a function, where its
    namespace has none, among those without one. Which file holds it plays no part: autoloading finds it."""

    languages = ("php",)
    receiver = "this"
    constructor = "__construct"
    call_method = "__invoke" + CALLED
    methods_apart = True

    def __init__(self, program: Program) -> None:
        super().__init__(program)
        table = program.table
        self._namespace_of: dict[int, str] = {}
        self._nodes: dict[str, list[int]] = {}
        """By full name; that of a function ends in `()`."""
        self._uses: dict[int, dict[str, str]] = {}
        self._modules = {table.files[file].path: table.first[file] for file in program.files}
        for file in program.files:
            module = table.first[file]
            match = _NAMESPACE.search(table.definitions[module].signature)
            namespace = self._namespace_of[module] = match[1] if match else ""
            uses = self._uses[module] = {}
            for item in table.files[file].facts.imports:
                if item.name:
                    uses[item.local] = f"{item.module}\\{item.name}" if item.module else item.name
            for key in table.keys_of(file):
                self._collect(key, f"{namespace}\\" if namespace else "")

    def _collect(self, key: int, prefix: str) -> None:
        program, table = self.program, self.program.table
        definition, parent = table.definitions[key], table.parent[key]
        value = program.definition_value(key)
        if definition.kind in CLASS_KINDS and value is not None:
            self._nodes.setdefault(prefix + definition.name, []).append(self._constant(value))
        elif definition.kind is SymbolKind.FUNCTION and value is not None:
            # A function within another is known everywhere once that has run.
            node = self._constant(value)
            self._nodes.setdefault(prefix + definition.name + CALLED, []).append(node)
            program.names.setdefault(parent, {}).setdefault(definition.name + CALLED, node)
        elif key in program.owner:
            cls = program.owner[key]
            names = program.names.setdefault(key, {})
            names["self"] = names["static"] = self._constant(v.make(v.CLASS, cls))

    def bind_import(self, file: int, item: Import) -> None:
        if item.name:
            program = self.program
            full = f"{item.module}\\{item.name}" if item.module else item.name
            node = self._found(full)
            if node is None and self._found(full + CALLED) is None:
                node = self._constant(program.values.external(full.replace("\\", ".")))
            if node is not None:
                program.network.flow(node, program.variable(program.table.first[file], item.local))

    def _found(self, full: str) -> int | None:
        nodes = self._nodes.get(full)
        return union(self.program, nodes) if nodes else None

    def beyond_module(self, module: int, name: str) -> int | None:
        if not name or name[0] == "<":
            return None
        for full in self._full_names(module, name):
            if (node := self._found(full)) is not None:
                return node
        last = name.lstrip("\\")
        if last in _BUILTINS:
            return self._constant(self.program.values.external("<builtin>." + last.removesuffix(CALLED)))
        if "\\" in last and not last.endswith(CALLED):
            full = next(self._full_names(module, name))
            return self._constant(self.program.values.external(full.replace("\\", ".")))
        return None

    def _full_names(self, module: int, name: str) -> Iterator[str]:
        """What `name` may stand for in a file, the nearest first."""
        if name[0] == "\\":
            yield name[1:]
            return
        first, parted, rest = name.removesuffix(CALLED).partition("\\")
        used = self._uses.get(module, {}).get(first)
        if used is not None:
            yield used + parted + rest + (CALLED if name.endswith(CALLED) else "")
        namespace = self._namespace_of.get(module, "")
        if namespace:
            yield f"{namespace}\\{name}"
        if not namespace or (not parted and name.endswith(CALLED)):
            yield name

    def super_of(self, scope: int) -> int | None:
        cls = self.class_around(scope)
        return None if cls is None else self._constant(v.make(v.SUPER, cls))

    def imported(self, file: int, item: Import) -> Sequence[int | str]:
        program = self.program
        if not item.name:
            here = dirname(program.table.files[file].path)
            paths = (normpath(join(here, item.module)), normpath(item.module))
            return next(((self._modules[path],) for path in paths if path in self._modules), ())
        full = f"{item.module}\\{item.name}" if item.module else item.name
        nodes = self._nodes.get(full) or self._nodes.get(full + CALLED) or []
        keys = [value >> v.KIND_BITS for node in nodes for value in program.network.values(node)]
        return tuple(keys[:1]) if keys else (full.replace("\\", "."),)
