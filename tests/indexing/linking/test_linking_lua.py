"""Lua, from the parser to the edges."""

from core.model.graph import Confidence, EdgeKind
from tests.indexing.linking.sources import calls, confidence, edges, link_sources


def test_modules_are_what_their_files_return():
    linked = link_sources(
        {
            "lua/shop/util.lua": """
                local M = {}
                function M.log(text) print(text) M.flush() end
                M.flush = function() end
                return M
                """,
            "lua/shop/init.lua": "return { start = function() end, stop = require('shop.util').flush }\n",
            "main.lua": """
                local util = require("shop.util")
                local ok, shop = pcall(require, "shop")
                local json = require "cjson"
                local function run()
                  util.log("x")
                  shop.start()
                  shop.stop()
                  require("shop.util").flush()
                  json.encode({})
                  vim.notify("x")
                  pcall(util.log, "x")
                end
                run()
                """,
        }
    )
    found = calls(linked)
    assert found["main"] == ["main.run"]
    assert found["main.run"] == [
        "<builtin>.pcall",
        "cjson.encode",
        "lua.shop.init.start",
        "lua.shop.util.M.flush",
        "lua.shop.util.M.log",
        "vim.notify",
    ]
    assert found["lua.shop.util.M.log"] == ["<builtin>.print", "lua.shop.util.M.flush"]
    assert confidence(linked, "main.run", "lua.shop.util.M.log") is Confidence.EXACT
    assert ("main", "lua.shop.util") in edges(linked, EdgeKind.IMPORTS)


def test_classes_are_tables_with_metatables():
    linked = link_sources(
        {
            "base.lua": """
                local Base = {}
                Base.__index = Base
                function Base.new() return setmetatable({}, Base) end
                function Base:save() self:check() end
                function Base:check() end
                return Base
                """,
            "disk.lua": """
                local Base = require("base")
                local Disk = setmetatable({}, { __index = Base })
                Disk.__index = Disk
                function Disk.open() local self = setmetatable({}, Disk) self:spin() self:save() return self end
                function Disk:spin() end
                return Disk
                """,
            "use.lua": "local Disk = require('disk')\nlocal disk = Disk.open()\ndisk:spin()\ndisk:save()\n",
        }
    )
    found = calls(linked)
    assert found["use"] == ["base.Base.save", "disk.Disk.open", "disk.Disk.spin"]
    assert found["disk.Disk.open"] == ["<builtin>.setmetatable", "base.Base.save", "disk.Disk.spin"]
    assert found["base.Base.save"] == ["base.Base.check"]
    assert confidence(linked, "base.Base.save", "base.Base.check") is Confidence.EXACT


def test_scopes_parameters_and_globals():
    linked = link_sources(
        {
            "globals.lua": "function shared() end\nfunction twice() end\nlocal function hidden() end\n",
            "more.lua": "function twice() end\n",
            "use.lua": """
                local function each(list, call)
                  for i, item in ipairs(list) do call(item) end
                end
                local function show() shared() twice() hidden() end
                local held
                local function set() held = show end
                each({}, show)
                local function run(held) held() end
                local function late() held() end
                """,
        }
    )
    found = calls(linked)
    assert found["use.each"] == ["<builtin>.ipairs", "use.show"]
    assert confidence(linked, "use.each", "use.show") is Confidence.INFERRED
    assert found["use.show"] == ["globals.shared", "hidden"]
    assert confidence(linked, "use.show", "globals.shared") is Confidence.INFERRED
    assert "use.run" not in found
    assert found["use.late"] == ["use.show"]
