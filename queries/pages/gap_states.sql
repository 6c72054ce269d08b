/* +++
answers = "In which state has each gap rule each department of a region, in every quarter up to one?"
needs = "departments"
+++ */
select rule, department_id, quarter, status,
from gaps
where region_id = $region and quarter <= $quarter
order by rule, department_id, quarter
