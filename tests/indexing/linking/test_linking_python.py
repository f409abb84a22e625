"""Python, from the parser to the edges."""

import time

import pytest

from core.cancellation import CancellationToken
from core.errors import CancelledError
from core.model.graph import Confidence, EdgeKind
from core.model.symbol import SymbolKind
from indexing.linking.whole import link
from tests.indexing.linking.sources import calls, confidence, edges, facts_of, link_sources


def calls_in(**sources: str) -> dict[str, list[str]]:
    return calls(link_sources({name + ".py": text for name, text in sources.items()}))


def test_functions_closures_and_lambdas():
    assert calls_in(
        main="""
        def outer():
            def inner():
                helper()
            return inner

        def helper():
            (lambda: outer())()

        outer()()
        """
    ) == {
        "main": ["main.outer", "main.outer.inner"],
        "main.outer.inner": ["main.helper"],
        "main.helper": ["main.helper.<lambda1>"],
        "main.helper.<lambda1>": ["main.outer"],
    }


def test_imports_of_every_form():
    linked = link_sources(
        {
            "pkg/__init__.py": "from .core import run as start\nfrom .star import *\n",
            "pkg/core.py": "from . import tools\nfrom .sub.deep import leaf\ndef run():\n    tools.fix()\n    leaf()\n",
            "pkg/tools.py": "from other import elsewhere\ndef fix():\n    elsewhere()\n",
            "pkg/star.py": "def shown(): pass\ndef _hidden(): pass\n",
            "pkg/sub/__init__.py": "",
            "pkg/sub/deep.py": "def leaf(): pass\n",
            "other.py": """
                import pkg.sub.deep
                import pkg.tools as t
                def elsewhere():
                    pkg.sub.deep.leaf()
                    t.fix()
                """,
            "main.py": "import pkg\nfrom pkg import start, shown, _hidden\npkg.start()\nstart()\nshown()\n",
        }
    )
    assert calls(linked) == {
        "main": ["pkg.core.run", "pkg.star.shown"],
        "other.elsewhere": ["pkg.sub.deep.leaf", "pkg.tools.fix"],
        "pkg.core.run": ["pkg.sub.deep.leaf", "pkg.tools.fix"],
        "pkg.tools.fix": ["other.elsewhere"],
    }
    assert ("main", "pkg.core.run") in edges(linked, EdgeKind.IMPORTS)
    assert ("pkg", "pkg.star") in edges(linked, EdgeKind.IMPORTS)
    assert all(edge.confidence is Confidence.EXACT for edge in linked.edges if edge.kind is EdgeKind.CALLS)


def test_packages_below_a_source_folder():
    linked = link_sources(
        {
            "src/app/__init__.py": "",
            "src/app/views.py": "from app.models import load\ndef show():\n    load()\n",
            "src/app/models.py": "def load(): pass\n",
            "tests/test_views.py": "from app.views import show\ndef test_show():\n    show()\n",
        }
    )
    assert calls(linked) == {
        "src.app.views.show": ["src.app.models.load"],
        "tests.test_views.test_show": ["src.app.views.show"],
    }


def test_a_name_of_the_standard_library_is_not_taken_from_some_folder():
    linked = link_sources({"app/main.py": "import json\njson.dumps({})\n", "scripts/json.py": "def dumps(x): pass\n"})
    assert calls(linked) == {"app.main": ["json.dumps"]}
    assert confidence(linked, "app.main", "json.dumps") is Confidence.EXACT
    assert {symbol.qualified_name for symbol in linked.symbols if symbol.kind is SymbolKind.EXTERNAL} >= {"json.dumps"}


