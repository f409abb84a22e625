"""Routes lead to their handlers, requests and messages to routes and topics, across files and languages."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path

import pytest

from core.model.graph import Confidence, EdgeKind
from core.model.source import Span
from core.model.symbol import Definition, Facts, Naming, NamingKind, SymbolKind
from indexing.linking.mentions import MentionLink
from indexing.linking.records import FileFacts
from indexing.linking.wirings import link_wirings, wired_in
from indexing.stores.sqlite.reader import open_snapshot
from tests.indexing.trees import index_tree, write_tree

TREE = {
    "shop/views.py": """from flask import Blueprint

bp = Blueprint("orders", __name__, url_prefix="/api")


@bp.get("/orders/<int:number>")
def show(number):
    return number
""",
    "people/urls.py": """from django.urls import path
from people import views

urlpatterns = [path("people/<int:pk>/", views.person), path("all/", views.People.as_view())]
""",
    "people/views.py": "def person(request, pk):\n    pass\n\n\nclass People:\n    pass\n",
    "web/client.ts": """export async function load(id: number) { return fetch(`${BASE}/api/orders/${id}?full=1`); }
export function people() { return axios.get('/site/people/7/'); }
export function lost() { return fetch('/nowhere/at/all'); }
export function save() { return fetch('/users', { method: 'POST' }); }
""",
    "node/server.js": """const users = require('./users');
const app = express();
app.post('/users', users.create);
app.get('/ping', (req, res) => res.send('pong'));
bus.on('order.created', users.notify);
""",
    "node/users.js": "exports.create = function (req, res) {};\nexports.notify = function (order) {};\n",
    "api/Orders.java": """package api;
@RestController
@RequestMapping("/v2/orders")
public class Orders {
  @GetMapping("/{id}")
  public String show() { return ""; }
  @KafkaListener(topics = "payments")
  void paid() {}
}
""",
    "go/main.go": """package main

import "net/http"

func main() { http.HandleFunc("/health", healthy) }

func healthy() {}

func ask() { http.Get("http://localhost:80/v2/orders/12") }
""",
    "jobs/send.py": 'def pay(producer):\n    producer.send("payments", b"1")\n    bus.emit("order.created")\n',
    "config/routes.rb": "App.routes.draw do\n  get '/patients/:id', to: 'patients#show'\nend\n",
    "app/patients_controller.rb": "class PatientsController\n  def show\n  end\nend\n",
    "cs/Things.cs": """[Route("api/[controller]")]
