/* +++
title = { zh = "案件回访率", en = "Return-visit share" }
label = { zh = "回访", en = "Revisited" }
unit = { zh = "%", en = "%" }
why = { zh = "已回访与应回访之比；没有“应回访”数时以结案数为分母。", en = "Revisited of those due a visit; of the cases closed where no due figure is kept." }
numerator = { zh = "已回访的件数", en = "cases revisited" }
denominator = { zh = "应回访的件数（没有这一列时为结案件数）", en = "cases due a return visit; cases closed, where that column is not kept" }
caveats = { zh = "两种分母口径不同，换口径的季度不能直接相比。补访以前的案件会超过 100%。回访做了没有，不等于回访有没有用。", en = "The two bases differ: quarters on either side of a change cannot be compared. Catching up on earlier cases takes it above 100 %. That a visit was made does not say what it was worth." }
source = "D6 §3.1"
group = "cases"
order = 250
better = "higher"
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
        sum(revisited)::double as numerator,
        sum(coalesce(revisit_due, closed))::double as denominator,
    from cases
    -- a row that keeps only one of the two says nothing of the share
    where basis <> 'ytd' and revisited is not null and coalesce(revisit_due, closed) is not null
    group by region_id, department_id, quarter
) as counted
