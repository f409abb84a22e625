//! A small store, written to show what Zig says about names.
const std = @import("std");
const shapes = @import("shapes/square.zig");
const Square = @import("shapes/square.zig").Square;
const Allocator = std.mem.Allocator;
usingnamespace @import("tools.zig");

/// Keeps shapes.
pub const Store = struct {
    items: []Square,
    next: ?*Store = null,

    const Self = @This();
    pub const max = 3;

    /// Makes one.
    pub fn init(allocator: Allocator, size: usize) !Self {
        var store = Self{ .items = try allocator.alloc(Square, size) };
        store.reset();
        return store;
    }

    pub fn reset(self: *Self) void {
        self.next.?.reset();
        for (self.items, 0..) |item, index| item.draw(index);
        if (self.next) |next| next.reset() else |err| return err;
        defer self.close();
    }

    fn close(self: Self) void {
        _ = self;
    }
};

const Event = union(enum) { opened: u32, moved: Square };
const Level = enum { low, high, fn next(level: Level) Level { return level; } };
const Failure = error{ Lost, Broken };

pub fn List(comptime T: type) type {
    return struct {
        items: []T,
        pub fn first(self: @This()) T {
            return self.items[0];
        }
    };
}

var counter: u32 = 0;
extern fn external(x: c_int) c_int;
const table = [_]Square{ Square.init(), Square.init() };

fn pick(list: List(Square), hook: *const fn (u32) void, any: anytype) anyerror!?*Square {
    const square = list.first();
    const other = square.copy() catch |err| fallback(err);
    const chosen = any orelse other;
    const cast = @as(*Square, @ptrCast(chosen));
    cast.draw();
    counter = counter + 1;
    list.handler = hook;
    while (list.next()) |each| each.draw();
    switch (chosen) {
        .moved => |moved| moved.draw(),
        else => {},
    }
    return if (square.ok()) chosen else null;
}

test "picks the first" {
    const p = &table[0];
    p.*.draw();
    try std.testing.expect(pick(undefined, run, .{}) != null);
}

test {
    _ = Store;
}

const fine = Store.init;
fn broken() void { const = ; }
fn afterTheError() void { pick(); }
