/* +++
title = { zh = "查实率", en = "Substantiated share" }
label = { zh = "查实率", en = "Substantiated" }
unit = { zh = "%", en = "%" }
why = { zh = "办结件中属实的比例；变化可能来自投诉，也可能来自核查。", en = "Of the complaints closed, those found true; a change may come from the complaints or from the checking." }
numerator = { zh = "经核查属实的件数", en = "complaints found true" }
denominator = { zh = "本季办结的件数", en = "complaints closed in the quarter" }
caveats = { zh = "升高可能是投诉更准，也可能是核查更细；降低不等于作风变好。办结件少时，一两件就左右比例，要看区间。", en = "A rise may come from better-founded complaints or from closer checking; a fall is no proof of better conduct. Where few were closed, one or two decide the share: look at the interval." }
source = "D1 §3.2.3"
group = "complaints"
order = 120
better = "neither"
kind = "share"
decimals = 1
tables = ["complaints"]
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
        sum(substantiated)::double as numerator,
        sum(closed)::double as denominator,
    from complaints
    -- a row that keeps only one of the two says nothing of the share
    where basis <> 'ytd' and substantiated is not null and closed is not null
    group by region_id, department_id, quarter
) as counted
