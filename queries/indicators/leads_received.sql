/* +++
title = { zh = "问题线索", en = "Leads" }
label = { zh = "线索", en = "Leads" }
unit = { zh = "件", en = "leads" }
why = { zh = "本季处置的问题线索件数。", en = "Leads handled in the quarter." }
source = "D2 §1.4"
group = "cases"
order = 200
better = "neither"
kind = "count"
decimals = 0
tables = ["cases"]
+++ */
select
    region_id,
    department_id,
    quarter,
    '' as variant,
    sum(leads)::double as value,
    sum(leads)::double as numerator,
    null::double as denominator,
    sum(leads)::bigint as n,
    null::varchar as note,
from cases
where basis <> 'ytd'
group by region_id, department_id, quarter
having count(leads) > 0
