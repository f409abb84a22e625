"""Files by churn and complexity."""

from __future__ import annotations

from core.cancellation import CancellationToken
from core.graph.hotspots import find_hotspots
from tests.fakes import indexed_file


def test_the_product_of_churn_and_complexity_ranks_files() -> None:
    files = [
        indexed_file(path, lines=lines)
        for path, lines in (("busy.py", 10), ("hard.py", 100), ("both.py", 80), ("new.py", 9))
    ]
    commits = {"busy.py": 40, "hard.py": 2, "both.py": 30, "gone.py": 90}
    nesting = {"busy.py": 0.0, "hard.py": 1.0, "both.py": 1.0}.get
    found = find_hotspots(files, commits, nesting, CancellationToken())
    assert [one.path for one in found] == ["both.py", "busy.py", "hard.py"]
    assert found[0].score == 30 / 40 * 160 / 200
    assert (found[1].complexity, found[1].commits, found[1].nesting) == (10.0, 40, 0.0)


def test_without_any_change_there_is_none() -> None:
    assert find_hotspots([indexed_file("a.py", lines=3)], {}, lambda _path: None, CancellationToken()) == []
