/* +++
answers = "the tasks of a department, and of those that it follows, that were issued, due or still open in a window"
needs = "rows"
+++ */
with span as (
    select region_id, quarter, min(member_first_day) as first_day, max(member_last_day) as last_day,
    from windows
    where length = $window
    group by region_id, quarter
)

select
    tasks.task_id,
    tasks.department_id,
    tasks.kind,
    tasks.title,
    tasks.phase,
    tasks.issued_on,
    tasks.due_on,
    tasks.closed_on,
    tasks.published,
from lineage
inner join span on lineage.region_id = span.region_id and lineage.quarter = span.quarter
inner join tasks
    on lineage.region_id = tasks.region_id
    and lineage.former_id = tasks.department_id
    and tasks.issued_on <= span.last_day
    and greatest(tasks.due_on, coalesce(tasks.closed_on, date '9999-12-31')) >= span.first_day
where lineage.region_id = $region and lineage.quarter = $quarter and lineage.department_id = $department
order by tasks.due_on, tasks.department_id, tasks.task_id
