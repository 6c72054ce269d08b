/* +++
answers = "Is the change of each department's composite score in a quarter a real one, by its control chart, and where it has no limits yet, what does the last year's trend say?"
needs = "departments"
+++ */
select
    j.department_id,
    j.variation,
    p.trend,
from judgements as j
left join control_points as p
    on
        p.indicator = j.indicator
        and p.variant = j.variant
        and p.region_id = j.region_id
        and p.department_id = j.department_id
        and p.grain = 'quarter'
        and p.as_of = j.period
        and p.period = j.period
where
    j.indicator = $indicator
    and j.variant = $variant
    and j.region_id = $region
    and j.period = $quarter
    and j.scope = 'region'
    and j.window_quarters = 1
order by j.department_id
