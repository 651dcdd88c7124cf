"""How does a file of whatever kind become canonical text? `open_bytes` and `open_path` answer with an `Intake`."""

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from banggiao.reading.intake.opening import contents, open_bytes, open_path

__all__ = ["contents", "open_bytes", "open_path"]


def __getattr__(name: str) -> Any:
    # The readers of every kind of file take half a second to import: whoever only asks for the limits does not pay for them.
    if name in __all__:
        from banggiao.reading.intake import opening

        return getattr(opening, name)
    raise AttributeError(name)
