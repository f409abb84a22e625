/* Copyright of nobody. */
@file:JvmName("Shops")

package com.example.shop

import com.example.base.Base
import com.example.tools.*
import com.example.paint.draw as paint
import kotlin.math.max

typealias Handler = (Order) -> Unit

const val LIMIT = 10
private val log: Logger = Logger("shop")
var count = 0

/**
 * Keeps *orders*; written to show what Kotlin says about names.
 *
 * @param T what is kept
 */
@Service("store")
abstract class Shop<T : Order>(
    private val store: Store<T>,
    var name: String = "shop",
    plain: Paper,
) : Base<T>(store), Closeable, Named by plain {
    private val cache: MutableMap<String, List<T>> = HashMap()
    protected lateinit var desk: Desk
    val first: T get() = store.first()
    val lazily by lazy { Desk(this) }
    var level: Level = Level.LOW
        private set(value) { check(value); field = value }

    init {
        register(Shop::class)
        this.desk = Desk(plain)
    }

    constructor(size: Int) : this(Store(size), plain = Paper()) {
        prepare(size)
    }

    // Finds one.
    // It may load it.
    @Throws(NotFound::class)
    override suspend fun find(id: Id, vararg names: String, orders: List<Order>?): T? {
        for (order in orders) {
            order.send(id)
        }
        for ((key, held) in cache) held.size
        val loader = Loader<T>(id)
        val made = object : Runner {
            override fun run() { prepare(1) }
        }
        val cast = cache[id.name] as Order
        val (left, right) = pairOf(id)
        names.map { it.trim() }.filter { name -> name.ok() }.forEach(::log)
        val other = if (cast.open) cast else Order.empty()
        desk?.clear()?.refill(1)
        store.run { enter(id) }
        try {
            return loader.load(by = id)
        } catch (problem: NotFound) {
            throw Failure(problem)
        }
        when (made) {
            is Runner -> made.run()
            else -> super.find(id)
        }
        val task = fun(order: Order): Int = order.size
        paint(task, right!!, ::fallback)
        count = max(count, 1)
        fun local(step: Step) = step.next()
        return local(Step()).result
    }

    fun fallback() = Desk(this).also { desk = it }

    abstract fun later(): Unit

    inner class Part(val shop: Shop<*>)

    companion object : Factory<Shop<Order>> {
        const val SIZE = 4

        @JvmStatic
        fun open(): Shop<Order> = TODO()
    }
}

/** How full it is. */
enum class Level(val weight: Int) : Weighted {
    LOW(1),
    HIGH(2) {
        override fun weigh() = 3
    };

    override fun weigh(): Int = weight
}

sealed interface Event {
    data class Opened(val at: Time) : Event
    object Closed : Event
}

fun interface Visitor {
    fun visit(order: Order)
}

annotation class Service(val name: String)

object Registry {
    val shops = mutableListOf<Shop<Order>>()

    operator fun get(name: String): Shop<Order>? = shops.find { it.name == name }
}

fun Shop<Order>.audit(): Report = Report(this).apply { write(count) }

val Shop<Order>.busy: Boolean get() = audit().busy

infix fun <T> T.with(other: T): Pair<T, T> where T : Order = Pair(this, other)
