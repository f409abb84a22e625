"""PHP, from the parser to the edges."""

from core.model.graph import Confidence, EdgeKind
from tests.indexing.linking.sources import calls, confidence, edges, link_sources


def test_namespaces_traits_and_declared_types():
    linked = link_sources(
        {
            "src/Shop.php": r"""<?php
                namespace App\Shop;
                use App\Base\Base;
                use App\Tools as T;
                use function App\Tools\trim_all;
                use Psr\Log\LoggerInterface;
                class Shop extends Base {
                    use Logs;
                    /** @var Store */
                    private $store;
                    public function __construct(private Desk $desk, private LoggerInterface $logger) {
                        parent::__construct();
                        $this->store = new Store();
                    }
                    public function run(?Shop $other, array $count): void {
                        $this->desk->tidy();
                        $this->store->save();
                        $other?->log('a');
                        self::open()->step();
                        parent::step();
                        trim_all($count);
                        $count = count($count);
                        T\Text::shorten();
                        $this->logger->info('b');
                    }
                    public static function open(): static { return new static(new Desk()); }
                }
                """,
            "src/Rest.php": r"""<?php
                namespace App\Shop;
                class Store { function save() {} }
                class Desk { function tidy() { helper(); } }
                trait Logs { public function log($text) { $this->run(null, []); } }
                function helper() { global_helper(); }
                """,
            "src/Base.php": "<?php\nnamespace App\\Base;\nclass Base { function __construct() {} function step() {} }\n",
            "src/tools.php": r"""<?php
                namespace App\Tools;
                function trim_all($a) {}
                class Text { static function shorten() {} }
                """,
            "global.php": "<?php\nrequire_once __DIR__ . '/src/tools.php';\nfunction global_helper() {}\n",
        }
    )
    found = calls(linked)
    assert set(found["src.Shop.Shop.run"]) == {
        "src.Rest.Desk.tidy",
        "src.Rest.Store.save",
        "src.Rest.Logs.log",
        "src.Shop.Shop.open",
        "src.Base.Base.step",
        "src.tools.trim_all",
        "<builtin>.count",
        "src.tools.Text.shorten",
        "Psr.Log.LoggerInterface.info",
    }
    assert found["src.Shop.Shop.__construct"] == ["src.Base.Base.__construct", "src.Rest.Store"]
    assert found["src.Shop.Shop.open"] == ["src.Rest.Desk", "src.Shop.Shop.__construct"]
    assert found["src.Rest.helper"] == ["global.global_helper"]
    assert confidence(linked, "src.Shop.Shop.run", "src.Rest.Store.save") is Confidence.EXACT
    assert edges(linked, EdgeKind.INHERITS) == {("src.Shop.Shop", "src.Base.Base"), ("src.Shop.Shop", "src.Rest.Logs")}
    assert ("global", "src.tools") in edges(linked, EdgeKind.IMPORTS)
