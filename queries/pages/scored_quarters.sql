/* +++
answers = "which quarters have ballots, oldest first"
+++ */
select distinct quarter,
from scores
where quarter <> 'all'
order by quarter
