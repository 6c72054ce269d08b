/* +++
answers = "What is said of one department, or several, in a quarter by every indicator: value, interval, limits, judgement; over one quarter and over four?"
needs = "departments"
+++ */
select
    indicator,
    variant,
    department_id,
    window_quarters::integer as window_quarters,
    peer_set,
    value::double as value,
    numerator::double as numerator,
    denominator::double as denominator,
    n::double as n,
    low::double as low,
    high::double as high,
    benchmark::double as benchmark,
    limit_low_95::double as limit_low_95,
    limit_high_95::double as limit_high_95,
    limit_low_998::double as limit_low_998,
    limit_high_998::double as limit_high_998,
    outcome,
    variation,
    assurance,
    trend,
    is_few,
    note,
from judgements
where
    region_id = $region
    and period = $quarter
    and scope = $scope
    and list_contains($departments::varchar[], department_id)
order by indicator, variant, department_id, window_quarters
