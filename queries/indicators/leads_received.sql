/* +++
title = { zh = "问题线索", en = "Leads" }
label = { zh = "线索", en = "Leads" }
unit = { zh = "件", en = "leads" }
why = { zh = "本季处置的问题线索件数。", en = "Leads handled in the quarter." }
numerator = { zh = "本季的问题线索件数", en = "leads of the quarter" }
caveats = { zh = "多少取决于来源是否畅通、部门有多大，不判断好坏。一条线索是提出了问题，不是查实了问题。", en = "How many there are depends on open sources and on size; it judges nobody. A lead is a question raised, not a breach found." }
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
