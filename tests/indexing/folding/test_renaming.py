"""A name is local only where nothing else can be meant by it."""

from __future__ import annotations

import pytest

from indexing.folding.lexing import tokenise
from indexing.folding.numbering import numbers_of, turn_to
from indexing.folding.renaming import local_places, number_locals

KEPT_APART = [
    (
        "typescript",
        "function f(a: object, b: number) { return g(a as object, b); }",
        "function f(a: object, b: number) { return g(a as any, b); }",
    ),
    ("python", "def f(a, b):\n    return [x for x in a], x + b\n", "def f(a, b):\n    return [y for y in a], y + b\n"),
    (
        "python",
        "def f(name):\n    log(f'{name} is here')\n    return name\n",
        "def f(label):\n    log(f'{name} is here')\n    return label\n",
    ),
    ("python", "def f(a):\n    b = 1\n    return locals(), a, b\n", "def f(c):\n    b = 1\n    return locals(), c, b\n"),
    (
        "python",
        "def f(a):\n    global b\n    b = a\n    return b + 1\n",
        "def f(a):\n    global c\n    c = a\n    return c + 1\n",
    ),
    ("python", "def f(a):\n    import b\n    return b.x(a) + 1\n", "def f(a):\n    import c\n    return c.x(a) + 1\n"),
    ("python", "def f(a, b):\n    return g(a=a, b=b) + 1\n", "def f(a, c):\n    return g(a=a, c=c) + 1\n"),
    (
        "python",
        "def f(a):\n    def g(b):\n        return b\n    return b + a\n",
        "def f(a):\n    def g(c):\n        return c\n    return c + a\n",
    ),
    (
        "python",
        "def f(a):\n    class B:\n        b = a\n    return B, a\n",
        "def f(a):\n    class B:\n        c = a\n    return B, a\n",
    ),
    ("python", "def f(a, g):\n    g(a)\n    return g, a\n", "def f(a, h):\n    h(a)\n    return h, a\n"),
    ("python", "@d(a)\ndef f(a, b):\n    return a + b\n", "@d(c)\ndef f(c, b):\n    return c + b\n"),
    ("python", "def f(a):\n    return f and (a + 1) * 2\n", "def g(a):\n    return g and (a + 1) * 2\n"),
    ("java", "int f(int a) { { int b = a; } return b + a; }", "int f(int a) { { int c = a; } return c + a; }"),
    (
        "java",
        "int f(int a) { for (int i = 0; i < a; i++) g(); return i; }",
        "int f(int a) { for (int j = 0; j < a; j++) g(); return j; }",
    ),
    ("java", "int f(List<A> a) { A b = a.get(0); return b.x; }", "int f(List<B> a) { B b = a.get(0); return b.x; }"),
    (
        "c",
        "int f(struct w *work) { return g(container_of(work, struct j, work)); }",
        "int f(struct w *job) { return g(container_of(job, struct j, job)); }",
    ),
    (
        "c",
        "int f(int a) { int b = a;\n#if USE(b)\n g();\n#endif\n return b; }",
        "int f(int a) { int c = a;\n#if USE(b)\n g();\n#endif\n return c; }",
    ),
    (
        "c",
        "DEFINE(name) { int a = 1; int b = a; return a + b; }",
        "DEFINE_ALL(name) { int a = 1; int b = a; return a + b; }",
    ),
    ("go", "func f(a int) T { b := a; return T{b: b, c: a} }", "func f(a int) T { d := a; return T{d: d, c: a} }"),
    (
        "go",
        "func f(a int) int { if b := a; b > 1 { g() }; return b }",
        "func f(a int) int { if c := a; c > 1 { g() }; return c }",
    ),
    ("go", "func f(a int) int { x := x + a; return x * a }", "func f(a int) int { y := y + a; return y * a }"),
    (
        "javascript",
        "function f(a) { const b = a.x; return { b, c: a + 1 }; }",
        "function f(a) { const d = a.x; return { d, c: a + 1 }; }",
    ),
    (
        "javascript",
        "function f(a) { const {b} = a; return b + a.length; }",
        "function f(a) { const {c} = a; return c + a.length; }",
    ),
    (
        "javascript",
        "function f(a) { if (a) { let b = 1; } return b + a; }",
        "function f(a) { if (a) { let c = 1; } return c + a; }",
    ),
    (
        "javascript",
        "function f(a) { a.map(x => x + 1); return x * 2; }",
        "function f(a) { a.map(y => y + 1); return y * 2; }",
    ),
    (
        "javascript",
        "function f(a, b) { return eval('a + b') + a + b; }",
        "function f(a, c) { return eval('a + b') + a + c; }",
    ),
    ("csharp", "int f(int a) { return g(a: a); }", "int f(int b) { return g(b: b); }"),
    ("csharp", "int f(int a) { var b = a; return new { b }; }", "int f(int a) { var c = a; return new { c }; }"),
    ("csharp", 'T f(int a) { return $"{a}"; }', 'T f(int b) { return $"{a}"; }'),
    ("csharp", "T f(int a) { return g(nameof(a)); }", "T f(int b) { return g(nameof(b)); }"),
    ("csharp", "T f(U a) { { int b = 1; } return b; }", "T f(U a) { { int c = 1; } return c; }"),
    ("csharp", "T f(U a) { if (a is V b) { } return b; }", "T f(U a) { if (a is V c) { } return c; }"),
    ("csharp", "T f(U a) { int b = 1; return new T { b = b }; }", "T f(U a) { int c = 1; return new T { c = c }; }"),
    ("php", "function f($a) { return compact('a') + $a; }", "function f($b) { return compact('a') + $b; }"),
    ("php", "function f($a) { global $b; return $b + $a; }", "function f($a) { global $c; return $c + $a; }"),
    ("php", 'function f($a) { return "x $b" . $a . $b; }', 'function f($a) { return "x $b" . $a . $c; }'),
    ("php", "function f($a) { return self::$b + $a; }", "function f($a) { return self::$c + $a; }"),
    ("php", "function f($a) { return $$a + $a; }", "function f($b) { return $$b + $b; }"),
    ("php", "function __construct(private $a) { }", "function __construct(private $b) { }"),
    ("php", "function f($a) { return $this; }", "function f($a) { return $that; }"),
    ("php", "function f($a) { return $a->b; }", "function f($a) { return $a->c; }"),
    ("lua", "function f(a) do local b = a end return b end", "function f(a) do local c = a end return c end"),
    ("lua", "function f(a) local b = g(b) return b end", "function f(a) local c = g(c) return c end"),
    ("lua", "function f(a) return { a = a } end", "function f(b) return { b = b } end"),
    (
        "lua",
        "function f(a) if a then local b = 1 else g(b) end end",
        "function f(a) if a then local c = 1 else g(c) end end",
    ),
    ("lua", "function f(a) return a.b end", "function f(a) return a.c end"),
    ("lua", "function f(a) b = a return b end", "function f(a) c = a return c end"),
]


