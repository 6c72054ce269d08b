/* +++
answers = "What is said of every department in a quarter by every indicator: value, place among the others, control chart and target; over one quarter and over the window?"
needs = "departments"
+++ */
select
    indicator,
    variant,
    department_id,
    window_quarters::integer as window_quarters,
    value::double as value,
    numerator::double as numerator,
    denominator::double as denominator,
    n::double as n,
    outcome,
    -- '' is a chart that says nothing yet; null is no chart at all
    nullif(variation, '') as variation,
    nullif(assurance, '') as assurance,
    note,
from judgements
where
    region_id = $region
    and period = $quarter
    and scope = $scope
    and window_quarters in (1, $window)
    and department_id <> '*'
order by indicator, variant, department_id, window_quarters
