"""Contrastive training of a static model: descriptions are pulled to their code and pushed from other code.

The vectors of the pieces are the only parameters. They start as `distil` made them and are moved by Adam under a symmetric
cross-entropy over the pairs of a batch, each description being the answer to its code and the other way about. PyTorch is
needed here and is imported when the training starts; the application never comes this way.
"""

from __future__ import annotations

import logging
import re
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy import sparse

from core.retrieval.words import tokens
from indexing.embedding.pairs import Pair
from indexing.embedding.pieces import PieceCounter

_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Recipe:
    """How to train; these values were found on pairs of Python's standard library, which is never trained on.

    Attributes:
        steps: batches seen; twice as many lose a little again.
        batch: pairs in a batch.
        learning_rate: the highest, reached after a tenth of the steps and falling to 0.
        temperature: cosines are divided by it; 0.1 and 0.03 were worse.
        unnamed: share of the batches whose code has its own name replaced, lest names be all that is learnt.
        near: share of the batches made of pairs of few packages, which are harder to tell apart.
        hard: share of the batches made of pairs whose code lies nearest to a few drawn descriptions, as the vectors stand.
        seed: of the batches' choice.
    """

    steps: int = 300
    batch: int = 1024
    learning_rate: float = 0.004
    temperature: float = 0.05
    unnamed: float = 0.5
    near: float = 0.5
    hard: float = 0.0
    seed: int = 0


_NEAR_AT_ONCE = 128
"""Pairs taken from one package for a batch of near ones."""

_HARD_AT_ONCE = 16
"""Pairs nearest to one description that are in a batch of hard ones."""

_LOOK_AGAIN = 60
"""Steps after which it is looked anew what lies near to what."""


def train(
    vectors: NDArray[np.float32], counter: PieceCounter, pairs: Sequence[Pair], recipe: Recipe | None = None
) -> NDArray[np.float32]:
    """Return `vectors`, (pieces, dimension) float32, after training on `pairs`; lengths stay the weights of the pieces."""
    import torch

    recipe = recipe or Recipe()
    torch.manual_seed(recipe.seed)
    random = np.random.default_rng(recipe.seed)
    sides = {
        "description": counter.weights([tokens(pair.description) for pair in pairs]),
        "code": counter.weights([tokens(pair.code) for pair in pairs]),
        "unnamed": counter.weights([tokens(without_name(pair)) for pair in pairs]),
    }
    usable = np.flatnonzero((sides["description"].getnnz(1) > 0) & (sides["unnamed"].getnnz(1) > 0))
    groups = _groups(pairs, usable)
    # At a mean length of 1 one learning rate suits every teacher.
    scale = float(np.linalg.norm(vectors, axis=1).mean())
    parameter = torch.nn.Parameter(torch.from_numpy(vectors / scale))
    optimizer = torch.optim.Adam([parameter], lr=recipe.learning_rate, betas=(0.9, 0.99))

    def embed(rows: sparse.csr_matrix) -> torch.Tensor:
        bags = torch.nn.functional.embedding_bag(
            torch.from_numpy(rows.indices.astype(np.int64)),
            parameter,
            torch.from_numpy(rows.indptr[:-1].astype(np.int64)),
            mode="sum",
            per_sample_weights=torch.from_numpy(rows.data),
        )
        return torch.nn.functional.normalize(bags, dim=1)

    for step in range(recipe.steps):
        warm_up = min(1.0, (step + 1) / (recipe.steps / 10))
        optimizer.param_groups[0]["lr"] = recipe.learning_rate * warm_up * (1 - step / recipe.steps)
        if recipe.hard and step % _LOOK_AGAIN == 0:
            with torch.no_grad():
                descriptions, codes = embed(sides["description"]).numpy(), embed(sides["code"]).numpy()
        drawn = random.random()
        if drawn < recipe.hard:
            chosen = _hard(random, usable, recipe.batch, descriptions, codes)
        elif drawn < recipe.hard + recipe.near:
            chosen = _near(random, groups, recipe.batch)
        else:
            chosen = _any(random, usable, recipe.batch)
        code = "unnamed" if random.random() < recipe.unnamed else "code"
        cosines = embed(sides["description"][chosen]) @ embed(sides[code][chosen]).T / recipe.temperature
        answers = torch.arange(len(chosen))
        loss = torch.nn.functional.cross_entropy(cosines, answers) + torch.nn.functional.cross_entropy(cosines.T, answers)
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
        if step % 50 == 49:
            _log.info("step %d of %d, loss %.3f", step + 1, recipe.steps, loss.item() / 2)
    return np.asarray(parameter.detach().numpy() * scale, dtype=np.float32)


def without_name(pair: Pair) -> str:
    """Return the code of `pair` with its own name replaced by ``f``."""
    return re.sub(rf"\b{re.escape(pair.name)}\b", "f", pair.code)


def _groups(pairs: Sequence[Pair], usable: NDArray[np.int64]) -> Sequence[NDArray[np.int64]]:
    """Return the usable pairs by the first two folders of their place."""
    groups: dict[str, list[int]] = {}
    for index in usable.tolist():
        groups.setdefault("/".join(pairs[index].place.split("/")[:2]), []).append(index)
    return [np.array(group) for group in groups.values()]


def _near(random: np.random.Generator, groups: Sequence[NDArray[np.int64]], size: int) -> NDArray[np.int64]:
    parts: list[NDArray[np.int64]] = []
    while sum(map(len, parts)) < size:
        group = groups[int(random.integers(len(groups)))]
        parts.append(random.choice(group, min(len(group), _NEAR_AT_ONCE), replace=False))
    return np.unique(np.concatenate(parts)[:size])


def _hard(
    random: np.random.Generator,
    usable: NDArray[np.int64],
    size: int,
    descriptions: NDArray[np.float32],
    codes: NDArray[np.float32],
) -> NDArray[np.int64]:
    """Return drawn pairs and those whose code is most like their descriptions; both arrays are (pairs, dimension)."""
    seeds = random.choice(usable, min(len(usable), max(1, size // _HARD_AT_ONCE)), replace=False)
    count = min(_HARD_AT_ONCE, len(codes) - 1)
    nearest = np.argpartition(-(descriptions[seeds] @ codes.T), count, axis=1)[:, :count]
    return np.intersect1d(np.concatenate([seeds, nearest.ravel()]), usable)


def _any(random: np.random.Generator, usable: NDArray[np.int64], size: int) -> NDArray[np.int64]:
    return random.choice(usable, min(size, len(usable)), replace=False)
