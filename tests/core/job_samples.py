"""Tasks that the tests of jobs run."""

from __future__ import annotations

from datetime import date
from typing import Any

from django_tasks import task

SEEN: list[Any] = []


@task()
def note(word: str, times: int = 1) -> int:
    """Remember a word; returns how many are remembered."""
    SEEN.extend([word] * times)
    return len(SEEN)


@task()
def fail(message: str) -> None:
    """Always fails."""
    raise RuntimeError(message)


@task()
def misbehave() -> Any:
    """Returns what JSON cannot hold."""
    return {date(2025, 1, 1)}
