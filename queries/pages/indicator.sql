/* +++
answers = "one indicator of every department: its value, what it was divided by, and its limits and outcome where computed"
+++ */
select
    region_id,
    department_id,
    period as quarter,
    variant,
    value,
    numerator,
    denominator,
    n,
    low,
    high,
    limit_low_95,
    limit_high_95,
    limit_low_998,
    limit_high_998,
    outcome,
    note,
from judgements
where
    indicator = $indicator
    and ($quarter is null or period = $quarter)
    and ($region is null or region_id = $region)
order by region_id, department_id, variant, quarter
