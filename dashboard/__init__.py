"""Mingjing (明镜): shows an oversight office where power goes unwatched.

Data flows one way: files → importing → raw tables → marts → statistics → judgements → gaps → charts → pages.
Everything left of “charts” happens when a snapshot is built; pages only read.
"""
