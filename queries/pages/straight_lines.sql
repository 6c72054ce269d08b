/* +++
answers = "How many of each department's ballots give every dimension the same score?"
needs = "departments"
+++ */
select department_id, n_cast, n_straight,
from straight_lines
where region_id = $region and quarter = $quarter
order by department_id
