/* +++
answers = "which quarters have figures, oldest first"
needs = "words"
+++ */
select distinct quarter,
from quarters
order by quarter
