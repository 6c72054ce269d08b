/* +++
title = { zh = "查实率", en = "Substantiated share" }
label = { zh = "查实率", en = "Substantiated" }
unit = { zh = "%", en = "%" }
why = { zh = "办结件中属实的比例；变化可能来自投诉，也可能来自核查。", en = "Of the complaints closed, those found true; a change may come from the complaints or from the checking." }
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
    where basis <> 'ytd'
    group by region_id, department_id, quarter
    having count(substantiated) > 0 and count(closed) > 0
) as counted
