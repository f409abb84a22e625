"""Values reach whatever they flow to, however many nodes there are."""

from __future__ import annotations

from itertools import pairwise

from core.cancellation import CancellationToken
from indexing.linking.network import MAX_VALUES, Network


def test_values_go_along_more_nodes_than_room_is_made_for_at_once() -> None:
    network = Network()
    seen: list[int] = []
    handler = network.handle(lambda _argument, _other, fresh: seen.extend(fresh))
    nodes = [network.node() for _ in range(5_000)]
    assert nodes == list(range(1, 5_001))
    for source, target in pairwise(nodes):
        network.flow(source, target)
    network.use(nodes[-1], handler, None, nodes[0])
    network.add(nodes[0], 7)
    network.run(CancellationToken())
    assert all(network.values(node) == (7,) for node in nodes)
    assert seen == [7]


def test_a_full_node_takes_no_more_and_hands_on_what_it_held_first() -> None:
    network = Network()
    source, full, after = network.node(), network.node(), network.node()
    network.flow(source, full)
    network.flow(full, after)
    network.add(full, 100)
    network.run(CancellationToken())
    for value in range(2 * MAX_VALUES):
        network.add(source, value)
        network.run(CancellationToken())
    assert network.values(after) == network.values(full) == (100, *range(MAX_VALUES - 1))


def test_values_that_two_nodes_share_grow_in_one_of_them_alone() -> None:
    network = Network()
    source, target = network.node(), network.node()
    network.add(source, 1)
    network.flow(source, target)
    network.run(CancellationToken())
    network.add(target, 2)
    network.run(CancellationToken())
    assert network.values(source) == (1,)
    assert network.values(target) == (1, 2)