def test_methods_through_inheritance_fields_and_super():
    linked = link_sources(
        {
            "main.py": """
            class Engine:
                def start(self): pass

            class Base:
                def __init__(self):
                    self.engine = Engine()
                def go(self):
                    self.engine.start()
                    self.step()
                def step(self): pass

            class Car(Base):
                def __init__(self):
                    super().__init__()
                    self.extra = self.engine
                def go(self):
                    super().go()
                    self.extra.start()

            Car().go()
            """
        }
    )
    assert calls(linked) == {
        "main": ["main.Car.__init__", "main.Car.go"],
        "main.Base.__init__": ["main.Engine"],
        "main.Base.go": ["main.Base.step", "main.Engine.start"],
        "main.Car.__init__": ["<builtin>.super", "main.Base.__init__"],
        "main.Car.go": ["<builtin>.super", "main.Base.go", "main.Engine.start"],
    }
    assert edges(linked, EdgeKind.INHERITS) == {("main.Car", "main.Base")}
    assert edges(linked, EdgeKind.OVERRIDES) == {("main.Car.go", "main.Base.go")}


def test_the_order_of_bases_decides():
    assert calls_in(
        main="""
        class A:
            def f(self): pass
        class B(A): pass
        class C(A):
            def f(self): pass
        class D(B, C): pass
        D().f()
        """
    )["main"] == ["main.C.f", "main.D"]


def test_a_mixin_calls_what_its_users_supply():
    linked = link_sources(
        {
            "main.py": """
            class Mixin:
                def run(self):
                    self.work()
            class Worker(Mixin):
                def work(self): pass
            """
        }
    )
    assert calls(linked) == {"main.Mixin.run": ["main.Worker.work"]}
    assert confidence(linked, "main.Mixin.run", "main.Worker.work") is Confidence.INFERRED


def test_class_methods_static_methods_and_properties():
    assert calls_in(
        main="""
        class Part:
            def fit(self): pass
        class Shop:
            @classmethod
            def make(cls):
                return cls()
            @staticmethod
            def help(value):
                value()
            @property
            def part(self):
                return Part()
        def done(): pass
        Shop.make().part.fit()
        Shop.help(done)
        """
    ) == {
        "main": ["main.Part.fit", "main.Shop.help", "main.Shop.make", "main.Shop.part"],
        "main.Shop.make": ["main.Shop"],
        "main.Shop.help": ["main.done"],
        "main.Shop.part": ["main.Part"],
    }


def test_fluent_methods_keep_the_class_of_their_receiver():
    assert calls_in(
        main="""
        class Query:
            def filter(self):
                return self
        class Special(Query):
            def last(self): pass
        Special().filter().filter().last()
        """
    )["main"] == ["main.Query.filter", "main.Special", "main.Special.last"]


def test_decorators_replace_what_they_decorate():
    linked = link_sources(
        {
            "main.py": """
            import functools
            def traced(f):
                @functools.wraps(f)
                def inner():
                    return f()
                return inner
            @traced
            def work(): pass
            @functools.lru_cache
            def cached(): pass
            work()
            cached()
            """
        }
    )
    assert calls(linked) == {
        "main": ["functools.lru_cache", "main.cached", "main.traced", "main.traced.inner"],
        "main.traced": ["functools.wraps"],
        "main.traced.inner": ["main.work"],
    }
    assert ("main.work", "main.traced") in edges(linked, EdgeKind.REFERENCES)


def test_functions_in_tables_arguments_and_loops():
    assert calls_in(
        main="""
        def one(): pass
        def two(): pass
        def three(): pass
        def apply(f, *rest, key=None, **named):
            f()
            for g in rest:
                g()
            key()
            named["other"]()
        table = {"one": one, "two": two}
        table["one"]()
        apply(one, two, key=three, other=one)
        handlers = []
        handlers.append(three)
        for handler in handlers:
            handler()
        for name, found in {"x": two}.items():
            found()
        """
    ) == {"main": ["main.apply", "main.one", "main.three", "main.two"], "main.apply": ["main.one", "main.three", "main.two"]}


def test_generators_context_managers_and_calls_of_instances():
    assert calls_in(
        main="""
        class Task:
            def run(self): pass
            def __enter__(self):
                return self
            def __call__(self):
                self.run()
        def tasks():
            yield Task()
        for task in tasks():
            task.run()
        with Task() as task2:
            task2()
        """
    ) == {
        "main": ["main.Task", "main.Task.__call__", "main.Task.__enter__", "main.Task.run", "main.tasks"],
        "main.Task.__call__": ["main.Task.run"],
        "main.tasks": ["main.Task"],
    }


