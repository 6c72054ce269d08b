/* +++
answers = "Is the change of each department's composite score in a quarter a real one, by its control chart, and what does the last year's trend say?"
+++ */
select department_id, variation, trend,
from judgements
where
    indicator = $indicator
    and variant = $variant
    and region_id = $region
    and period = $quarter
    and scope = 'region'
    and window_quarters = 1
order by department_id
