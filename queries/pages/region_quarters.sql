/* +++
answers = "which quarters has a region figures of, oldest first"
+++ */
select quarter,
from quarters
where region_id = $region
order by quarter
