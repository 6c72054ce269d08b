/* +++
answers = "which rows of the quarter are still cumulative: the quarter before is not known, so they are no figures of a quarter"
needs = "data"
+++ */
with of_kind as (
    select department_id,
    from departments
    where region_id = $region and category = $category
),

rows_of_both as (
    select 'complaints' as "table", region_id, quarter, department_id, 'category:' || category as detail, basis, from complaints
    union all
    select 'cases', region_id, quarter, department_id, 'source:' || source || ' · domain:' || domain, basis, from cases
)

select
    "table",
    department_id,
    detail,
    1::bigint as n,
    1::bigint as total,
from rows_of_both
where
    region_id = $region
    and quarter = $quarter
    and basis = 'ytd'
    and ($category is null or department_id in (select department_id from of_kind))
    and ($department is null or department_id = $department)
order by "table", department_id, detail
