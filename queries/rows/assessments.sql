/* +++
answers = "the assessments of a department, and of those that it follows, of the last year that a quarter knows and the one before"
needs = "rows"
+++ */
with last_known as (
    -- the year that the rules judge: the last one that the quarter knows
    select region_id, quarter, department_id, max(year) as year,
    from known_assessments
    group by region_id, quarter, department_id
)

select
    assessments.year,
    assessments.department_id,
    assessments.kind,
    assessments.dimension,
    assessments.score,
    assessments.self_score,
    assessments.pass_mark,
    assessments.assessed_on,
from lineage
inner join last_known
    on lineage.region_id = last_known.region_id
    and lineage.quarter = last_known.quarter
    and lineage.department_id = last_known.department_id
inner join assessments
    on lineage.region_id = assessments.region_id
    and lineage.former_id = assessments.department_id
    and assessments.year between last_known.year - 1 and last_known.year
where
    lineage.region_id = $region
    and lineage.quarter = $quarter
    and lineage.department_id = $department
    and $window is not null -- asked for with every table; a year is the window here
order by assessments.year, assessments.department_id, assessments.kind, assessments.dimension
