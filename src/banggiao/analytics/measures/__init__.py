"""Relational measures of trade: an Ibis table of trade in, an Ibis table out, on DuckDB and on Spark alike.

The trade table has a row for each exporter, importer and product, and for each `year` where it has that column: years are then
kept apart. `value` is in thousand USD in the store, and any one unit in a file of one's own; measures that are ratios do not
depend on it. Nothing is computed until `analytics.engine.arrow` asks for the result. What cannot be computed (a share of
nothing) is NULL, never zero and never infinity.
"""
