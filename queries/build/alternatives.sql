/* +++
answers = "Where would each department stand by other rules: equal weights, geometric, a dimension left out, raw means, without straight-lined ballots?"
+++ */
create table alternatives as
select *,
from computed
order by region_id, quarter, scope, alternative, department_id
