"""Elixir, from the parser to the edges."""

from core.model.graph import Confidence, EdgeKind
from tests.indexing.linking.sources import calls, confidence, edges, link_sources


def test_modules_aliases_imports_and_arities():
    linked = link_sources(
        {
            "lib/store.ex": """
                defmodule Shop.Store do
                  def put(item, opts \\\\ [])
                  def put(item, opts), do: check(item, opts)
                  def put(item, opts, how), do: how.(item, opts)
                  defp check(nil, _), do: :error
                  defp check(item, opts) when is_list(opts), do: item
                end
                """,
            "lib/query.ex": "defmodule Shop.Query do\n  defmacro from(x), do: x\n  def where(x, y), do: x\nend\n",
            "lib/disk.ex": """
                defmodule Shop.Disk do
                  alias Shop.{Store, Other}
                  alias Shop.Store, as: S
                  import Shop.Query, only: [from: 1]
                  import Shop.Query
                  @behaviour Shop.Backend
                  def save(disk) do
                    disk |> Store.put() |> from()
                    S.put(disk, 1, &where/2)
                    Enum.map(disk, &mend/1)
                    where(1, 2)
                    :ets.new(:x, [])
                    Other.go()
                    __MODULE__.mend(1)
                    Shop.Store.put(1, 2)
                    unknown(1)
                  end
                  def mend(x), do: x
                  def mend(x, y), do: x
                end
                """,
            "lib/backend.ex": "defmodule Shop.Backend do\n  @callback save(term) :: :ok\nend\n",
        }
    )
    found = calls(linked)
    disk, store = "lib.disk.Shop.Disk", "lib.store.Shop.Store"
    assert found[f"{disk}.save"] == [
        ":ets.new/2",
        "Enum.map/2",
        "Shop.Other.go/0",
        f"{disk}.mend",
        "lib.query.Shop.Query.from",
        "lib.query.Shop.Query.where",
        f"{store}.put",
    ]
    assert found[f"{store}.put"] == ["lib.query.Shop.Query.where", f"{store}.check"]
    assert confidence(linked, f"{disk}.save", "lib.query.Shop.Query.from") is Confidence.EXACT
    assert edges(linked, EdgeKind.IMPLEMENTS) == {(disk, "lib.backend.Shop.Backend")}
    assert (disk + ".save", "lib.backend.Shop.Backend.save") in edges(linked, EdgeKind.OVERRIDES)
    assert ("lib.disk", store) in edges(linked, EdgeKind.IMPORTS)
    named = [symbol for symbol in linked.symbols if symbol.qualified_name == f"{store}.put"]
    assert [(symbol.start_line, symbol.end_line) for symbol in named] == [(3, 4), (5, 5)]
    (other,) = [
        edge for edge in linked.edges if edge.line == 10 and edge.path == "lib/disk.ex" and edge.kind is EdgeKind.CALLS
    ]
    assert other.target == named[1].key


def test_what_use_brings_is_a_guess():
    linked = link_sources(
        {
            "lib/repo.ex": """
                defmodule Shop.Repo do
                  defmacro __using__(opts) do
                    quote do
                      def get(id), do: Shop.Repo.find(id)
                    end
                  end
                  def find(id), do: id
                end
                """,
            "lib/my.ex": "defmodule My.Repo do\n  use Shop.Repo\nend\n",
            "lib/use.ex": "defmodule My.Use do\n  def run, do: My.Repo.get(1)\nend\n",
        }
    )
    found = calls(linked)
    assert found["lib.use.My.Use.run"] == ["lib.repo.Shop.Repo.__using__.get"]
    assert confidence(linked, "lib.use.My.Use.run", "lib.repo.Shop.Repo.__using__.get") is Confidence.INFERRED
    assert found["lib.repo.Shop.Repo.__using__.get"] == ["lib.repo.Shop.Repo.find"]
