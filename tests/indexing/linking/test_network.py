"""Values reach whatever they flow to, however many nodes there are."""

from __future__ import annotations

from itertools import pairwise

from core.cancellation import CancellationToken
from indexing.linking.network import Network


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
    assert all(network.values(node) == [7] for node in nodes)
    assert seen == [7]
