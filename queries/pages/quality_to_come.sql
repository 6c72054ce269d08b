/* +++
answers = "which rows of registers bear a date that lies ahead of the day on which the snapshot was built"
needs = "data"
+++ */
with of_kind as (
    select department_id,
    from departments
    where region_id = $region and category = $category
),

dated as (
    select 'supervision' as "table", region_id, department_id, activity_id as id, 'date' as column_name, date as day, from supervision
    union all
    select 'notices', region_id, department_id, notice_id, 'issued_on', issued_on, from notices
    union all
    select 'notices', region_id, department_id, notice_id, 'rectified_on', rectified_on, from notices
    union all
    select 'tasks', region_id, department_id, task_id, 'issued_on', issued_on, from tasks
    union all
    select 'tasks', region_id, department_id, task_id, 'closed_on', closed_on, from tasks
    union all
    select 'submissions', region_id, department_id, "table" || ' ' || quarter, 'received_on', received_on, from submissions
)

select
    dated."table",
    dated.department_id,
    dated.id || ' · ' || dated.column_name || ' ' || dated.day as detail,
    1::bigint as n,
    1::bigint as total,
from dated
inner join quarters on dated.region_id = quarters.region_id and quarters.quarter = $quarter
where
    dated.region_id = $region
    and dated.day > quarters.as_of
    and ($category is null or dated.department_id in (select department_id from of_kind))
    and ($department is null or dated.department_id = $department)
order by dated."table", dated.department_id, dated.id, dated.column_name
