"""How does a file of whatever kind become canonical text? `open_bytes` and `open_path` answer with an `Intake`."""

from banggiao.reading.intake.opening import contents, open_bytes, open_path

__all__ = ["contents", "open_bytes", "open_path"]
