/* +++
answers = "one row a value: indicator, variant, department, period, with all that is said of it"
+++ */
create table judgements as
select *,
from computed
order by indicator, variant, region_id, department_id, period, scope, window_quarters
