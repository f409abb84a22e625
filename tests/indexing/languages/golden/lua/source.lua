#!/usr/bin/env lua
--- A shop of things.
-- More words.

local util = require("shop.util")
local log = require "shop.log".new
local M, other = {}, 2
M.LIMIT = 10
local MAX <const> = 3
name = "global"

---@class Shop
local Shop = {}
Shop.__index = Shop
setmetatable(Shop, { __index = M, __call = function(cls, ...) return cls.new(...) end })

--- Makes a shop.
---@param owner string
function M.new(owner, ...)
  local self = setmetatable({}, Shop)
  self.owner = owner
  self.items = { first = util.first, [1] = helper, helper, ["two words"] = 3 }
  return self
end

function Shop:sell(item, count)
  self:check(item)
  util.log(item):flush()
  for i, v in ipairs(self.items) do v:close() end
  for k = 1, 10 do helper(k) end
  if item then self.items[item]() elseif x then y() end
  local ok, err = pcall(M.new, "x", function(e) return handle(e) end)
  local f = ok and helper or util.first
  return f(item), #item
end

function Shop.static.deep.run() end

local function helper(a, b)
  local function inner() return b end
  print("x" .. a, inner())
  goto done
  ::done::
end

M.check = function(self, item) return item end
local view = { draw = function() helper() end, sub = { run = helper } }
M.table = view
return M
