"""Ruby, from the parser to the edges."""

from core.model.graph import Confidence, EdgeKind
from tests.indexing.linking.sources import calls, confidence, edges, link_sources


def test_open_classes_mixins_and_calls_without_parentheses():
    linked = link_sources(
        {
            "lib/shop.rb": """
                require "shop/store"
                require_relative "names"
                module Market
                  class Shop < Base
                    include Logs
                    attr_reader :store
                    def initialize(size)
                      super
                      @store = Store.new
                    end
                    def self.open(size) = new(size)
                    def run
                      store.save
                      log title
                      tidy if valid?
                      Shop.open(1).tidy
                      each_name { |name| shorten name }
                      puts 1
                    end
                    def valid? = true
                  end
                end
                """,
            "lib/again.rb": """
                module Market
                  class Shop
                    def tidy
                      run
                      log 1
                    end
                    def title; end
                  end
                  class Base
                    def initialize(size) = size
                  end
                end
                """,
            "lib/shop/store.rb": "class Store\n  def save; end\nend\n",
            "lib/names.rb": "module Logs\n  def log(text); end\nend\ndef shorten(text); end\n",
        }
    )
    found = calls(linked)
    assert set(found["lib.shop.Market.Shop.run"]) == {
        "lib.shop.Market.Shop.store",
        "lib.shop.store.Store.save",
        "lib.names.Logs.log",
        "lib.again.Market.Shop.title",
        "lib.again.Market.Shop.tidy",
        "lib.shop.Market.Shop.valid?",
        "lib.shop.Market.Shop.open",
        "<builtin>.puts",
    }
    assert found["lib.shop.Market.Shop.run.<lambda1>"] == ["lib.names.shorten"]
    assert found["lib.shop.Market.Shop.initialize"] == ["lib.again.Market.Base.initialize", "lib.shop.store.Store"]
    assert found["lib.shop.Market.Shop.open"] == ["lib.shop.Market.Shop.initialize"]
    assert found["lib.again.Market.Shop.tidy"] == ["lib.names.Logs.log", "lib.shop.Market.Shop.run"]
    assert confidence(linked, "lib.shop.Market.Shop.run", "lib.shop.store.Store.save") is Confidence.EXACT
    assert ("lib.shop.Market.Shop", "lib.again.Market.Base") in edges(linked, EdgeKind.INHERITS)
    assert {("lib.shop", "lib.shop.store"), ("lib.shop", "lib.names")} <= edges(linked, EdgeKind.IMPORTS)
