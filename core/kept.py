"""What was read lately."""

from __future__ import annotations

import threading
from collections.abc import Callable
from typing import Generic, TypeVar

Key = TypeVar("Key")
Value = TypeVar("Value")


class Kept(Generic[Key, Value]):
    """The `most` values asked for last. Unlike `functools.lru_cache` over a method it does not know its owner, so that an
    owner nobody needs any more is gone at once, and with it the snapshot that it holds open."""

    def __init__(self, most: int) -> None:
        self._most = most
        self._values: dict[Key, Value] = {}
        self._lock = threading.Lock()

    def __contains__(self, key: object) -> bool:
        with self._lock:
            return key in self._values

    def get(self, key: Key, make: Callable[[Key], Value]) -> Value:
        """The value of `key`, made where it is not kept."""
        with self._lock:
            if key in self._values:
                value = self._values[key] = self._values.pop(key)
                return value
        value = make(key)
        with self._lock:
            self._values[key] = value
            if len(self._values) > self._most:
                self._values.pop(next(iter(self._values)), None)
        return value
