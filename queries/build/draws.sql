/* +++
answers = "What would each department's mean in each dimension be with other raters: the draws that a viewer's weights rank again"
+++ */
create table draws as
select *,
from computed
order by region_id, quarter, department_id, dimension
