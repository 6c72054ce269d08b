/* +++
answers = "which departments of the quarter stand in no peer group"
needs = "data"
+++ */
select
    'departments' as "table",
    q.department_id,
    null::varchar as detail,
    1::bigint as n,
    1::bigint as total,
from department_quarters as q
inner join departments as d on q.region_id = d.region_id and q.department_id = d.department_id
where
    q.region_id = $region
    and q.quarter = $quarter
    and ($category is null or d.category = $category)
    and ($department is null or q.department_id = $department)
    and coalesce(d.category, '') = ''
order by q.department_id
