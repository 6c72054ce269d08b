/* +++
answers = "How many staff had each department of a region in a quarter, as far as that is known"
needs = "departments"
+++ */
select
    department_id,
    staff,
from department_quarters
where region_id = $region and quarter = $quarter
order by department_id
