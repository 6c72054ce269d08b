/* +++
answers = "Who rated in a quarter, how uniformly, and how far do the dimensions give one impression?"
needs = "region"
+++ */
select *,
from appraisals
where region_id = $region and quarter = $quarter
