"""Swift, from the parser to the edges."""

from core.model.graph import Confidence, EdgeKind
from tests.indexing.linking.sources import calls, confidence, edges, link_sources


def test_extensions_initialisers_and_declared_types():
    linked = link_sources(
        {
            "Sources/Market/Shop.swift": """
                import Foundation
                class Base { init(size: Int) {}  func step() {} }
                final class Shop: Base, Closing {
                    let store: Store
                    var orders: [Order] = []
                    init(store: Store) { self.store = store; super.init(size: 1) }
                    convenience init() { self.init(store: Store()) }
                    func run(_ other: Shop?) {
                        store.save()
                        other?.audit()
                        for order in orders { order.send() }
                        orders.forEach { $0.send() }
                        if let shop = other { shop.step() }
                        guard let made = Shop.open() else { return }
                        made.run(self)
                        helper()
                        print("a")
                    }
                    static func open() -> Shop? { Shop() }
                }
                """,
            "Sources/Market/Rest.swift": """
                protocol Closing { func close() }
                extension Closing { func close() { finish() }  func finish() {} }
                struct Store { func save() {} }
                struct Order { func send() {} }
                extension Shop { func audit() { step(); self.run(nil); close() } }
                func helper() { Shop().audit() }
                """,
        }
    )
    found = calls(linked)
    shop, rest = "Sources.Market.Shop", "Sources.Market.Rest"
    assert set(found[f"{shop}.Shop.run"]) == {
        f"{rest}.Store.save",
        f"{rest}.Shop.audit",
        f"{rest}.Order.send",
        f"{shop}.Base.step",
        f"{shop}.Shop.open",
        f"{shop}.Shop.run",
        f"{rest}.helper",
        "<builtin>.print",
    }
    assert found[f"{shop}.Shop.run.<lambda1>"] == [f"{rest}.Order.send"]
    assert set(found[f"{rest}.Shop.audit"]) == {f"{shop}.Base.step", f"{shop}.Shop.run", f"{rest}.Closing.close"}
    assert found[f"{rest}.Closing.close"] == [f"{rest}.Closing.finish"]
    assert found[f"{rest}.helper"] == [f"{rest}.Shop.audit", f"{shop}.Shop.init"]
    assert confidence(linked, f"{shop}.Shop.run", f"{rest}.Store.save") is Confidence.EXACT
    assert (f"{shop}.Shop", f"{shop}.Base") in edges(linked, EdgeKind.INHERITS)
    assert (f"{shop}.Shop", f"{rest}.Closing") in edges(linked, EdgeKind.IMPLEMENTS)
