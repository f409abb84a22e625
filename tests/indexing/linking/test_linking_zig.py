"""Zig, from the parser to the edges."""

from __future__ import annotations

from core.model.graph import Confidence, EdgeKind
from tests.indexing.linking.sources import calls, confidence, edges, link_sources


def test_files_containers_and_generic_types() -> None:
    linked = link_sources(
        {
            "src/store.zig": """
                const std = @import("std");
                const shapes = @import("shapes/square.zig");
                const Square = shapes.Square;
                usingnamespace @import("tools.zig");
                pub const Store = struct {
                    first: ?*Square,
                    const Self = @This();
                    pub fn init(first: *Square) Self { check(); return Self{ .first = first }; }
                    pub fn run(self: *Self) void { self.first.?.draw(); self.close(); helper(); }
                    fn close(self: Self) void { std.debug.print("{}", .{self}); }
                };
                fn helper() void {}
                """,
            "src/shapes/square.zig": "pub const Square = struct { pub fn draw(self: *@This()) void {} };",
            "src/tools.zig": """
                pub fn check() void {}
                pub fn List(comptime T: type) type {
                    return struct {
                        pub fn init() @This() { return .{}; }
                        pub fn push(self: *@This(), item: T) void { self.grow(); }
                        fn grow(self: *@This()) void {}
                    };
                }
                """,
            "main.zig": """
                const Store = @import("src/store.zig").Store;
                const tools = @import("src/tools.zig");
                pub fn main() !void {
                    var store = Store.init(undefined);
                    store.run();
                    if (store.first) |square| square.draw();
                    var list = tools.List(u32).init();
                    list.push(1);
                    fill(&list);
                    missing.run();
                }
                fn fill(list: *tools.List(u32)) void { list.push(2); }
                test "main runs" { try main(); }
                """,
        }
    )
    found = calls(linked)
    assert found["src.store.Store.init"] == ["src.tools.check"]
    assert found["src.store.Store.run"] == ["src.shapes.square.Square.draw", "src.store.Store.close", "src.store.helper"]
    assert found["src.store.Store.close"] == ["std.debug.print"]
    assert found["main.main"] == [
        "main.fill",
        "src.shapes.square.Square.draw",
        "src.store.Store.init",
        "src.store.Store.run",
        "src.tools.List",
        "src.tools.List.List.init",
        "src.tools.List.List.push",
    ]
    assert found["main.fill"] == ["src.tools.List.List.push"]
    assert found["src.tools.List.List.push"] == ["src.tools.List.List.grow"]
    assert found["main.test_main_runs"] == ["main.main"]
    assert confidence(linked, "main.main", "src.store.Store.run") is Confidence.EXACT
    assert ("main", "src.store") in edges(linked, EdgeKind.IMPORTS)
    assert ("src.store", "std") in edges(linked, EdgeKind.IMPORTS)
