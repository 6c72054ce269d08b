/* +++
answers = "What was assessed of each department in the last assessed year up to a quarter: each kind and dimension, with its self-assessment and the mark to pass?"
needs = "departments"
+++ */
with latest as (
    select max(year) as year,
    from assessments
    where region_id = $region and year <= $quarter[1:4]::bigint
)

select
    assessments.year,
    assessments.department_id,
    assessments.kind,
    assessments.dimension,
    assessments.score,
    assessments.self_score,
    assessments.pass_mark,
from assessments
inner join latest on assessments.year = latest.year
where assessments.region_id = $region
order by assessments.department_id, assessments.kind, assessments.dimension
