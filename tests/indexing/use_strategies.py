"""Hypothesis strategies for what files do with names."""

from __future__ import annotations

from hypothesis import strategies as st

from core.model.symbol import Binding, BindingKind, Import, Naming, NamingKind, Reference, ReferenceKind
from indexing.use_columns import FileUses

NAMES = ("a", "ab", "self.x", "x", "ʹ", "é", "日", "f", "<value1>", "*args", "", "?")
ENDS = ("", "()", "(0)", "(9)", "(10)", "[]", "[key]", "().run()", ".b", "(\n)")
PATHS = st.builds(str.__add__, st.sampled_from(NAMES), st.sampled_from(ENDS)) | st.text("ab.é日([])0\n\0", max_size=5)
SCOPES = st.integers(0, 9) | st.integers(0, 2**31)
LINES = st.integers(1, 9) | st.integers(1, 2**31)


@st.composite
def file_uses(draw: st.DrawFn) -> FileUses:
    """What a file might do with names, whatever its text."""
    references = draw(st.lists(st.builds(Reference, st.sampled_from(ReferenceKind), PATHS, SCOPES, LINES), max_size=5))
    imports = draw(st.lists(st.builds(Import, PATHS, PATHS, PATHS, st.integers(0, 9), SCOPES, LINES), max_size=3))
    bindings = draw(st.lists(st.builds(Binding, st.sampled_from(BindingKind), PATHS, PATHS, SCOPES, LINES), max_size=5))
    namings = draw(st.lists(st.builds(Naming, PATHS, st.sampled_from(NamingKind), SCOPES, LINES), max_size=2))
    seen = sorted(draw(st.sets(st.sampled_from(range(len(bindings)))))) if bindings else []
    return FileUses(tuple(references), tuple(imports), tuple(bindings), tuple(namings), tuple(seen))
