/* +++
answers = "the supervision activities of a department, and of those that it follows, in a window"
needs = "rows"
+++ */
with span as (
    select region_id, quarter, min(member_first_day) as first_day, max(member_last_day) as last_day,
    from windows
    where length = $window
    group by region_id, quarter
)

select
    supervision.activity_id,
    supervision.date,
    supervision.department_id,
    supervision.method,
    supervision.arrangement,
    supervision.form,
    supervision.scope,
    supervision.stage,
    supervision.power_stage,
    supervision.direction,
    supervision.object,
    supervision.sphere,
    supervision.focus,
    supervision.level,
    supervision.trigger,
    supervision.domain,
    supervision.findings,
    supervision.notices,
from lineage
inner join span on lineage.region_id = span.region_id and lineage.quarter = span.quarter
inner join supervision
    on lineage.region_id = supervision.region_id
    and lineage.former_id = supervision.department_id
    and supervision.date between span.first_day and span.last_day
where lineage.region_id = $region and lineage.quarter = $quarter and lineage.department_id = $department
order by supervision.date, supervision.department_id, supervision.activity_id
