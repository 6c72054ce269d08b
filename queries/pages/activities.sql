/* +++
answers = "Which supervision activities had a department, or those that it follows, between two days, by some methods or all, the newest first?"
needs = "departments"
+++ */
select
    supervision.activity_id,
    supervision.date,
    supervision.method,
    supervision.stage,
    supervision.direction,
    supervision.domain,
    supervision.findings,
    supervision.notices,
from lineage
inner join supervision
    on lineage.region_id = supervision.region_id and lineage.former_id = supervision.department_id
inner join department_quarters as standing
    on lineage.region_id = standing.region_id
    and lineage.former_id = standing.department_id
    and standing.quarter = year(supervision.date) || 'Q' || quarter(supervision.date)
where
    lineage.region_id = $region
    and lineage.quarter = $quarter
    and lineage.department_id = $department
    and supervision.date between $first_day::date and $last_day::date
    and ($methods::varchar[] is null or list_contains($methods::varchar[], supervision.method))
order by supervision.date desc, supervision.activity_id
