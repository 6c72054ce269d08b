/* +++
answers = "The control charts of every department by one indicator, as a quarter would have drawn them."
needs = "departments"
+++ */
select
    department_id,
    period,
    value,
    mean,
    lower,
    upper,
    point_type,
    direction,
    segment,
    n,
    is_trial,
    trend,
from control_points
where
    indicator = $indicator
    and variant = $variant
    and region_id = $region
    and as_of = $quarter
    and grain = 'quarter'
    and department_id not like '*%'
order by department_id, period