@pytest.mark.parametrize(("language", "one", "other"), KEPT_APART)
def test_names_that_are_more_than_local_stay(language: str, one: str, other: str) -> None:
    first, second = numbered(one, language), numbered(other, language)
    assert (first is None and second is None) or first != second


ALIKE = [
    (
        "c",
        "int f(struct h *a, int (*g)(struct h *a, void *b), void *c) { struct b *b = x(a); return g(a, c) + b->n; }",
        "int f(struct h *d, int (*e)(struct h *d, void *k), void *j) { struct b *k = x(d); return e(d, j) + k->n; }",
    ),
    (
        "javascript",
        "function f(object, number) { const any = g(object.x); return any + number + object.y; }",
        "function f(a, b) { const c = g(a.x); return c + b + a.y; }",
    ),
    (
        "c",
        "int f(struct s **a, char *const *b) { struct s **c = a; return g(c, b, *a); }",
        "int f(struct s **z, char *const *y) { struct s **x = z; return g(x, y, *z); }",
    ),
    (
        "python",
        "def f(a, *, b=2, **c):\n    for i, (j, k) in a:\n        with b as d:\n            i += j\n    return c, k, d\n",
        "def f(z, *, y=2, **x):\n    for w, (v, u) in z:\n        with y as t:\n            w += v\n    return x, u, t\n",
    ),
    (
        "python",
        "def f(a):\n    return sorted([b.x for b in a if b], key=lambda c: c.y)\n",
        "def f(z):\n    return sorted([y.x for y in z if y], key=lambda x: x.y)\n",
    ),
    (
        "python",
        "def f(a):\n    try:\n        b = c = g(a)\n    except E as d:\n        raise F(d) from d\n    return b, c\n",
        "def f(z):\n    try:\n        y = x = g(z)\n    except E as w:\n        raise F(w) from w\n    return y, x\n",
    ),
    (
        "java",
        "int f(final Map<K, List<V>> a, int... b) {"
        " for (Map.Entry<K, V> c : a) { g(c); } try { h(); } catch (X | Y d) { i(d); } return b; }",
        "int f(final Map<K, List<V>> z, int... y) {"
        " for (Map.Entry<K, V> x : z) { g(x); } try { h(); } catch (X | Y w) { i(w); } return y; }",
    ),
    (
        "java",
        "T f(T a) { return a.map(b -> b.x).fold((c, d) -> c + d); }",
        "T f(T z) { return z.map(y -> y.x).fold((x, w) -> x + w); }",
    ),
    (
        "java",
        'T(int a) { super(a); @Some("x") Set<K> b = size(); int size = a; y(b, size); }',
        'T(int z) { super(z); @Some("x") Set<K> x = size(); int w = z; y(x, w); }',
    ),
    (
        "c",
        "static int RESET(struct a *b, int c) { int d = c; return b->x + d; }",
        "static int reset(struct a *z, int y) { int w = y; return z->x + w; }",
    ),
    (
        "go",
        "func f[T any](a T) (b int, c error) { var ( d int; e, g = 1, 2 ); const h = 3; switch i := a.(type) {"
        " case int: j := i + d + e; b = j + g + h }; select { case k := <-x.y: b += k }; return b, c }",
        "func f[T any](z T) (y int, w error) { var ( v int; u, t = 1, 2 ); const s = 3; switch r := z.(type) {"
        " case int: q := r + v + u; y = q + t + s }; select { case p := <-x.y: y += p }; return y, w }",
    ),
    (
        "c",
        "int f(struct page *page, char a[]) { for (int i = 0; i < 3; i++) { page->x += a[i]; } return page->x; }",
        "int f(struct page *p, char b[]) { for (int j = 0; j < 3; j++) { p->x += b[j]; } return p->x; }",
    ),
    (
        "go",
        "func (s *S) f(a, b int) error {"
        " for i, v := range s.x { c := v + i; g(c) }; if err := h(a); err != nil { return err }; return b }",
        "func (t *S) f(z, y int) error {"
        " for j, w := range t.x { x := w + j; g(x) }; if e := h(z); e != nil { return e }; return y }",
    ),
    (
        "javascript",
        "const f = async (a, b = 1, ...c) => { for (const d of c) { g(d); }"
        " try { h(); } catch (e) { i(e); } return `${a} ${b}`; };",
        "const f = async (z, y = 1, ...x) => { for (const w of x) { g(w); }"
        " try { h(); } catch (v) { i(v); } return `${z} ${y}`; };",
    ),
    (
        "csharp",
        "int f(List<T> a, ref int b) { for (int i = 0; i < 3; i++) { var c = a[i]; b += c.x; } return b; }",
        "int f(List<T> z, ref int y) { for (int j = 0; j < 3; j++) { var w = z[j]; y += w.x; } return y; }",
    ),
    (
        "php",
        "function f(T $a, &$b = 1) { foreach ($a as $c => $d) { $b += $d->x($c); } return $b; }",
        "function f(T $z, &$y = 1) { foreach ($z as $w => $v) { $y += $v->x($w); } return $y; }",
    ),
    (
        "lua",
        "local function f(a, b) local c <const>, d = a.x for i, v in pairs(b) do c[i] = v end return function(e)"
        " return e, d end end",
        "local function f(z, y) local w <const>, u = z.x for j, t in pairs(y) do w[j] = t end return function(s)"
        " return s, u end end",
    ),
]


