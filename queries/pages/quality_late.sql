/* +++
answers = "which tables of the quarter came in more than a month after its end, by the register of submissions, and how many days after"
needs = "data"
+++ */
with of_kind as (
    select department_id,
    from departments
    where region_id = $region and category = $category
)

select
    s."table",
    s.department_id,
    s.received_on::varchar as detail,
    (s.received_on - quarters.last_day)::bigint as n,
    null::bigint as total,
from submissions as s
inner join quarters on s.region_id = quarters.region_id and s.quarter = quarters.quarter
where
    s.region_id = $region
    and s.quarter = $quarter
    and s.received_on > quarters.last_day + interval 1 month
    and ($category is null or s.department_id in (select department_id from of_kind))
    and ($department is null or s.department_id = $department)
order by n desc, s.department_id, s."table"
