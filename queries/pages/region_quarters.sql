/* +++
answers = "which quarters has a region figures of, oldest first"
needs = "words"
+++ */
select quarter,
from quarters
where region_id = $region
order by quarter
