/* +++
answers = "which departments have no staff figure for the quarter, or an older one"
needs = "data"
+++ */
select
    'department_facts' as "table",
    q.department_id,
    q.facts_quarter as detail,
    1::bigint as n,
    1::bigint as total,
from department_quarters as q
inner join departments as d on q.region_id = d.region_id and q.department_id = d.department_id
where
    q.region_id = $region
    and q.quarter = $quarter
    and ($category is null or d.category = $category)
    and ($department is null or q.department_id = $department)
    and (($item = 'no_staff' and q.staff is null) or ($item = 'staff_carried' and q.facts_quarter < q.quarter))
order by q.facts_quarter nulls first, q.department_id
