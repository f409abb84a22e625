"""Haskell, from the parser to the edges."""

from core.model.graph import Confidence, EdgeKind
from tests.indexing.linking.sources import calls, confidence, edges, link_sources


def test_imports_qualified_named_hidden_and_handed_on():
    linked = link_sources(
        {
            "src/Shop/Types.hs": """
                module Shop.Types where
                data Disk = Disk { name :: String } | Tape
                class Store m where
                  put :: Disk -> m ()
                fix :: Disk -> Disk
                fix (Disk n) = mend n
                fix Tape = mend 1
                mend x = x
                hidden x = x
                """,
            "src/Shop/All.hs": "module Shop.All (module Shop.Types, mend) where\nimport Shop.Types\n",
            "src/Shop/Disk.hs": """
                module Shop.Disk (save) where
                import qualified Shop.Types as T
                import Shop.All hiding (hidden)
                import Shop.Types (Store(..))
                import qualified Data.Map as Map
                import Data.List

                instance Store IO where
                  put d = save d

                save :: Disk -> IO ()
                save d = do
                  T.fix (Disk 1)
                  mapM_ mend (name d)
                  r <- put d
                  print $ Map.lookup r hidden
                  unpacked . format $ sortBy r
                  done
                  where
                    done = go 1
                    go n = hidden n <+> n

                x <+> y = x + y
                """,
        }
    )
    found = calls(linked)
    disk, types = "src.Shop.Disk", "src.Shop.Types"
    assert found[f"{types}.fix"] == [f"{types}.mend"]
    assert found[f"{disk}.save"] == [
        "<builtin>.mapM_",
        "<builtin>.print",
        "Data.Map.lookup",
        "format",
        "sortBy",
        f"{disk}.save.go",
        f"{types}.Disk.Disk",
        f"{types}.Disk.name",
        f"{types}.Store.put",
        f"{types}.fix",
        "unpacked",
    ]
    assert found[f"{disk}.save.go"] == ["hidden", f"{disk}.<+>"]
    assert found[f"{disk}.Store IO.put"] == [f"{disk}.save"]
    assert confidence(linked, f"{disk}.save", f"{types}.fix") is Confidence.EXACT
    assert confidence(linked, f"{disk}.save", "format") is Confidence.INFERRED
    assert (f"{disk}.save", f"{types}.mend") in edges(linked, EdgeKind.REFERENCES)
    assert (f"{disk}.save", f"{types}.Disk") in edges(linked, EdgeKind.REFERENCES)
    assert edges(linked, EdgeKind.IMPLEMENTS) == {(f"{disk}.Store IO", f"{types}.Store")}
    assert (f"{disk}.Store IO.put", f"{types}.Store.put") in edges(linked, EdgeKind.OVERRIDES)
    assert (disk, types) in edges(linked, EdgeKind.IMPORTS)


def test_local_names_hide_those_of_modules():
    linked = link_sources(
        {
            "Main.hs": """
                module Main where
                run x = x
                main = do
                  run <- load
                  mapM_ run [1]
                  let go run = run 1
                  go 2
                load = 1
                """
        }
    )
    assert calls(linked)["Main.main"] == ["<builtin>.mapM_", "Main.main.go"]
