"""How far is an ingest, and has somebody called it off?"""

from __future__ import annotations

from collections.abc import Callable

from banggiao.core.errors import N_, WrongState

#: Tells the step ("read", "sort", "margins", …) and how far the whole is, 0 to 1.
Progress = Callable[[str, float], None]
Cancelled = Callable[[], bool]


class CalledOff(WrongState):
    """The ingest was cancelled; nothing of it was kept."""


class Run:
    """What an ingest tells on its way and asks: where it is, whether to go on."""

    def __init__(self, progress: Progress | None = None, cancelled: Cancelled | None = None) -> None:
        self._progress, self._cancelled = progress, cancelled

    def at(self, step: str, share: float) -> None:
        """Tell the step and the share done. Raises CalledOff when somebody cancelled."""
        if self.called_off():
            raise called_off()
        if self._progress:
            self._progress(step, min(max(share, 0.0), 1.0))

    def within(self, step: str, start: float, end: float) -> Callable[[float], None]:
        """A teller for a part of the work that runs from `start` to `end` of the whole."""
        return lambda share: self.at(step, start + share * (end - start))

    def called_off(self) -> bool:
        """Whether somebody cancelled."""
        return self._cancelled is not None and self._cancelled()


def called_off() -> CalledOff:
    """The error that says so."""
    return CalledOff(N_("Việc nhập số liệu đã bị hủy; bản đang dùng không thay đổi."))
