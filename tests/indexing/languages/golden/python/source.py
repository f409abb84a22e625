"""A small job queue, written to show what Python says about names.

The second paragraph is not part of the summary.
"""

from __future__ import annotations

import os.path
import threading as threads
from collections import deque, OrderedDict as Ordered
from typing import Callable, Optional

from . import errors
from ..shared.base import Base, Mixin
from .signals import *

LIMIT = 10
registry: dict[str, "Job"] = {}
first, second = LIMIT, None


# How a job ends.
# It may end badly.
class State(Enum):
    DONE = 1
    FAILED = "failed"


def traced(function):
    """Counts calls."""

    def wrapper(*args, **kwargs):
        nonlocal_count = function(*args, **kwargs)
        return nonlocal_count

    return wrapper


@traced
@errors.guarded("queue")
def submit(job: Job, *later, retry: bool = False, on_done: Callable[[], None] = print, **options) -> Optional[Job]:
    global first
    first = job
    with lock() as held, open(os.path.join("a", "b")) as stream:
        stream.write(job.name)
    try:
        job.run(lambda result: result.value, key=lambda: on_done)
    except (ValueError, errors.Broken) as error:
        raise errors.Failed(error) from error
    return job if retry else None


class Job(Base[int], Mixin, metaclass=Meta):
    """One piece of work."""

    states: list[State] = [State.DONE, State.FAILED]
    handler = staticmethod(traced)

    def __init__(self, name: str, handlers=None, parent: "Job | None" = None):
        super().__init__()
        self.name = name
        self.handlers = handlers or [submit, self.run]
        self.table = {"run": self.run, "stop": lambda: self.stop()}
        self.parent = parent

    @property
    def size(self) -> int:
        return len(self.handlers)

    @classmethod
    def of(cls, kind: type[Job]) -> Job:
        return cls(kind.__name__)

    def run(self, finish, /, **options):
        for position, handler in enumerate(self.handlers):
            handler(self)
        self.table["run"]()
        (found := self.find(finish)).start()
        yield from [job.run for job in self.parent.jobs if job]
        yield found

    async def stop(self):
        def inner():
            nonlocal_name = 1
            return deque

        await self.parent.stop()
        a, *rest = inner(), self
        return {**self.table, "x": inner}


if __name__ == "__main__":
    Job("x").run(print)
