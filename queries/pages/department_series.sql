/* +++
answers = "Which value had some indicators of a department in each quarter up to one?"
needs = "departments"
+++ */
select distinct
    indicator,
    period,
    value::double as value,
    note,
from judgements
where
    region_id = $region
    and department_id = $department
    and list_contains($indicators::varchar[], indicator)
    and variant = ''
    and window_quarters = 1
    and scope = 'region'
    and period <= $quarter
order by indicator, period
