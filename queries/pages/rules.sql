/* +++
answers = "by which of the office's settings were scores ranked"
needs = "words"
+++ */
select fewest_dimensions, fewest_ballots, fewest_peers, red_line,
from rules