public class ThingsController {
  [HttpGet("{id}")]
  public int Show(int id) { return 1; }
}
""",
}


def wired(folder: Path) -> set[tuple[str, str, str]]:
    """(source, target, confidence) of what begins or ends in a route or topic."""
    with open_snapshot(folder / "index") as reader:
        symbols = {symbol.key: symbol for symbol in reader.all_symbols()}
        kinds = {SymbolKind.ROUTE, SymbolKind.TOPIC}
        return {
            (symbols[edge.source].qualified_name, symbols[edge.target].qualified_name, str(edge.confidence))
            for edge in reader.edges()
            if edge.kind is EdgeKind.REFERENCES and {symbols[edge.source].kind, symbols[edge.target].kind} & kinds
        }


@pytest.fixture(scope="module")
def links(tmp_path_factory: pytest.TempPathFactory) -> set[tuple[str, str]]:
    folder = tmp_path_factory.mktemp("wired")
    write_tree(folder / "source", TREE)
    index_tree(folder / "source", folder / "index")
    return {(source, target) for source, target, _ in wired(folder)}


@pytest.mark.parametrize(
    ("route", "handler"),
    [
        ("shop.views.GET /api/orders/{}", "shop.views.show"),
        ("people.urls.urlpatterns./people/{}", "people.views.person"),
        ("people.urls.urlpatterns./all", "people.views.People"),
        ("node.server.POST /users", "node.users.create"),
        ("node.server.GET /ping", "node.server.<lambda1>"),
        ("node.server.topic order.created", "node.users.notify"),
        ("api.Orders.Orders.GET /v2/orders/{}", "api.Orders.Orders.show"),
        ("api.Orders.Orders.topic payments", "api.Orders.Orders.paid"),
        ("go.main.main./health", "go.main.healthy"),
        ("config.routes.<lambda1>.GET /patients/{}", "app.patients_controller.PatientsController.show"),
        ("cs.Things.ThingsController.GET /api/things/{}", "cs.Things.ThingsController.Show"),
    ],
)
def test_a_route_or_topic_leads_to_what_handles_it(links: set[tuple[str, str]], route: str, handler: str) -> None:
    assert (route, handler) in links


@pytest.mark.parametrize(
    ("client", "route"),
    [
        ("web.client.load", "shop.views.GET /api/orders/{}"),
        ("web.client.people", "people.urls.urlpatterns./people/{}"),
        ("web.client.save", "node.server.POST /users"),
        ("go.main.ask", "api.Orders.Orders.GET /v2/orders/{}"),
        ("jobs.send.pay", "api.Orders.Orders.topic payments"),
        ("jobs.send.pay", "node.server.topic order.created"),
    ],
)
def test_a_request_leads_to_the_route_and_a_message_to_the_topic(
    links: set[tuple[str, str]], client: str, route: str
) -> None:
    assert (client, route) in links


def test_nothing_else_is_wired(links: set[tuple[str, str]]) -> None:
    assert not [link for link in links if link[0] == "web.client.lost"]
    assert not [link for link in links if link[0] == "api.Orders.Orders"]  # the prefix is no request


def test_wiring_is_a_guess(tmp_path: Path) -> None:
    write_tree(tmp_path / "source", {path: TREE[path] for path in ("shop/views.py", "web/client.ts", "go/main.go")})
    index_tree(tmp_path / "source", tmp_path / "index")
    assert len(wired(tmp_path)) == 3
    assert {confidence for *_, confidence in wired(tmp_path)} == {str(Confidence.INFERRED)}


def test_a_route_that_moves_has_its_clients_linked_anew(tmp_path: Path) -> None:
    tree = {path: TREE[path] for path in ("shop/views.py", "web/client.ts", "go/main.go")}
    write_tree(tmp_path / "source", tree)
    index_tree(tmp_path / "source", tmp_path / "index")
    asked = ("web.client.load", "shop.views.GET /api/orders/{}", "inferred")
    assert asked in wired(tmp_path)
    write_tree(tmp_path / "source", {"shop/views.py": TREE["shop/views.py"].replace("/orders/<", "/other/<")})
    index_tree(tmp_path / "source", tmp_path / "index")
    assert not [link for link in wired(tmp_path) if link[0] == "web.client.load"]
    write_tree(tmp_path / "source", {"shop/views.py": TREE["shop/views.py"]})
    index_tree(tmp_path / "source", tmp_path / "index")
    assert asked in wired(tmp_path)


def test_a_test_asks_its_own_routes_and_nobody_else_does(tmp_path: Path) -> None:
    toy = "def test_{0}(app, client):\n    @app.get('/x')\n    def {0}():\n        pass\n\n    client.get('/x')\n"
    tree = {
        "tests/test_a.py": toy.format("one") + "\n\n" + toy.format("two"),
        "app/use.py": "def ask(c):\n    c.get('/x')\n",
    }
    write_tree(tmp_path / "source", tree)
    index_tree(tmp_path / "source", tmp_path / "index")
    asked = {(source, target.rpartition(".")[0]) for source, target, _ in wired(tmp_path) if "GET" in target}
    assert asked == {(f"tests.test_a.test_{name}", f"tests.test_a.test_{name}") for name in ("one", "two")}


class _Source:
    """Routes by name, each in a file of its own."""

    def __init__(self, *names: str) -> None:
        self._names = dict(enumerate(names, 10))

    def holding(self, names: Sequence[str]) -> Mapping[str, Sequence[int]]:
        return {
            name: [key for key, held in self._names.items() if held == name]
            for name in names
            if name in self._names.values()
        }

    def tests(self) -> frozenset[int]:
        return frozenset()

    def outline(self, file: int) -> Sequence[Definition]:
        span = Span(0, 0, 1, 1)
        module = Definition("", "", SymbolKind.MODULE, span, 1, -1, "", "")
        return module, Definition(self._names[file], self._names[file], SymbolKind.ROUTE, span, 1, 0, "", "")


def asks(path: str, *routes: str) -> list[str]:
    """The routes that a request means."""
    file = FileFacts("a.py", "python", Facts((), (), (), (), (Naming(path, NamingKind.REQUEST, 0, 1),)))
    found: dict[int, list[MentionLink]] = link_wirings({1: file}, _Source(*routes))  # type: ignore[arg-type]
    return [routes[link.file - 10] for link in found.get(1, ())]


@pytest.mark.parametrize(
    ("path", "routes", "meant"),
    [
        ("/orders/5", ("/orders/{}",), ["/orders/{}"]),
        ("/orders/new", ("/orders/{}", "/orders/new"), ["/orders/new"]),
        ("/orders/{}", ("/orders/new",), []),
        ("/api/v1/orders/5", ("/orders/{}",), ["/orders/{}"]),
        ("/api/health", ("/health",), ["/health"]),
        ("/a/b/health", ("/health",), []),
        ("/orders", ("/orders",) * 7, []),
        ("/{}/{}", ("/{}/{}",), []),
    ],
)
def test_the_route_that_fits_best_is_meant(path: str, routes: tuple[str, ...], meant: list[str]) -> None:
    assert asks(path, *routes) == meant


def test_a_long_request_has_few_names() -> None:
    file = FileFacts(
        "a.py", "python", Facts((), (), (), (), (Naming("/" + "/".join("abcdefghij"), NamingKind.REQUEST, 0, 1),))
    )
    assert len(wired_in([file])) < 40
