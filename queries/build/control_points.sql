/* +++
answers = "The points and natural limits of every control chart, as each quarter would have drawn it"
+++ */
create table control_points as
select *,
from computed
order by indicator, variant, region_id, department_id, grain, as_of, period
