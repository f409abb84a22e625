"""Routes, topics, requests and messages in the text of a file."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.model.symbol import Facts, NamingKind
from indexing.languages.lines import Lines
from indexing.route_forms import normalised
from indexing.wirings import with_wirings
from tests.indexing.linking.sources import facts_of


def wired(path: str, text: str) -> tuple[Facts, int]:
    """The facts of a file, and the number of the first route."""
    found, data = facts_of(path, text), text.encode()
    return with_wirings(found.language, data, Lines(data), found.facts), len(found.facts.definitions)


def declared(path: str, text: str) -> dict[str, list[str]]:
    """What handles each route or topic: definitions by their nesting, or access paths."""
    facts, first = wired(path, text)
    found: dict[str, list[str]] = {item.nesting: [] for item in facts.definitions[first:]}
    for reference in facts.references:
        if reference.scope >= first:
            found[facts.definitions[reference.scope].nesting].append(reference.target)
    for naming in facts.namings:
        if naming.scope >= first:
            handler = naming.target
            if naming.kind is NamingKind.HANDLER:
                handler = facts.definitions[int(naming.target)].nesting
            found[facts.definitions[naming.scope].nesting].append(handler)
    return found


def asked(path: str, text: str) -> list[tuple[str, str]]:
    facts, _ = wired(path, text)
    kinds = (NamingKind.REQUEST, NamingKind.MESSAGE)
    return [(naming.kind.name.lower(), naming.target) for naming in facts.namings if naming.kind in kinds]


@pytest.mark.parametrize(
    ("path", "text", "found"),
    [
        ("a.py", "@app.route('/x/<int:id>')\ndef show(id):\n    pass\n", {"/x/{}": ["show"]}),
        ("a.py", "r = APIRouter(tags=[1], prefix='/api')\n@r.get('/x')\nasync def f(): pass\n", {"GET /api/x": ["f"]}),
        ("a.py", "class A:\n    @app.post('/x')\n    def show(self): pass\n", {"A.POST /x": ["A.show"]}),
        ("a.py", "@cache.get('key')\ndef show(): pass\n", {}),
        ("u.py", "urlpatterns = [path('x/<pk>/', v.show, name='x'), path('in/', include('b'))]\n",
         {"urlpatterns./x/{}": ["v.show"]}),
        ("u.py", "urlpatterns = [re_path(r'^x/(?P<y>[0-9]{4})/$', V.as_view())]\n", {"urlpatterns./x/{}": ["V"]}),
        ("u.py", "p = path('x/', views.show)\n", {}),
        ("a.js", "app.get('/x/:id', auth, c.show);\n", {"GET /x/{}": ["auth", "c.show"]}),
        ("a.js", "router.post('/x', async (req, res) => { res.send(1); });\n", {"POST /x": ["<lambda1>"]}),
        ("a.js", "axios.get('/x', options);\napp.get('env', y);\n", {}),
        ("a.js", "bus.on('order.created', made);\nel.on('click', f);\n", {"topic order.created": ["made"]}),
        ("a.ts", "@Controller('c')\nclass A {\n  @Get(':id')\n  one() {}\n}\n", {"A.GET /c/{}": ["A.one"]}),
        ("A.java", '@RequestMapping("/a")\nclass A {\n  @PutMapping(value = "/{id}")\n  void p() {}\n}\n',
         {"A.PUT /a/{}": ["A.p"]}),
        ("A.java", '@Path("/a")\nclass A {\n  @GET @Path("b")\n  void g() {}\n}\n', {"A./a/b": ["A.g"]}),
        ("A.java", 'class A {\n  @KafkaListener(topics = "t")\n  void l() {}\n}\n', {"A.topic t": ["A.l"]}),
        ("a.cs", '[Route("api/[controller]")]\nclass XController {\n  [HttpGet("{id}")]\n  int G(int id) { return 1; }\n}\n',
         {"XController.GET /api/x/{}": ["XController.G"]}),
        ("a.cs", 'class P { void M() { app.MapPost("/x", Handlers.Create); } }\n', {"P.M.POST /x": ["Handlers.Create"]}),
        ("a.go", 'package a\nfunc f() { mux.HandleFunc("GET /x/{id}", h.show) }\n', {"f.GET /x/{}": ["h.show"]}),
        ("a.go", 'package a\nfunc f() { http.Post("http://h/x", "text", b) }\n', {}),
        ("routes.rb", "A.routes.draw do\n  get 'x/:id' => 'admin/people#show'\nend\n",
         {"<lambda1>.GET /x/{}": ["PeopleController.show"]}),
        ("r.php", "<?php\nRoute::get('/x/{id}', [UserController::class, 'show']);\n",
         {"GET /x/{}": ["UserController.show"]}),
        ("r.php", "<?php\nRoute::post('/x', 'UserController@save');\n", {"POST /x": ["UserController.save"]}),
        ("r.php", "<?php\nclass C {\n  #[Route('/b/{slug}')]\n  public function s() {}\n}\n", {"C./b/{}": ["C.s"]}),
    ],
)  # fmt: skip
def test_routes_and_topics_with_their_handlers(path: str, text: str, found: dict[str, list[str]]) -> None:
    assert declared(path, text) == found


@pytest.mark.parametrize(
    ("path", "text", "found"),
    [
        ("a.py", "requests.get(f'{BASE}/x/{id}?q=1')\n", [("request", "/x/{}")]),
        ("a.py", "get('http://host:80/x/')\nopen('/dev/null')\n", [("request", "/x"), ("request", "/dev/null")]),
        ("a.py", "x = 'a/b'\ny = '/'\nz = '/ '\n", []),
        ("a.py", "bp = Blueprint('b', __name__, url_prefix='/api')\n", []),
        ("a.js", "fetch(`/x/${id}`);\napp.use('/api', r);\n", [("request", "/x/{}")]),
        ("a.js", "bus.emit('order.created', 1);\nel.emit('change');\n", [("message", "order.created")]),
        ("a.py", "producer.send('orders', b'1')\n", [("message", "orders")]),
        ("a.ts", "producer.send({ topic: 'orders', messages: [] });\n", [("message", "orders")]),
    ],
)
def test_requests_and_messages(path: str, text: str, found: list[tuple[str, str]]) -> None:
    assert asked(path, text) == found


@pytest.mark.parametrize(
    ("path", "same"),
    [
        ("/a/<int:b>/", "/a/{}"),
        ("^a/(?P<b>[0-9]{4})/c$", "/a/{}/c"),
        ("http://host:8080/a?b=1#c", "/a"),
        ("${base}/a/${b}.json", "/a/{}"),
        ("/a/:b/*rest", "/a/{}/{}"),
        ("/a/%s", "/a/{}"),
        ("", "/"),
    ],
)
def test_paths_are_compared_without_what_varies(path: str, same: str) -> None:
    assert normalised(path) == same


@given(st.text("/:{}<>()?P^$*%sd.a1 ", max_size=40))
def test_a_normalised_path_has_no_empty_parts(path: str) -> None:
    found = normalised(path)
    assert found.startswith("/")
    assert "//" not in found


def test_a_route_stands_behind_all_other_definitions_and_beside_its_handler() -> None:
    facts, first = wired("a.py", "@app.get('/x')\ndef show():\n    def inner(): pass\n")
    [route] = facts.definitions[first:]
    assert (route.name, route.nesting, route.parent, route.name_line, route.signature) == ("/x", "GET /x", 0, 1, "GET /x")