@pytest.mark.parametrize(("language", "one", "other"), ALIKE)
def test_local_names_of_many_kinds_do_not_count(language: str, one: str, other: str) -> None:
    assert numbered(one, language) == numbered(other, language) is not None


def numbered(text: str, language: str, is_class: bool = False) -> list[bytes] | None:
    tokens = tokenise(text.encode(), language)
    assert tokens is not None
    return number_locals(tokens, language, is_class)


@pytest.mark.parametrize(
    ("language", "text", "names"),
    [
        ("c", "int f(struct a *b) { int c = MAX(b, 1); return b->c + c + d; }", "fbc"),
        ("java", "int f(int a) { if (a instanceof C b) { return b.a(); } class D {} return c; }", "fab"),
        ("go", "func f(a int) int { type b struct { a int }; c := b{a: a}; return c.a + d }", "fac"),
        ("javascript", "function f(a) { const {x} = a; let b = {a}; class C {} eval(b); return b(c); }", "fab"),
        ("python", "def f(a):\n    b = a(c)\n    return locals(), b.a, f(b)\n", "fab"),
    ],
)
def test_for_a_likeness_every_name_that_is_bound_is_local(language: str, text: str, names: str) -> None:
    tokens = tokenise(text.encode(), language)
    assert tokens is not None
    turn_to(language)
    places = local_places(tokens, numbers_of(tokens), language, False)
    assert {tokens[place].decode() for place in places} == set(names)


def test_a_class_is_alike_but_for_its_own_name() -> None:
    one = numbered("class A(Base):\n    x = Field(1)\n    y = Field(2)\n", "python", is_class=True)
    other = numbered("class B(Base):\n    x = Field(1)\n    y = Field(2)\n", "python", is_class=True)
    field = numbered("class B(Base):\n    x = Field(1)\n    z = Field(2)\n", "python", is_class=True)
    assert one == other != field
