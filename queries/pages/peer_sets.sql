/* +++
answers = "Whom is each department of a quarter compared with: its own kind, or ('*') the whole region?"
needs = "departments"
peers = "unnamed"
+++ */
select department_id, category, peer_set,
from peer_sets
where region_id = $region and quarter = $quarter
order by department_id
