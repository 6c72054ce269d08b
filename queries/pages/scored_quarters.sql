/* +++
answers = "which quarters have ballots, oldest first"
needs = "words"
+++ */
select distinct quarter,
from scores
where quarter <> 'all'
order by quarter
