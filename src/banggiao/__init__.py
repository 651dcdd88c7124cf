"""Bang Giao runs economic diplomacy: visit, agreement, commitment, evidence, confirmed result."""

__version__ = "0.1.0"
