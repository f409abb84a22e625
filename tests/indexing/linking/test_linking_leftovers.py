"""What linking leaves behind is freed at once, without a search for circles."""

import gc

import pytest

from tests.indexing.linking.sources import link_sources

SOURCES = {
    "lib/shape.py": "class Shape:\n    def draw(self):\n        return self.paint()\n    def paint(self): ...\n",
    "main.py": "from lib.shape import Shape\nclass Round(Shape):\n    pass\nfor item in [Round()]:\n    item.draw()\n",
    "tools.js": "export const make = () => ({ run() { return make() } })\nmake().run()\n",
    "Main.java": "class Main { Main next; void run() { next.run(); new Main().run(); } }\n",
    "list.c": "struct ops { int (*run)(void); };\nint go(void) { return 1; }\nstruct ops all = { .run = go };\n",
    "main.go": "package main\ntype T struct{}\nfunc (t T) Run() {}\nfunc main() { T{}.Run() }\n",
    "table.lua": "local T = {}\nT.__index = T\nfunction T.new() return setmetatable({}, T) end\nT.new():run()\n",
    "main.rs": "struct T;\nimpl T { fn run(&self) {} }\nfn main() { T.run(); }\n",
}


@pytest.mark.parametrize("path", SOURCES)
def test_linking_leaves_no_circles(path: str) -> None:
    link_sources(SOURCES)
    gc.collect()
    kept = gc.get_debug()
    gc.set_debug(gc.DEBUG_SAVEALL)
    try:
        link_sources({path: SOURCES[path]})
        gc.collect()
        left = {type(item).__name__ for item in gc.garbage} & {"Binding", "FileFacts", "Network", "Program", "Semantics"}
    finally:
        gc.set_debug(kept)
        gc.garbage.clear()
    assert not left
