/* +++
answers = "which quarters have figures, oldest first"
+++ */
select distinct quarter,
from quarters
order by quarter
