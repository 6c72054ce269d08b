"""Mingjing (明镜): shows an oversight office where power goes unwatched.

Data flows one way: files → importing → raw tables → marts → statistics → judgements → gaps → charts → pages.
Everything left of “charts” happens when a snapshot is built; pages only read.
"""

import os

# The matrices are small, and quarters are worked on side by side: threads inside each product would only wait for one
# another. It is read when numpy is first imported.
os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")
