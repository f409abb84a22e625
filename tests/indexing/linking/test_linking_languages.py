"""The other languages, from the parser to the edges."""

from core.model.graph import Confidence, EdgeKind
from core.model.symbol import SymbolKind
from tests.indexing.linking.sources import calls, confidence, edges, link_sources


def test_javascript_modules_classes_and_objects():
    linked = link_sources(
        {
            "lib/index.js": """
                export { run as go } from './run.js'
                export * from './tools'
                export { default as View } from './view'
                """,
            "lib/run.js": "import { fix } from './tools'\nexport function run() { fix() }\n",
            "lib/tools.ts": "export const fix = (): void => { helper() }\nfunction helper() {}\n",
            "lib/view.js": """
                class Base { constructor() { this.init() }  init() {} }
                export default class View extends Base {
                  constructor() { super(); this.parts = { draw: function () { paint() } } }
                  show() { this.init(); this.parts.draw() }
                }
                function paint() {}
                """,
            "main.js": """
                import { go, fix, View } from './lib'
                import * as all from './lib/index.js'
                import express from 'express'
                go(); fix(); all.go()
                const view = new View()
                view.show()
                express().use(go)
                console.log(1)
                """,
        }
    )
    found = calls(linked)
    assert found["main"] == [
        "<builtin>.console.log",
        "express",
        "lib.run.run",
        "lib.tools.fix",
        "lib.view.View.constructor",
        "lib.view.View.show",
    ]
    assert found["lib.run.run"] == ["lib.tools.fix"]
    assert found["lib.tools.fix"] == ["lib.tools.helper"]
    assert found["lib.view.View.constructor"] == ["lib.view.Base.constructor"]
    assert found["lib.view.Base.constructor"] == ["lib.view.Base.init"]
    assert "lib.view.Base.init" in found["lib.view.View.show"]
    assert confidence(linked, "main", "lib.run.run") is Confidence.EXACT
    assert ("main", "lib.index") in edges(linked, EdgeKind.IMPORTS)


def test_commonjs_and_prototypes():
    linked = link_sources(
        {
            "app.js": """
                var app = exports = module.exports = {};
                app.init = function init() { this.use() };
                app.use = function use() { View.prototype.show.call(this) };
                function View() { this.name = 'v' }
                View.prototype.show = function () { this.hide() };
                View.prototype.hide = function () {};
                """,
            "tools.js": "exports.fix = function () {}\nmodule.exports.stop = () => {}\n",
            "single.js": "module.exports = function () { return require('./tools') }\n",
            "main.js": """
                const app = require('./app')
                const { fix, stop: halt } = require('./tools')
                const make = require('./single')
                const path = require('path')
                app.init(); fix(); halt(); make().fix(); path.join('a')
                """,
        }
    )
    found = calls(linked)
    assert found["main"] == ["app.app.init", "path.join", "single.default", "tools.fix", "tools.stop"]
    assert found["app.app.init"] == ["app.app.use"]
    assert "app.View.hide" in found["app.View.show"]


def test_typescript_types_are_evidence():
    linked = link_sources(
        {
            "store.ts": "export interface Store { save(): void }\nexport class Disk implements Store { save() {} }\n",
            "use.ts": """
                import { Disk } from './store'
                export class Shop {
                  constructor(private disk: Disk) {}
                  close(extra: Disk) { this.disk.save(); extra.save() }
                }
                """,
        }
    )
    assert calls(linked)["use.Shop.close"] == ["store.Disk.save"]
    assert confidence(linked, "use.Shop.close", "store.Disk.save") is Confidence.EXACT
    assert edges(linked, EdgeKind.IMPLEMENTS) == {("store.Disk", "store.Store")}


