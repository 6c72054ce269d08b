/* +++
answers = "What would each department's mean be with other raters, dimension by dimension: what a viewer's own weights are tried on"
+++ */
select department_id, dimension, raw_mean, mean, n, draws,
from draws
where region_id = $region and quarter = $quarter
order by department_id, dimension
