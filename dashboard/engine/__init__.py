"""Marts made by a cluster that the office runs anyway, where one machine is not enough for its ballots.

The files of queries/marts/ stay as they are. `marts` carries each from DuckDB's dialect to Spark's and gives the work
to `client`, a process in an environment of its own, which asks the cluster by Spark Connect and brings the rows back.
"""

from dashboard.engine.marts import made_by_cluster

__all__ = ["made_by_cluster"]
