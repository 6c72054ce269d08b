/* +++
answers = "one indicator of every department: its value, what it was divided by, its interval, its limits and what is said of it"
needs = "departments"
+++ */
select
    region_id,
    department_id,
    period as quarter,
    variant,
    peer_set,
    value,
    numerator,
    denominator,
    n,
    low,
    high,
    benchmark,
    limit_low_95,
    limit_high_95,
    limit_low_998,
    limit_high_998,
    z_adjusted,
    outcome,
    variation,
    assurance,
    trend,
    method,
    note,
from judgements
where
    indicator = $indicator
    and scope = coalesce($scope, 'region')
    and window_quarters = coalesce($window, 1)
    and ($quarter is null or period = $quarter)
    and ($region is null or region_id = $region)
order by region_id, department_id, variant, quarter