def test_annotations_are_evidence():
    linked = link_sources(
        {
            "main.py": """
            from pathlib import Path
            class Store:
                def save(self): pass
            def find() -> Store: ...
            def use(store: Store, path: Path, stores: list[Store], maybe: Store | None = None):
                store.save()
                path.exists()
                find().save()
                for one in stores:
                    one.save()
                maybe.save()
            """
        }
    )
    assert calls(linked)["main.use"] == ["main.Store.save", "main.find", "pathlib.Path.exists"]
    assert confidence(linked, "main.use", "pathlib.Path.exists") is Confidence.EXACT


def test_global_and_nonlocal():
    assert calls_in(
        main="""
        def a(): pass
        def b(): pass
        handler = None
        def install():
            global handler
            handler = a
            local = None
            def inner():
                nonlocal local
                local = b
            inner()
            local()
        handler()
        """
    ) == {"main": ["main.a"], "main.install": ["main.b", "main.install.inner"]}


def test_names_from_outside():
    linked = link_sources({"main.py": "import os.path\nfrom ext import Thing\nos.path.join('a')\nThing().go()\nlen([])\n"})
    assert calls(linked) == {"main": ["<builtin>.len", "ext.Thing", "ext.Thing.go", "os.path.join"]}
    assert confidence(linked, "main", "os.path.join") is Confidence.EXACT
    assert confidence(linked, "main", "ext.Thing.go") is Confidence.INFERRED
    external = [symbol for symbol in linked.symbols if symbol.kind is SymbolKind.EXTERNAL]
    assert {(symbol.path, symbol.start_line, symbol.parent) for symbol in external} == {("", 0, -1)}


def test_two_possible_targets_are_a_guess():
    linked = link_sources(
        {"main.py": "def a(): pass\ndef b(): pass\ndef main(flag):\n    f = a if flag else b\n    f()\n    a()\n"}
    )
    assert confidence(linked, "main.main", "main.b") is Confidence.INFERRED


def test_unknown_stays_unknown_even_where_a_name_is_unique():
    linked = link_sources({"main.py": "class A:\n    def unique_name(self): pass\ndef f(x):\n    x.unique_name()\n"})
    assert calls(linked) == {}
    assert linked.unresolved == {"main.py": 1}


@pytest.mark.parametrize(
    "text",
    [
        "import main\nx = main\nx = x.x.x\nx()\n",
        "class A(B): pass\nclass B(A): pass\nA().f()\nsuper(A).g()\n",
        "import ext\nnode = ext.first\nfor _ in node:\n    node = node.next\nnode.go()\n",
        "d = {}\nfor _ in d:\n    d = d.items()\n    d[0] = d\nd[0][0]()\n",
        "def f(x):\n    return f(f)\nf(f)(f)\n",
        "x = [x for x in x]\nx[0](x)\n",
        "class A:\n    def __iter__(self): return self\n    def __next__(self): return self\nfor x in A():\n    x()\n",
        "def f(): pass\n" + "f" + "()" * 400 + "\n",
    ],
)
def test_what_goes_round_in_circles_ends(text):
    link_sources({"main.py": text})


def test_a_common_method_name_makes_no_edges_by_the_million():
    count = 3_000
    classes = "".join(f"class C{i}:\n    def run(self): pass\n" for i in range(count))
    uses = "".join(f"def f{i}(x):\n    x.run()\n" for i in range(count))
    collected = "all = [" + ", ".join(f"C{i}()" for i in range(count)) + "]\nfor one in all:\n    one.run()\n"
    began = time.perf_counter()
    linked = link_sources({"a.py": classes + collected, "b.py": "from a import *\n" + uses})
    assert len(linked.edges) < 10 * count
    assert time.perf_counter() - began < 20


def test_linking_can_be_cancelled():
    token = CancellationToken()
    token.cancel()
    with pytest.raises(CancelledError):
        link([facts_of("main.py", "print()\n")], token)


def test_one_path_twice_is_a_bug_of_the_caller():
    with pytest.raises(ValueError, match=r"main\.py"):
        link([facts_of("main.py", ""), facts_of("main.py", "")], CancellationToken())
