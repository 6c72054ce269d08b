/* +++
answers = "What does the control chart of the region, or of a kind of department, say of each indicator in a quarter?"
needs = "region"
+++ */
select
    indicator,
    variant,
    direction,
    point_type,
    value,
    mean,
    lower,
    upper,
    n,
    is_trial,
from control_points
where
    region_id = $region
    and as_of = $quarter
    and period = $quarter
    and grain = 'quarter'
    and department_id = '*' || coalesce($category, '')
order by indicator, variant
