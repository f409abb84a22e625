// Copyright of nobody.

import Foundation
import struct Paint.Brush
@testable import Shops

typealias Handler = (Order) -> Void

let limit = 10
private var log: Logger = Logger(label: "shop")

/// Keeps *orders*; written to show what Swift says about names.
///
/// - Parameter T: what is kept
@MainActor
open class Shop<T: Order>: Base<T>, Closeable {
    static let size = 4
    private let cache: [String: [T]] = [:]
    var orders: [Order] = []
    weak var desk: Desk?
    lazy var first: T = store.first()
    var busy: Bool { return desk.isBusy() }
    var level: Level = .low {
        didSet { changed(level) }
    }

    public init(store: Store<T>, name: String = "shop") throws {
        self.store = store
        super.init(store)
        desk = Desk(self)
    }

    convenience init?(size: Int) {
        self.init(store: Store(size))
    }

    deinit { close() }

    // Finds one.
    // It may load it.
    @discardableResult
    override public func find(_ id: Id, in orders: [Order]?, names: String...) async throws -> T? {
        for order in orders {
            order.send(id)
        }
        let loader = Loader<T>(id)
        let cast = cache[id.name] as! Order
        let (left, right) = pair(of: id)
        names.map { $0.trim() }.filter { name in name.ok() }.forEach { (name: String) -> Void in log.info(name) }
        guard let found = try await loader.load(by: id) else { return nil }
        if let circle = cast as? Circle, circle.isRound() { circle.roll() }
        let other = cast.open ? cast : Order.empty()
        desk?.clear()?.refill(1)
        self.desk!.open(using: found)
        do {
            return try loader.get()
        } catch let problem as NotFound {
            throw Failure(problem)
        }
        switch level {
        case .low: report()
        case .high(let by): by.call()
        default: super.find(id)
        }
        func local(_ step: Step) -> Step { step.next() }
        level = max(level, .low)
        paint(task: local, with: Brush.thin)
        Task { await self.run() }
        return local(Step()).result
    }

    class func open() -> Shop<Order> { Shop(size: 1)! }

    subscript(index: Int) -> Order { orders[index] }
}

/// How full it is.
public enum Level: Int, Weighted {
    case low = 1, middle
    case high(by: Person)

    func weigh() -> Int { rawValue }
}

public protocol Event: AnyObject, Named {
    associatedtype Clock
    var at: Time { get }
    func replay(on clock: Clock) -> Bool
}

struct Opened: Event {
    let at: Time
    func replay(on clock: Clock) -> Bool { at.now(clock) }
}

extension Shop: Event where T: Order {
    var at: Time { Time() }
    func audit() -> Report { Report(self) }
}

extension Array where Element == Order {
    func total() -> Int { reduce(0, +) }
}

actor Registry {
    static let shared = Registry()
    func add(_ shop: Shop<Order>) async { await shop.audit().write() }
}

func run(shop: Shop<Order>, handler: @escaping Handler) rethrows -> some View {
    Registry.shared.add(shop)
    handler(shop.orders[0])
}
