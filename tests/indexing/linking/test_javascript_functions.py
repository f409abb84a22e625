"""Methods of functions, prototypes and parts of arrays in JavaScript."""

from __future__ import annotations

from tests.indexing.linking.sources import calls, link_sources


def called(text: str, caller: str = "m") -> list[str]:
    return calls(link_sources({"m.js": text})).get(caller, [])


def test_call_apply_and_bind() -> None:
    text = "function f(g) { g() }\nfunction h() {}\n"
    assert called(text + "f.call(null, h)\n") == ["m.f"]
    assert called(text + "f.call(null, h)\n", "m.f") == ["m.h"]
    assert called(text + "f.apply(null, [h])\n", "m.f") == ["m.h"]
    assert called(text + "const b = f.bind(null)\n") == []  # not called yet
    assert called(text + "const b = f.bind(null)\nb(h)\n") == ["m.f"]
    assert called("class A { run() {} }\nA.prototype.run.call({})\n") == ["m.A.run"]


def test_what_object_assign_mixes_in() -> None:
    mixin = "const Loud = { shout() {} };\nclass Dog {}\nObject.assign(Dog.prototype, Loud);\nnew Dog().shout();\n"
    assert "m.Loud.shout" in called(mixin)
    table = "function f() {}\nconst t = {};\nObject.assign(t, { run: f });\nt.run();\n"
    assert "m.f" in called(table)


def test_rests_and_slices_of_arrays_are_moved_to_the_front() -> None:
    text = "function a() {}\nfunction b() {}\nfunction c() {}\nconst all = [a, b, c];\n"
    assert called(text + "const [x, ...rest] = all;\nrest[0]();\n") == ["m.b"]
    assert called(text + "all.slice(1)[1]();\n") == ["m.c"]
