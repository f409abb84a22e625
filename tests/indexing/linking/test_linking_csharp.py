"""C#, from the parser to the edges."""

from __future__ import annotations

from core.model.graph import Confidence, EdgeKind
from tests.indexing.linking.sources import calls, confidence, edges, link_sources

SOURCES = {
    "Model/Order.cs": """
        namespace Shop.Model
        {
            public class Order : Entity, IClosable
            {
                public Order(int id) : base(id) { Validate(); }
                public Order Next { get; set; }
                public Color Color { get; set; }
                public void Close() { Next.Close(); this.Save(); base.Touch(); Color.Mix(); }
            }
            public class Color { public void Mix() { } }
            public interface IClosable { void Close(); }
        }
        """,
    "Model/Entity.cs": """
        namespace Shop.Model;
        public abstract partial class Entity
        {
            protected Entity(int id) { }
            public void Touch() { Note(); }
        }
        """,
    "Model/Entity.More.cs": """
        namespace Shop.Model;
        public abstract partial class Entity : Root
        {
            private void Note() { Found(); }
            protected void Save() { Touch(); }
            [System.Obsolete]
            public void Validate() { }
        }
        public class Root { protected void Found() { } }
        """,
    "Tools/OrderTools.cs": """
        using Shop.Model;
        namespace Shop.Tools
        {
            public static class OrderTools
            {
                public static void Archive(this Order order) { order.Close(); }
                public static int Count() => 1;
            }
        }
        """,
    "App.cs": """
        using System;
        using Shop.Model;
        using Shop.Tools;
        using static Shop.Tools.OrderTools;
        using Paint = Shop.Model.Color;
        class App
        {
            private readonly Order kept = new(1);
            static void Main(string[] args)
            {
                var order = new Order(1);
                order.Archive();
                order?.Next.Close();
                Count();
                new Paint().Mix();
                Shop.Tools.OrderTools.Count();
                Console.WriteLine(args);
                if (args[0] is Order other) other.Validate();
                foreach (IClosable each in args) each.Close();
                missing.Run();
            }
        }
        """,
}


def test_names_come_from_namespaces_usings_and_types() -> None:
    linked = link_sources(SOURCES)
    found = calls(linked)
    order, entity, more = "Model.Order.Shop.Model.Order", "Model.Entity.Shop.Model.Entity", "Model.Entity.More.Shop.Model"
    assert found[f"{order}.Order"] == [f"{more}.Entity.Validate", f"{entity}.Entity"]
    assert found[f"{order}.Close"] == [
        f"{more}.Entity.Save",
        f"{entity}.Touch",
        "Model.Order.Shop.Model.Color.Mix",
        f"{order}.Close",
    ]
    assert found["Tools.OrderTools.Shop.Tools.OrderTools.Archive"] == [f"{order}.Close"]
    assert found["App.App.Main"] == [
        "Console.WriteLine",
        f"{more}.Entity.Validate",
        "Model.Order.Shop.Model.Color",
        "Model.Order.Shop.Model.Color.Mix",
        "Model.Order.Shop.Model.IClosable.Close",
        f"{order}.Close",
        f"{order}.Order",
        "Tools.OrderTools.Shop.Tools.OrderTools.Archive",
        "Tools.OrderTools.Shop.Tools.OrderTools.Count",
    ]
    # An attribute does not make a call less sure.
    assert confidence(linked, "App.App.Main", f"{more}.Entity.Validate") is Confidence.EXACT
    assert confidence(linked, "App.App.Main", "Console.WriteLine") is Confidence.INFERRED


def test_partial_types_share_names_and_bases() -> None:
    linked = link_sources(SOURCES)
    found = calls(linked)
    assert found["Model.Entity.Shop.Model.Entity.Touch"] == ["Model.Entity.More.Shop.Model.Entity.Note"]
    assert found["Model.Entity.More.Shop.Model.Entity.Note"] == ["Model.Entity.More.Shop.Model.Root.Found"]
    assert ("Model.Order.Shop.Model.Order", "Model.Order.Shop.Model.IClosable") in edges(linked, EdgeKind.IMPLEMENTS)
    assert ("App", "Model.Order") in edges(linked, EdgeKind.IMPORTS)
    assert ("App", "Model.Entity") not in edges(linked, EdgeKind.IMPORTS)  # it names nothing of that file
