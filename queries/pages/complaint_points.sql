/* +++
answers = "Which control charts of complaints would a quarter have drawn of a department, of a kind of them ('*party') or of the region ('*')?"
needs = "departments"
fine = "month"
+++ */
select
    indicator,
    grain,
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
    indicator in (select unnest($indicators::varchar[]))
    and variant = ''
    and region_id = $region
    and department_id = $department
    and as_of = $quarter
order by indicator, grain, period
