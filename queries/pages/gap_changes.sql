/* +++
answers = "Which state does each rule give each department ('*': the region) this quarter, and which did it give a quarter ago?"
needs = "departments"
+++ */
select rule, department_id, status, previous, since, spell_quarters,
from gaps
where region_id = $region and quarter = $quarter
order by rule, department_id
