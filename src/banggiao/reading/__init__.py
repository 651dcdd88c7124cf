"""Vietnamese (and, later, English) text to proposed facts with spans. A plain library: no Django.

`read(data, name)` is the whole pipeline: the file is opened (`intake`), its text laid out, its metadata read, its facts found.
`read_path(path)` reads a file, `read_text(intake)` a text already opened.
"""

from banggiao.reading.pipeline import read, read_path, read_text

__all__ = ["read", "read_path", "read_text"]
