/* +++
answers = "the assessments of a department, and of those that it follows, of the year of a window and the one before"
+++ */
with span as (
    select region_id, quarter, min(member_first_day) as first_day, max(member_last_day) as last_day,
    from windows
    where length = $window
    group by region_id, quarter
)

select
    assessments.year,
    assessments.department_id,
    assessments.kind,
    assessments.dimension,
    assessments.score,
    assessments.self_score,
    assessments.pass_mark,
from lineage
inner join span on lineage.region_id = span.region_id and lineage.quarter = span.quarter
inner join assessments
    on lineage.region_id = assessments.region_id
    and lineage.former_id = assessments.department_id
    and assessments.year between year(span.last_day) - 1 and year(span.last_day)
where lineage.region_id = $region and lineage.quarter = $quarter and lineage.department_id = $department
order by assessments.year, assessments.department_id, assessments.kind, assessments.dimension
