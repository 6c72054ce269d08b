/* +++
title = { zh = "线索转立案率", en = "Lead-to-filing share" }
label = { zh = "转立案", en = "Filed of leads" }
unit = { zh = "%", en = "%" }
why = { zh = "本季立案与本季线索之比，是流量之比，不是同一批线索的去向。", en = "Filed against leads of the same quarter: a ratio of flows, not the fate of one cohort." }
numerator = { zh = "本季立案的件数", en = "cases filed in the quarter" }
denominator = { zh = "本季的问题线索件数", en = "leads of the quarter" }
caveats = { zh = "是流量之比：本季立的案，线索可能是以前的。高不等于好，低不等于压案，要看线索质量和处置去向。", en = "A ratio of flows: a case filed now may come from an earlier lead. High is not good and low is not suppression; look at the leads' quality and at where they went." }
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
