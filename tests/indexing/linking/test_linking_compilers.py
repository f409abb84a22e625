"""What comparing with compilers showed to be missed or wrong, one language after the other."""

from __future__ import annotations

from core.model.graph import Confidence
from tests.indexing.linking.sources import calls, confidence, link_sources


def test_c_a_header_tells_which_of_two_definitions_is_meant() -> None:
    library = """
        #include "{0}.h"
        int size(int a) {{ return a; }}
        """
    linked = link_sources(
        {
            "src/bag.h": "int size(int a);\n",
            "src/bag.c": library.format("bag"),
            "deps/box.h": "int size(int a);\n",
            "deps/box.c": library.format("box"),
            "src/main.c": '#include "bag.h"\nint main(void) { return size(1); }\n',
            "src/blind.c": "int blind(void) { return size(1); }\n",
        }
    )
    found = calls(linked)
    assert found["src.main.main"] == ["src.bag.size"]
    assert confidence(linked, "src.main.main", "src.bag.size") is Confidence.EXACT
    assert "src.blind.blind" not in found  # nothing says which


def test_c_a_function_of_each_system_is_meant_where_none_is_nearer() -> None:
    linked = link_sources(
        {
            "include/loop.h": "int run(int a);\n",
            "src/unix/core.c": '#include "loop.h"\nint run(int a) { return a; }\n',
            "src/win/core.c": '#include "loop.h"\nint run(int a) { return a; }\n',
            "src/unix/timer.c": '#include "loop.h"\nint tick(void) { return run(1); }\n',
            "test/all.c": '#include "loop.h"\nint main(void) { return run(1); }\n',
        }
    )
    found = calls(linked)
    assert found["src.unix.timer.tick"] == ["src.unix.core.run"]
    assert confidence(linked, "src.unix.timer.tick", "src.unix.core.run") is Confidence.INFERRED
    assert found["test.all.main"] == ["src.unix.core.run", "src.win.core.run"]


def test_c_of_several_included_definitions_none_is_sure() -> None:
    linked = link_sources(
        {
            "poll.c": "static int wait(void) { return 1; }\n",
            "epoll.c": "static int wait(void) { return 2; }\n",
            "loop.c": """
                #ifdef LINUX
                #include "epoll.c"
                #else
                #include "poll.c"
                #endif
                int loop(void) { return wait(); }
                """,
        }
    )
    assert calls(linked)["loop.loop"] == ["epoll.wait", "poll.wait"]
    assert confidence(linked, "loop.loop", "poll.wait") is Confidence.INFERRED


def test_c_a_cast_is_no_call() -> None:
    linked = link_sources({"a.c": "typedef unsigned long size;\nint f(int x) { return (size)(x + 1); }\n"})
    assert calls(linked) == {}


def test_c_a_macro_that_only_some_builds_rename_by_hides_no_function() -> None:
    linked = link_sources(
        {
            "z.h": "#ifdef PREFIX\n#define inflate z_inflate\n#endif\nint inflate(int a);\n",
            "inflate.c": '#include "z.h"\nint inflate(int a) { return a; }\n',
            "use.c": '#include "z.h"\nint use(void) { return inflate(1); }\n',
        }
    )
    assert calls(linked)["use.use"] == ["inflate.inflate"]


def test_c_conditions_that_cut_through_a_block_cost_no_function() -> None:
    linked = link_sources(
        {
            "a.h": """
                #ifdef __cplusplus
                extern "C" {
                #endif
                int first(int a);
                #ifdef __cplusplus
                }
                #endif
                """,
            "a.c": """
                #include "a.h"
                int first(int a) { return a; }
                int second(int a) {
                #if A
                    if (a > 1) {
                #else
                    if (a > 2) {
                #endif
                        first(a);
                    }
                    return 0;
                }
                int third(int a) { return second(a
                #ifdef WIDE
                    + 1
                #endif
                    ); }
                """,
        }
    )
    found = calls(linked)
    assert found["a.second"] == ["a.first"]
    assert found["a.third"] == ["a.second"]


def test_c_macros_around_declarations_cost_no_function() -> None:
    linked = link_sources(
        {
            "a.h": """
                typedef enum {
                  NONE = 0,
                #define XX(code) KIND_##code,
                  KIND_MAP(XX)
                #undef XX
                  LAST
                } kind;
                struct request {
                  REQUEST_FIELDS
                };
                EXPORTED int EXPORT start OF((int a));
                """,
            "a.c": """
                #include "a.h"
                #define DECODE(p) do { \\
                    (p) = 0; /* nothing, for now */ \\
                } while (0)
                int EXPORT start(a)
                int a;
                { return a; }
                int CALLBACK stop(int a) { log("stopped " QUOTED("now") " here"); return start(a); }
                """,
            "b.c": '#include "a.h"\nint use(void) { return start(1); }\n',
        }
    )
    found = calls(linked)
    assert found["a.stop"][0] == "a.start"
    assert found["b.use"] == ["a.start"]
    assert confidence(linked, "b.use", "a.start") is Confidence.EXACT


