"""SQL: tables, views, routines and packages, known by name to the whole source; schemas only stand before their names."""

from __future__ import annotations

from collections.abc import Sequence

from core.model.symbol import Import, SymbolKind
from indexing.linking.caseless import CaselessDialect
from indexing.linking.program import Program

_NAMES = """
abs add_months ascii avg cardinality cast ceil ceiling char charindex chr coalesce collect concat concat_ws convert
cos count current_date current_timestamp datalength dateadd datediff datename datepart day dbms_lob decode
dense_rank empty_blob empty_clob error_line error_message error_number error_procedure error_severity error_state
exp extract first_value floor format getdate greatest hextoraw iif initcap instr isnull lag last_day last_value lead
least left len length lengthb listagg ln log lower lpad ltrim max md5 min mod month months_between new_time next_day
now nullif numtodsinterval numtoyminterval nvl nvl2 object_id object_name parsename patindex percent_rank position
power quotename raise_application_error raiserror rank rawtohex regexp_count regexp_instr regexp_like regexp_replace
regexp_substr replace replicate reverse right round row_number rowcount rpad rtrim scope_identity sign sin space
sqlcode sqlerrm sqrt stddev str string_agg strpos stuff substr substrb substring sum sys_context sys_guid sysdate
sysdatetime systimestamp tan to_char to_clob to_date to_dsinterval to_number to_timestamp to_timestamp_tz
to_yminterval translate treat trim trunc try_cast try_convert unistr upper user userenv variance year
"""
_BUILTINS = frozenset(_NAMES.split())
_SYSTEM = (
    "dbms_",
    "utl_",
    "sys",
    "sp_",
    "xp_",
    "pg_",
    "all_",
    "dba_",
    "user_",
    "apex_",
    "owa_",
    "htp",
    "information_schema",
)
"""How the packages and views of the database itself begin."""


class SqlDialect(CaselessDialect):
    """A name stands for what the source defines by it: exact where one definition has it (a body before its
    specification), a guess among several. What nothing defines and the database does not bring is taken for a schema."""

    languages = ("sql",)
    receiver = "self"
    sees_class_scopes = True

    def __init__(self, program: Program) -> None:
        super().__init__(program)
        self._shared: dict[str, list[int]] = {}
        table = program.table
        for file in program.files:
            for key in table.keys_of(file):
                if table.parent[key] == table.first[file] and program.definition_value(key) is not None:
                    self._shared.setdefault(table.definitions[key].name.lower(), []).append(key)

    def beyond(self, scope: int, name: str) -> int | None:
        node = self._named(scope, name)
        if node is not None:
            return node
        if name in _BUILTINS:
            return self.builtin(name)
        values = self.program.values
        return self._constant(values.external(name) if name.startswith(_SYSTEM) else values.folder(name))

    def _named(self, scope: int, name: str) -> int | None:
        keys = self._shared.get(name, ())
        bodies = [key for key in keys if " body " in self.program.table.definitions[key].signature.lower()]
        return self.value_of(self.nearest(bodies or keys, scope), certain=True)

    def member_of_folder(self, path: str, name: str) -> int | None:
        """What stands behind a schema, or behind a database and its schema."""
        keys = self._shared.get(name, ())
        bodies = [key for key in keys if " body " in self.program.table.definitions[key].signature.lower()]
        found = self.value_of(bodies or keys, certain=True)
        return (
            found if found is not None or path.count(".") else self._constant(self.program.values.folder(f"{path}.{name}"))
        )

    def member_of_module(self, module: int, name: str) -> int | None:
        """A member of a package."""
        definition = self.program.table.definitions[module]
        if definition.kind is SymbolKind.MODULE and not definition.name:
            return None
        return self.program.names.get(module, {}).get(name)

    def imported(self, file: int, item: Import) -> Sequence[int | str]:
        return (item.module,)
