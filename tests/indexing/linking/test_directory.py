"""Which files an import may mean, in the spelling of each language."""

from __future__ import annotations

import pytest

from core.model.symbol import Import
from indexing.linking.directory import Directory
from tests.indexing.linking.sources import facts_of

SPELLINGS = [
    ("use.py", "from pkg.orders import f", {"pkg/orders.py", "x/orders.py"}, {"pkg/orders.py"}),
    ("use.py", "import pkg.orders", {"pkg/orders.py"}, {"pkg/orders.py"}),
    ("use.py", "from pkg import orders", {"pkg/orders.py", "pkg/__init__.py"}, {"pkg/orders.py", "pkg/__init__.py"}),
    ("a/use.py", "from . import orders", {"a/orders.py", "b/other.py"}, {"a/orders.py"}),
    ("a/use.py", "from ..b.orders import *", {"b/orders.py", "b/c.py"}, {"b/orders.py"}),
    ("use.js", "import { f } from './orders.js'", {"orders.js", "other.js"}, {"orders.js"}),
    ("a/use.js", "import f from '../b'", {"b/index.js", "a/c.js"}, {"b/index.js"}),
    ("use.ts", "import { f } from './orders'", {"orders.ts"}, {"orders.ts"}),
    ("use.js", "const a = require('../lib/my-tools')", {"lib/my-tools.js"}, {"lib/my-tools.js"}),
    ("net/use.c", "#include <net/sock.h>", {"include/net/sock.h", "x/sock.h"}, {"include/net/sock.h"}),
    ("net/use.c", '#include "own.h"', {"net/own.h", "other/own.h"}, {"net/own.h", "other/own.h"}),
    ("Use.java", "import com.shop.Order;", {"src/com/shop/Order.java", "Order2.java"}, {"src/com/shop/Order.java"}),
    ("Use.java", "import com.shop.*;", {"com/shop/A.java", "com/shop/B.java", "org/C.java"},
     {"com/shop/A.java", "com/shop/B.java"}),
    ("src/use.rs", "use crate::orders::Order;", {"src/orders.rs", "src/other.rs"}, {"src/orders.rs"}),
    ("src/use.rs", "use crate::orders;", {"src/orders/mod.rs"}, {"src/orders/mod.rs"}),
    ("use.go", 'package m\nimport "example.com/x/orders"', {"orders/a.go", "orders/b.go", "c.go"},
     {"orders/a.go", "orders/b.go"}),
    ("use.rb", "require_relative 'lib/orders'", {"lib/orders.rb", "orders2.rb"}, {"lib/orders.rb"}),
    ("use.php", "<?php\nuse App\\Orders\\Order;", {"app/Orders/Order.php", "x.php"}, {"app/Orders/Order.php"}),
    ("use.lua", "local o = require('lib.orders')", {"lib/orders.lua", "x.lua"}, {"lib/orders.lua"}),
    ("use.sh", "source ./lib/log.sh", {"lib/log.sh", "lib/x.sh"}, {"lib/log.sh"}),
]  # fmt: skip


@pytest.mark.parametrize(("path", "text", "others", "meant"), SPELLINGS, ids=[row[1].split("\n")[-1] for row in SPELLINGS])
def test_an_import_means_the_files_that_its_spelling_ends_like(
    path: str, text: str, others: set[str], meant: set[str]
) -> None:
    paths = sorted({path, *others})
    directory = Directory(enumerate(paths, 1))
    found = {
        paths[key - 1] for item in facts_of(path, text + "\n").facts.imports for key in directory.resolve(path, item)
    } - {path}
    assert found == meant


def plain(module: str, name: str = "") -> Import:
    return Import(module, name, name or module, 0, 0, 1)


def test_a_name_from_outside_means_no_file() -> None:
    directory = Directory([(1, "a/b.py")])
    assert directory.resolve("a/b.py", plain("json")) == ()
    assert directory.resolve("a/b.py", plain("", "")) == (1,), "the folder itself"


def test_of_many_files_of_a_name_the_nearest_are_meant() -> None:
    paths = [f"{part}/{n}/util.py" for part in ("a", "b") for n in range(9)]
    directory = Directory(enumerate(paths))
    found = [paths[key] for key in directory.resolve("b/4/use.py", plain("util"))]
    assert len(found) == 8
    assert found[0] == "b/4/util.py"
    assert all(path.startswith("b/") for path in found)
    assert directory.nearest("a/3", range(18), 1) == [paths.index("a/3/util.py")]


def test_the_order_of_files_makes_no_difference() -> None:
    files = list(enumerate(["b/x.py", "a/x.py", "a/__init__.py", "x/__init__.py"]))
    for module in ("x", "a.x", "a"):
        told = Directory(files).resolve("u.py", plain(module))
        assert told
        assert Directory(reversed(files)).resolve("u.py", plain(module)) == told


def test_modules_around_a_file_are_its_packages_and_its_crate() -> None:
    paths = ["p/__init__.py", "p/q/r/__init__.py", "p/q/r/s.py", "o/__init__.py"]
    assert [paths[key] for key in Directory(enumerate(paths)).packages("p/q/r/s.py")] == [
        "p/q/r/__init__.py",
        "p/__init__.py",
    ]
    rust = ["c/src/lib.rs", "c/src/a.rs", "c/src/a/b.rs", "c/src/d/mod.rs", "c/src/d/e.rs"]
    directory = Directory(enumerate(rust))
    assert [rust[key] for key in directory.packages("c/src/a/b.rs")] == ["c/src/a.rs", "c/src/lib.rs"]
    assert [rust[key] for key in directory.packages("c/src/d/e.rs")] == ["c/src/d/mod.rs", "c/src/lib.rs"]