def test_java_a_method_is_inherited_whatever_constants_were_looked_up_before() -> None:
    linked = link_sources(
        {
            "p/Base.java": "package p; class Base { void fail() {} static class Part { void go() {} } }",
            "p/A.java": """
                package p;
                class A extends Base {
                    static final int LIMIT = DEFAULT;
                    void run() { fail(); new Own().go(); }
                    static class Own extends Part {}
                }
                """,
        }
    )
    assert calls(linked)["p.A.A.run"] == ["p.A.A.Own", "p.Base.Base.Part.go", "p.Base.Base.fail"]


def test_java_this_of_an_outer_class_other_constructors_and_constants_of_an_enumeration() -> None:
    linked = link_sources(
        {
            "p/Tree.java": """
                package p;
                class Tree {
                    Tree() { this(1); }
                    Tree(int size) {}
                    int size() { return 0; }
                    class View { int size() { return Tree.this.size() + Mode.FAST.mask(); } }
                }
                enum Mode { FAST, SLOW; int mask() { return 1; } }
                """
        }
    )
    found = calls(linked)
    assert found["p.Tree.Tree.Tree"] == ["p.Tree.Tree.Tree"]
    assert found["p.Tree.Tree.View.size"] == ["p.Tree.Mode.mask", "p.Tree.Tree.size"]


def test_java_what_a_list_of_a_declared_result_holds() -> None:
    linked = link_sources(
        {
            "p/A.java": """
                package p;
                import java.util.List;
                class A {
                    List<Part> parts() { return null; }
                    void run() { for (var part : parts()) part.go(); parts().get(0).stop(); }
                }
                class Part { void go() {} void stop() {} }
                """
        }
    )
    assert {"p.A.Part.go", "p.A.Part.stop"} <= set(calls(linked)["p.A.A.run"])


def test_go_results_with_declared_types_and_types_named_as_a_method() -> None:
    linked = link_sources(
        {
            "a.go": """
                package a
                type Cursor struct { bucket *Bucket }
                func (c *Cursor) Bucket() *Bucket { return c.bucket }
                func (c *Cursor) First() { page, node := c.bucket.Page(); page.Read(); node.Free(); c.bucket.Drop() }
                """,
            "b.go": """
                package a
                type Bucket struct{}
                type Page struct{}
                type Node struct{}
                func (b *Bucket) Page() (*Page, *Node) { return nil, nil }
                func (b *Bucket) Drop() {}
                func (p *Page) Read() {}
                func (n *Node) Free() {}
                """,
        }
    )
    assert calls(linked)["a.Cursor.First"] == ["b.Bucket.Drop", "b.Bucket.Page", "b.Node.Free", "b.Page.Read"]


def test_go_a_function_of_each_system_is_meant() -> None:
    linked = link_sources(
        {
            "flush_linux.go": "package a\nfunc flush() {}\n",
            "flush_windows.go": "package a\nfunc flush() {}\n",
            "run.go": "package a\nfunc Run() { flush() }\n",
        }
    )
    assert calls(linked)["run.Run"] == ["flush_linux.flush", "flush_windows.flush"]
    assert confidence(linked, "run.Run", "flush_linux.flush") is Confidence.INFERRED


def test_rust_what_a_variant_holds() -> None:
    linked = link_sources(
        {
            "src/lib.rs": """
                mod dfa;
                use dfa::DFA;
                enum Imp { DFA(DFA), None }
                impl Imp {
                    fn run(&self) { match *self { Imp::DFA(ref dfa) => dfa.run(), Imp::None => {} } }
                }
                """,
            "src/dfa.rs": "pub struct DFA {}\nimpl DFA { pub fn run(&self) {} }\n",
        }
    )
    assert calls(linked)["src.lib.Imp.run"] == ["src.dfa.DFA.run"]


def test_java_an_inherited_field_that_is_assigned_stays_a_field() -> None:
    linked = link_sources(
        {
            "p/Base.java": "package p; class Base { Context context; }\nclass Context { Context parent() { return null; } }",
            "p/A.java": "package p; class A extends Base { void close() { context = context.parent(); } }",
        }
    )
    assert calls(linked)["p.A.A.close"] == ["p.Base.Context.parent"]
    assert confidence(linked, "p.A.A.close", "p.Base.Context.parent") is Confidence.EXACT
