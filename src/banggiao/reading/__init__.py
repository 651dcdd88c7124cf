"""Vietnamese (and, later, English) text to proposed facts with spans. A plain library: no Django.

`read(data, name)` is the whole pipeline: the file is opened (`intake`), its text laid out, its metadata read, its facts found.
`read_path(path)` reads a file, `read_text(intake)` a text already opened.
"""

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from banggiao.reading.pipeline import read, read_path, read_text

__all__ = ["read", "read_path", "read_text"]


def __getattr__(name: str) -> Any:
    # The readers of HTML and PDF take most of a second to import: only those who read a file pay for them.
    if name in __all__:
        from banggiao.reading import pipeline

        return getattr(pipeline, name)
    raise AttributeError(name)
