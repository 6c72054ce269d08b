/* +++
answers = "How far each listed department stands from the others in each dimension, in standard deviations, and whether that is a clear difference."
needs = "departments"
+++ */
with
listed as (
    select unnest($departments::varchar[]) as department_id,
)

select
    j.department_id,
    j.variant as dimension,
    j.value::double as value,
    j.benchmark::double as mean,
    ((j.value - avg(j.value) over (partition by j.variant)) / nullif(stddev_samp(j.value) over (partition by j.variant), 0))::double as z,
    j.outcome as band,
from judgements as j
inner join listed as l on l.department_id = j.department_id
where
    j.indicator = 'dimension_score'
    and j.region_id = $region
    and j.period = $quarter
    and j.scope = $scope
    and j.window_quarters = 1
order by j.department_id, j.variant
