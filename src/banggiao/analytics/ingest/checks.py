"""What did the checks of an ingest find, how often, and in which lines first?"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace
from typing import Any

from banggiao.analytics.store.release import Check, Level
from banggiao.core.errors import N_, FieldProblem, InvalidInput

#: Lines named for each check; the count tells of the rest.
SAMPLES = 5
_ORDER: dict[Level, int] = {"ok": 0, "warning": 1, "refused": 2}


class Refused(InvalidInput):
    """The files may not be ingested as they are; `checks` says why, and the release in force is as it was."""

    def __init__(self, checks: Sequence[Check], *, subject: str = "") -> None:
        self.checks = tuple(checks)
        problems = [FieldProblem(each.name, _one_line(each)) for each in self.checks if each.level == "refused"]
        super().__init__(
            N_("Tệp số liệu không nhập được; bản đang dùng không thay đổi."),
            subject=subject,
            remedy=N_("Hãy sửa những chỗ nêu dưới đây rồi nhập lại."),
            problems=problems,
        )


class Report:
    """The checks of one ingest, in the order they were first made; the same check of several years becomes one line."""

    def __init__(self) -> None:
        self._checks: dict[str, Check] = {}

    def add(self, name: str, level: Level, text: str, *, count: int = 0, samples: Iterable[str] = (), **params: Any) -> None:
        """Note an outcome. A second of the same name adds its count and samples; the graver level and its text stand."""
        fresh = Check(name, level, text, count, tuple(samples)[:SAMPLES], {**params, "count": count} if count else params)
        known = self._checks.get(name)
        if known is not None:
            graver = fresh if _ORDER[fresh.level] > _ORDER[known.level] else known
            total = known.count + fresh.count
            samples = (*known.samples, *fresh.samples)[:SAMPLES]
            if graver.level != "ok":
                samples = tuple(s for each in (known, fresh) if each.level == graver.level for s in each.samples)[:SAMPLES]
            fresh = replace(
                graver, count=total, samples=samples, params={**graver.params, "count": total} if total else graver.params
            )
        self._checks[name] = fresh

    @property
    def checks(self) -> tuple[Check, ...]:
        """All outcomes so far."""
        return tuple(self._checks.values())

    @property
    def refused(self) -> bool:
        """Whether one of them forbids the ingest."""
        return any(each.level == "refused" for each in self.checks)

    def stop_if_refused(self, subject: str = "") -> None:
        """Raise Refused when one of the checks forbids the ingest."""
        if self.refused:
            raise Refused(self.checks, subject=subject)


def _one_line(check: Check) -> str:
    # A problem's message is translated without parameters by the faces, so it is said here in full.
    return " ".join([check.said(), *(f"[{sample}]" for sample in check.samples)])
