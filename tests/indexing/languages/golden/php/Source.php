<?php

declare(strict_types=1);

namespace App\Shop;

use App\Base\Base;
use App\Paint\{Brush, Colour as Paint};
use function App\Tools\trim_all;
use const App\Tools\LIMIT;

require_once __DIR__ . '/helpers.php';
include 'config/names.php';

const SIZE = 4;
define('WIDTH', 5);

/**
 * Keeps orders; written to show what PHP says about names.
 *
 * @template T
 */
#[Service('store')]
abstract class Shop extends Base implements Closeable, \Countable
{
    use Logs, Counts { Logs::log as protected write; }

    public const LIMIT = 10;
    private array $cache = [];
    protected ?Desk $desk = null;
    public static int $count = 0;
    /** @var Order[] */
    private $orders;
    /** @var Paper|null what it is written on */
    private $paper;

    public function __construct(private readonly Store $store, protected string|Name $name = 'shop', ...$rest)
    {
        parent::__construct($store);
        $this->desk = new Desk($this);
        $this->handlers['open'] = [$this, 'open'];
    }

    // Finds one.
    // It may load it.
    public function find(Id $id, array $orders, callable $handler, ?Order &$last = null): ?Order
    {
        foreach ($orders as $key => $order) {
            $order->send($id);
        }
        $loader = new Loader($id);
        $made = new class($id) extends Runner {
            public function run(): void { $this->prepare(); }
        };
        $cast = $this->cache[$id->name] ?? Order::none();
        [$left, $right] = pair($id);
        array_map(fn(Order $order) => $order->close(), $orders);
        $task = function (Step $step) use ($loader): Step { return $step->next($loader); };
        $other = $cast->open ? $cast : Order::none(1);
        $this->desk?->clear()->refill(1);
        self::$count = trim_all($task, by: $id);
        static::open();
        try {
            return $loader->get()->result;
        } catch (NotFound | Missing $problem) {
            throw new Failure($problem);
        } finally {
            $this->store->close();
        }
        if ($made instanceof Runner) {
            $made->run();
        }
        $name = match (true) { default => Brush::thin() };
        return parent::find($id);
    }

    public static function open(): static
    {
        return new static(new Store());
    }

    abstract protected function later(): void;
}

/** How full it is. */
enum Level: int implements Weighted
{
    case Low = 1;
    case High = 2;

    public function weigh(): int { return $this->value; }
}

interface Event extends Named, Timed
{
    public function at(): Time;
}

trait Logs
{
    protected Logger $logger;

    public function log(string $text): void { $this->logger->info($text); }
}

/**
 * Audits a shop.
 *
 * @param Report[] $reports
 * @return Report
 */
function audit(Shop $shop, $reports)
{
    static $seen;
    global $registry;
    if (!function_exists('later')) {
        function later() { return audit(...); }
    }
    $report = clone $shop->find(new Id());
    echo \strlen($report->text());
    return $report;
}

$shop = Shop::open();
audit($shop, []);
?>
<p><?= audit($shop, [])->title ?></p>
