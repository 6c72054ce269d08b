/* +++
answers = "What became of each department's complaints in a window: on time, substantiated, dissatisfied, of how many, and outside which limits?"
needs = "departments"
+++ */
select
    indicator,
    department_id,
    value,
    numerator,
    denominator,
    low,
    high,
    limit_low_95,
    limit_high_95,
    outcome,
    note,
from judgements
where
    indicator in (select unnest($indicators::varchar[]))
    and variant = ''
    and region_id = $region
    and period = $quarter
    and scope = $scope
    and window_quarters = $window
    and list_contains($departments::varchar[], department_id)
order by indicator, department_id
