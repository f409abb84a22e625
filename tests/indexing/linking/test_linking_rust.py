"""Rust, from the parser to the edges."""

from __future__ import annotations

from core.model.graph import Confidence, EdgeKind
from tests.indexing.linking.sources import calls, confidence, edges, link_sources

SOURCES = {
    "store-core/src/lib.rs": """
        mod shapes;
        pub mod tools;
        pub use shapes::{Square, Area as Measured};
        #[macro_export]
        macro_rules! square { ($x:expr) => { Square::new($x) }; }
        """,
    "store-core/src/shapes/mod.rs": """
        mod draw;
        use super::tools;
        pub struct Square { pub next: Option<Box<Square>>, side: u32 }
        pub trait Area { fn area(&self) -> u32; fn twice(&self) -> u32 { self.area() * 2 } }
        impl Square {
            #[must_use]
            pub fn new(side: u32) -> Self { tools::check(side); Self { next: None, side } }
            pub fn grow(&mut self) -> &mut Self { self.next.as_mut().unwrap().grow(); self.shrink(); self }
        }
        impl Area for Square { fn area(&self) -> u32 { crate::tools::deep::square(self.side) } }
        """,
    "store-core/src/shapes/draw.rs": """
        use super::*;
        impl Square { pub fn shrink(&self) { self.area(); } }
        """,
    "store-core/src/tools.rs": """
        pub mod deep { pub fn square(x: u32) -> u32 { super::check(x); x * x } }
        pub fn check(x: u32) {}
        """,
    "app/src/main.rs": """
        use std::collections::HashMap;
        use store_core::{Square, Measured, tools::{self, deep}};
        mod local;
        fn main() {
            let mut square = Square::new(1);
            square.grow().grow();
            let total = square.twice();
            tools::check(total);
            deep::square(2);
            local::help(&square);
            let map: HashMap<u32, Square> = HashMap::new();
            let made = store_core::square!(3);
            for each in vec![Square::new(2)] { each.grow(); }
            let run = |s: &dyn Measured| s.area();
            run(&square);
            if let Some(next) = &square.next { next.shrink(); }
            missing::run();
        }
        """,
    "app/src/local.rs": 'pub fn help(square: &crate::Square) { square.shrink(); println!("{}", square.twice()); }',
}


def test_paths_of_modules_methods_and_traits() -> None:
    linked = link_sources(SOURCES)
    found = calls(linked)
    square = "store-core.src.shapes.mod.Square"
    assert found[f"{square}.new"] == ["store-core.src.tools.check"]
    assert found[f"{square}.grow"] == ["store-core.src.shapes.draw.Square.shrink", f"{square}.grow"]
    assert found[f"{square}.area"] == ["store-core.src.tools.deep.square"]
    assert found["store-core.src.tools.deep.square"] == ["store-core.src.tools.check"]
    assert found["store-core.src.shapes.mod.Area.twice"] == ["store-core.src.shapes.mod.Area.area"]
    assert found["store-core.src.shapes.draw.Square.shrink"] == [f"{square}.area"]
    assert found["app.src.main.main"] == [
        "<builtin>.vec",
        "app.src.local.help",
        "app.src.main.main.<lambda1>",
        "std.collections.HashMap.new",
        "store-core.src.lib.square",
        "store-core.src.shapes.draw.Square.shrink",
        "store-core.src.shapes.mod.Area.twice",
        f"{square}.grow",
        f"{square}.new",
        "store-core.src.tools.check",
        "store-core.src.tools.deep.square",
    ]
    assert found["app.src.main.main.<lambda1>"] == ["store-core.src.shapes.mod.Area.area"]
    assert confidence(linked, "app.src.main.main", f"{square}.grow") is Confidence.EXACT
    assert confidence(linked, f"{square}.grow", "store-core.src.shapes.draw.Square.shrink") is Confidence.EXACT


def test_what_is_used_is_imported_and_traits_are_implemented() -> None:
    linked = link_sources(SOURCES)
    imports = edges(linked, EdgeKind.IMPORTS)
    assert ("app.src.main", "store-core.src.shapes.mod.Square") in imports
    assert ("app.src.main", "app.src.local") in imports
    assert ("app.src.main", "std.collections.HashMap") in imports
    assert ("store-core.src.shapes.draw", "store-core.src.shapes.mod") in imports
    assert ("store-core.src.shapes.mod.Square", "store-core.src.shapes.mod.Area") in edges(linked, EdgeKind.IMPLEMENTS)
    overrides = edges(linked, EdgeKind.OVERRIDES)
    assert ("store-core.src.shapes.mod.Square.area", "store-core.src.shapes.mod.Area.area") in overrides
