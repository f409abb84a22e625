"""Kotlin, Scala and Java in one program, from the parser to the edges."""

from core.model.graph import Confidence, EdgeKind
from tests.indexing.linking.sources import calls, confidence, edges, link_sources


def test_kotlin_packages_companions_and_extensions():
    linked = link_sources(
        {
            "src/shop/Shop.kt": """
                package shop
                import tools.trim
                open class Base(val store: Store) {
                    open fun step() {}
                }
                class Shop(store: Store, private val names: List<Name>) : Base(store) {
                    private val desk by lazy { Desk() }
                    override fun step() { super.step(); helper() }
                    fun run(other: Shop?) {
                        store.save()
                        desk.tidy()
                        other?.step()
                        names.forEach { it.print() }
                        val made = create()
                        made.step()
                        made.audit().also { it.print() }
                        trim("a")
                    }
                    companion object {
                        fun create(): Shop = Shop(Store(), listOf())
                    }
                }
                """,
            "src/shop/Rest.kt": """
                package shop
                class Store { fun save() {} }
                class Desk { fun tidy() {} }
                class Name { fun print() {} }
                fun helper() { Shop.create().run(null) }
                fun Shop.audit(): Name { step(); return Name() }
                """,
            "src/tools/Tools.kt": "package tools\nfun trim(text: String) {}\n",
        }
    )
    found = calls(linked)
    assert found["src.shop.Shop.Shop.step"] == ["src.shop.Rest.helper", "src.shop.Shop.Base.step"]
    assert set(found["src.shop.Shop.Shop.run"]) >= {
        "src.shop.Rest.Store.save",
        "src.shop.Shop.Shop.step",
        "src.shop.Shop.Shop.Companion.create",
        "src.shop.Rest.Shop.audit",
        "src.tools.Tools.trim",
    }
    assert found["src.shop.Shop.Shop.run.<lambda1>"] == ["src.shop.Rest.Name.print"]
    assert found["src.shop.Rest.helper"] == ["src.shop.Shop.Shop.Companion.create", "src.shop.Shop.Shop.run"]
    assert found["src.shop.Rest.Shop.audit"] == ["src.shop.Rest.Name", "src.shop.Shop.Shop.step"]
    assert confidence(linked, "src.shop.Shop.Shop.run", "src.shop.Rest.Store.save") is Confidence.EXACT
    assert ("src.shop.Shop.Shop", "src.shop.Shop.Base") in edges(linked, EdgeKind.INHERITS)
    assert ("src.shop.Shop.Shop.step", "src.shop.Shop.Base.step") in edges(linked, EdgeKind.OVERRIDES)


def test_scala_apply_objects_and_methods_without_parameters():
    linked = link_sources(
        {
            "shop.scala": """
                package shop
                import tools.text._
                trait Named { def name: Label }
                case class Label(text: String) { def show: String = shorten(text) }
                class Shop(label: Label) extends Named {
                  def name: Label = label
                  def run(other: Shop): Unit = {
                    other.name.show
                    Shop.open(1).name
                    Shop(2).run(this)
                    val made = new Shop(Label("a"))
                    made.run(other)
                  }
                }
                object Shop {
                  def open(size: Int): Shop = apply(size)
                  def apply(size: Int): Shop = new Shop(Label("b"))
                }
                """,
            "text.scala": "package tools\npackage object text { def shorten(text: String): String = text }\n",
        }
    )
    found = calls(linked)
    assert found["shop.Label.show"] == ["text.text.shorten"]
    assert set(found["shop.Shop.run"]) >= {
        "shop.Shop.name",
        "shop.Label.show",
        "shop.Shop.open",
        "shop.Shop.apply",
        "shop.Shop.Shop",
        "shop.Label.Label",
        "shop.Shop.run",
    }
    assert confidence(linked, "shop.Shop.run", "shop.Label.show") is Confidence.EXACT
    assert confidence(linked, "shop.Shop.run", "shop.Shop.apply") is Confidence.EXACT
    assert edges(linked, EdgeKind.INHERITS) == {("shop.Shop", "shop.Named")}


def test_the_languages_of_the_machine_call_each_other():
    linked = link_sources(
        {
            "a/Store.java": "package a;\npublic class Store { public void save() { new Shelf(1).fill(); } }\n",
            "a/Shelf.kt": "package a\nclass Shelf(val size: Int) { fun fill() {} }\n",
            "b/Main.scala": "package b\nimport a.Store\nobject Main { def run(store: Store): Unit = store.save() }\n",
        }
    )
    found = calls(linked)
    assert found["a.Store.Store.save"] == ["a.Shelf.Shelf.Shelf", "a.Shelf.Shelf.fill"]
    assert found["b.Main.Main.run"] == ["a.Store.Store.save"]
