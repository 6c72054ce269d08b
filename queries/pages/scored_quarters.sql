/* +++
answers = "which quarters have ballots, oldest first"
needs = "words"
+++ */
select distinct quarter,
from loaded
where "table" = 'evaluations'
order by quarter
