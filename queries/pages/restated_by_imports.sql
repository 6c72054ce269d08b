/* +++
answers = "Which cells of a region did these imports restate, with both values, and whose are they?"
needs = "data"
+++ */
with owners as (
    select 'tasks' as named, task_id as id, department_id, from tasks where region_id = $region
    union
    select 'supervision', activity_id, department_id, from supervision where region_id = $region
    union
    select 'notices', notice_id, department_id, from notices where region_id = $region
    union
    select 'powers', power_id, department_id, from powers where region_id = $region
),

restated as (
    select
        *,
        coalesce(key ->> 'task_id', key ->> 'activity_id', key ->> 'notice_id', key ->> 'power_id') as id,
    from corrections
    where list_contains($imports::varchar[], import_id) and (region_id = $region or region_id = '')
)

select
    restated.import_id,
    restated."table",
    restated.period,
    restated.key,
    restated."column",
    restated.old,
    restated.new,
    coalesce(restated.key ->> 'department_id', owners.department_id) as department_id,
from restated
left join owners on restated."table" = owners.named and restated.id = owners.id
order by restated.import_id desc, restated."table", restated.period, restated.key, restated."column"
