/* Copyright of nobody. */
package com.example
package shop

import com.example.base.Base
import com.example.tools._
import com.example.paint.{Brush, Colour => Paint, hidden => _, *}
import scala.util.{Failure, Success}
import java.util.List as JavaList

/**
 * Keeps orders; written to show what Scala says about names.
 *
 * @tparam T what is kept
 */
@service("store")
abstract class Shop[T <: Order](private val store: Store[T], var name: String = "shop")(implicit desk: Desk)
    extends Base[T](store)
    with Closeable
    with Named {
  type Key = String
  private val cache: Map[String, List[T]] = Map.empty
  val (left, right) = pairOf(store)
  lazy val first: T = store.first()
  var level = new Level(1)

  register(classOf[Shop[T]])

  def this(size: Int) = this(new Store[T](size))(Desk())

  // Finds one.
  // It may load it.
  @throws(classOf[NotFound])
  override def find(id: Id, orders: List[Order], names: String*)(using context: Context): Option[T] = {
    for {
      order <- orders
      sent = order.send(id)
      if sent.ok
      part <- sent.parts
    } yield part.close()
    for (order <- orders) order.draw()
    val loader = new Loader[T](id) { def load(): Unit = prepare() }
    val cast = cache(id.name).asInstanceOf[Order]
    names.map(_.trim).filter(name => name.ok()).foreach(println)
    val other = if (cast.open) cast else Order.empty(1)
    orders foreach log
    store.open { line => line.read() }
    try loader.get(by = id)
    catch {
      case problem: NotFound => throw new Failure(problem)
      case Missing(where) => where.report()
    }
    cast match {
      case circle: Circle => circle.roll()
      case Some(Pair(a, b)) if a.ok => super.find(id)
      case _ => None
    }
    def local(step: Step) = step.next()
    level = this.level.up()
    Brush.paint[T](cast, fallback _)
    local(Step()).result
  }

  def fallback(): Desk = desk

  protected def later: Unit
}

object Shop extends Factory[Shop[Order]] {
  val Size = 4
  def apply(size: Int): Shop[Order] = new Big(size)
  implicit class Audited(val shop: Shop[Order]) extends AnyVal {
    def audit(): Report = Report(shop)
  }
}

/** How full it is. */
sealed trait Event { self: Clock =>
  def at: Time
}
case class Opened(at: Time, by: Person) extends Event with Clock
case object Closed extends Event

package object tools {
  def trim(text: String) = text.trim()
}

enum Level(val weight: Int):
  case Low extends Level(1)
  case High(by: Person)
  def weigh: Int = weight

trait Show[A]:
  extension (a: A) def show: String

given showShop: Show[Shop[Order]] with
  extension (a: Shop[Order]) def show: String = a.name

extension (shop: Shop[Order])
  def busy: Boolean = shop.level.weigh > 1
  def idle(): Boolean = !shop.busy

@main def run(args: String*): Unit =
  val shop = Shop(1)
  while shop.busy do
    shop.find(Id(), Nil)
  println(shop.busy)