def test_java_packages_fields_and_inheritance():
    linked = link_sources(
        {
            "src/main/java/shop/Base.java": """
                package shop;
                public abstract class Base {
                  protected Store store = new Store();
                  public void run() { step(); store.save(); }
                  protected void step() {}
                }
                """,
            "src/main/java/shop/Store.java": """
                package shop;
                import java.util.List;
                public class Store {
                  public Store() { this(1); }
                  public Store(int size) {}
                  public void save() { List.of(1); System.exit(0); }
                }
                """,
            "src/test/java/shop/app/Car.java": """
                package shop.app;
                import shop.Base;
                import static shop.app.Tools.fix;
                public class Car extends Base {
                  @Override protected void step() { super.step(); this.run(); fix(); store.save(); }
                  static Car make() { return new Car(); }
                  void all(Iterable<Car> cars) { for (Car car : cars) car.step(); make().run(); }
                }
                """,
            "src/test/java/shop/app/Tools.java": "package shop.app;\nclass Tools { static void fix() {} }\n",
        }
    )
    found = calls(linked)
    base, app = "src.main.java.shop", "src.test.java.shop.app"
    assert found[f"{base}.Base.Base.run"] == [f"{base}.Base.Base.step", f"{base}.Store.Store.save"]
    assert found[f"{base}.Store.Store.save"] == ["<builtin>.System.exit", "java.util.List.of"]
    assert found[f"{app}.Car.Car.step"] == [
        f"{base}.Base.Base.run",
        f"{base}.Base.Base.step",
        f"{base}.Store.Store.save",
        f"{app}.Tools.Tools.fix",
    ]
    assert found[f"{app}.Car.Car.all"] == [f"{base}.Base.Base.run", f"{app}.Car.Car.make", f"{app}.Car.Car.step"]
    assert edges(linked, EdgeKind.OVERRIDES) == {(f"{app}.Car.Car.step", f"{base}.Base.Base.step")}


def test_go_packages_and_receivers():
    linked = link_sources(
        {
            "main.go": """
                package main
                import (
                    "fmt"
                    "example.com/shop/store"
                )
                func main() {
                    s := store.New()
                    s.Save()
                    helper()
                    fmt.Println(len("x"))
                }
                """,
            "helper.go": "package main\nfunc helper() {}\n",
            "store/store.go": "package store\ntype Store struct{ name string }\nfunc New() *Store { return &Store{} }\n",
            "store/save.go": "package store\nfunc (s *Store) Save() { s.flush() }\nfunc (s *Store) flush() {}\n",
        }
    )
    found = calls(linked)
    assert found["main.main"] == [
        "<builtin>.len",
        "fmt.Println",
        "helper.helper",
        "store.save.Store.Save",
        "store.store.New",
    ]
    assert found["store.save.Store.Save"] == ["store.save.Store.flush"]


def test_c_files_headers_and_guesses():
    linked = link_sources(
        {
            "src/main.c": """
                #include <stdio.h>
                #include "list.h"
                static void local(void) {}
                int main(void) { local(); list_add(); elsewhere(); hidden(); printf("x"); return SIZE(1); }
                """,
            "src/list.h": "#define SIZE(x) (x)\nstatic inline void list_add(void) {}\n",
            "src/other.c": "void elsewhere(void) {}\nstatic void hidden(void) {}\n",
            "src/more.c": "static void hidden(void) {}\n",
        }
    )
    found = calls(linked)["src.main.main"]
    assert {"src.main.local", "src.list.list_add", "src.other.elsewhere", "src.list.SIZE"} <= set(found)
    assert not any(name.endswith("hidden") and name.startswith("src.") for name in found)
    assert confidence(linked, "src.main.main", "src.main.local") is Confidence.EXACT
    assert confidence(linked, "src.main.main", "src.other.elsewhere") is Confidence.INFERRED
    assert confidence(linked, "src.main.main", "printf") is Confidence.INFERRED


def test_languages_do_not_call_each_other():
    linked = link_sources(
        {
            "a.py": "def only_here(): pass\nonly_there()\n",
            "b.js": "function only_there() {}\nonly_here()\n",
            "c.c": "void only_c(void) { only_here(); }\n",
        }
    )
    assert calls(linked) == {}
    assert linked.unresolved == {"a.py": 1, "b.js": 1, "c.c": 1}


def test_other_files_are_modules_of_their_own():
    linked = link_sources({"a.py": ""})
    assert [(symbol.qualified_name, symbol.kind) for symbol in linked.symbols] == [("a", SymbolKind.MODULE)]
