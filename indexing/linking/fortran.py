"""Fortran: modules, what USE takes from them, and external procedures, which one name tells for the whole program."""

from __future__ import annotations

from collections import deque
from collections.abc import Sequence

from core.model.symbol import Import, SymbolKind
from indexing.linking.caseless import CaselessDialect
from indexing.linking.program import Program

_MAX_MODULES = 400
_NAMES = """
abs achar acos acosh adjustl adjustr aimag aint all allocated alog alog10 amax0 amax1 amin0 amin1 amod anint any
asin asinh associated atan atan2 atanh bessel_j0 bessel_j1 bessel_jn bessel_y0 bessel_y1 bessel_yn bge bgt bit_size
ble blt btest cabs ccos ceiling cexp char clog cmplx command_argument_count conjg cos cosh count cpu_time cshift
csin csqrt dabs dacos dasin datan datan2 date_and_time dble dcmplx dconjg dcos dcosh dexp digits dim dimag dint dlog
dlog10 dmax1 dmin1 dmod dnint dot_product dprod dshiftl dshiftr dsign dsin dsinh dsqrt dtan dtanh eoshift epsilon
erf erfc erfc_scaled execute_command_line exp exponent extends_type_of findloc float floor flush fraction gamma
get_command get_command_argument get_environment_variable huge hypot iabs iachar iall iand iany ibclr ibits ibset
ichar idim idint idnint ieor ifix image_index index int ior iparity is_contiguous ishft ishftc is_iostat_end
is_iostat_eor isign isnan kind lbound lcobound leadz len len_trim lge lgt lle llt log log10 log_gamma logical maskl
maskr matmul max max0 max1 maxexponent maxloc maxval merge merge_bits min min0 min1 minexponent minloc minval mod
modulo move_alloc mvbits nearest new_line nint norm2 not null num_images pack parity popcnt poppar present product
radix random_init random_number random_seed range real repeat reshape rrspacing same_type_as scale scan
selected_char_kind selected_int_kind selected_real_kind set_exponent shape shifta shiftl shiftr sign sin sinh size
sizeof sngl spacing spread sqrt storage_size sum system_clock tan tanh this_image tiny trailz transfer transpose
trim ubound ucobound unpack verify
"""
_INTRINSICS = frozenset(_NAMES.split())


class FortranDialect(CaselessDialect):
    """What a module uses it hands on, as if nothing were PRIVATE. An external procedure is a guess: which file of a source a
    program is linked with, no file says."""

    languages = ("fortran",)

    def __init__(self, program: Program) -> None:
        super().__init__(program)
        self._modules: dict[str, list[int]] = {}
        self._external: dict[str, list[int]] = {}
        self._uses: dict[int, list[int]] = {}
        """What each scope takes as a whole: modules, and included files."""
        table = program.table
        for file in program.files:
            for key in table.keys_of(file):
                definition = table.definitions[key]
                if table.parent[key] == table.first[file]:
                    known = self._modules if definition.kind is SymbolKind.MODULE else self._external
                    known.setdefault(definition.name.lower(), []).append(key)

    def _module(self, file: int, name: str) -> int | None:
        keys = self.nearest(self._modules.get(name.lower(), ()), self.program.table.first[file])
        return keys[0] if keys else None

    def _included(self, file: int, name: str) -> int | None:
        stem = name.rpartition("/")[2].rpartition(".")[0].lower() or name.lower()
        found = self.files_called(stem, self.program.table.first[file])
        return found[0] if len(found) == 1 else None

    def bind_import(self, file: int, item: Import) -> None:
        program = self.program
        scope = program.table.first[file] + item.scope
        found = self._module(file, item.module)
        if item.name == "*":
            taken = found if found is not None else self._included(file, item.module)
            if taken is not None and taken != scope:
                self._uses.setdefault(scope, []).append(taken)
            return
        target = program.variable(scope, item.local)
        if not item.name:
            return
        if found is None:
            program.network.add(target, program.values.external(f"{item.module.lower()}.{item.name}"))
        elif (node := self._taken(found, item.name)) is not None and node != target:
            program.network.flow(node, target)

    def _taken(self, module: int, name: str) -> int | None:
        """The node of `name` in a module or in what it uses itself."""
        queue, seen = deque([module]), {module}
        while queue and len(seen) < _MAX_MODULES:
            at = queue.popleft()
            if (node := self.program.names.get(at, {}).get(name)) is not None:
                return node
            for used in self._uses.get(at, ()):
                if used not in seen:
                    seen.add(used)
                    queue.append(used)
        return None

    def beyond(self, scope: int, name: str) -> int | None:
        at = scope
        while at >= 0:
            for used in self._uses.get(at, ()):
                if (node := self._taken(used, name)) is not None:
                    return node
            at = self.program.table.parent[at]
        if name in _INTRINSICS:
            return self.builtin(name)
        return self.value_of(self.nearest(self._external.get(name, ()), scope), certain=False)

    def imported(self, file: int, item: Import) -> Sequence[int | str]:
        found = self._module(file, item.module)
        if found is None and item.name == "*":
            found = self._included(file, item.module)
        return (item.module.lower() if found is None else self.program.module(found),)
