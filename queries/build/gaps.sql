/* +++
answers = "What does each gap rule say of each department ('*': the region) in each quarter, with the numbers behind it and how long it has said so?"
+++ */
create table gaps as
select *,
from computed
order by rule, region_id, department_id, quarter
