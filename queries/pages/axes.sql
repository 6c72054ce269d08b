/* +++
answers = "What do rules say of the region ('*') and of each department in a quarter, on the scale of the side that each of them finds neglected?"
needs = "departments"
+++ */
select
    gaps.rule,
    gaps.region_id,
    gaps.department_id,
    gaps.quarter,
    gaps.status,
    gaps.value,
    gaps.threshold,
    gaps.n,
    gaps.note,
    gaps.missing,
    gaps.covered_quarters,
    gaps.evidence,
    -- a rule whose value is the neglected side's own share need not say it twice
    coalesce((gaps.evidence ->> '$.light_share')::double, gaps.value) as share,
    coalesce((gaps.evidence ->> '$.light_low')::double, (gaps.evidence ->> '$.low')::double) as low,
    coalesce((gaps.evidence ->> '$.light_high')::double, (gaps.evidence ->> '$.high')::double) as high,
    coalesce((gaps.evidence ->> '$.light_watch')::double, watch.value) as watch,
    coalesce((gaps.evidence ->> '$.light_alert')::double, alert.value) as alert,
    coalesce((gaps.evidence ->> '$.light')::double, round(gaps.value * gaps.n / 100)) as light,
    coalesce((gaps.evidence ->> '$.heavy')::double, gaps.n - round(gaps.value * gaps.n / 100)) as heavy,
from gaps
left join thresholds as watch on gaps.rule = watch.rule and watch.name = 'watch'
left join thresholds as alert on gaps.rule = alert.rule and alert.name = 'alert'
where
    gaps.region_id = $region
    and gaps.quarter = $quarter
    and list_contains($rules::varchar[], gaps.rule)
order by gaps.rule, gaps.department_id
