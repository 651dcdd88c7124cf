"""Vietnamese (and, later, English) text to proposed facts with spans. A plain library: no Django.

`read(data, name)` is the whole pipeline: `intake.open_bytes` opens the file, `extract.extract` finds the facts.
"""
