/* +++
answers = "Which control chart of an indicator was last drawn up to a quarter of a department, of a kind of them ('*party') or of the region ('*')?"
needs = "departments"
+++ */
select
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
    method,
from control_points
where
    indicator = $indicator
    and variant = $variant
    and region_id = $region
    and department_id = $department
    and grain = 'quarter'
    and as_of <= $quarter
-- a series without a figure in this quarter keeps the chart of the quarter that had one
qualify as_of = max(as_of) over ()
order by period
