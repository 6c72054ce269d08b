/* +++
title = { zh = "线索转立案率", en = "Lead-to-filing share" }
label = { zh = "转立案", en = "Filed of leads" }
unit = { zh = "%", en = "%" }
why = { zh = "本季立案与本季线索之比，是流量之比，不是同一批线索的去向。", en = "Filed against leads of the same quarter: a ratio of flows, not the fate of one cohort." }
source = "D2 §1.4"
group = "cases"
order = 220
better = "neither"
kind = "share"
decimals = 1
tables = ["cases"]
+++ */
select
    region_id,
    department_id,
    quarter,
    '' as variant,
    100.0 * numerator / nullif(denominator, 0) as value,
    numerator,
    denominator,
    denominator::bigint as n,
    null::varchar as note,
from (
    select
        region_id,
        department_id,
        quarter,
        sum(filed)::double as numerator,
        sum(leads)::double as denominator,
    from cases
    -- a row that keeps only one of the two says nothing of the share
    where basis <> 'ytd' and filed is not null and leads is not null
    group by region_id, department_id, quarter
) as counted
