/* +++
title = { zh = "立案", en = "Cases filed" }
label = { zh = "立案", en = "Filed" }
unit = { zh = "件", en = "cases" }
why = { zh = "本季立案件数；件数不判断好坏。", en = "Cases filed in the quarter; a count judges nobody." }
source = "D2 §1.4"
group = "cases"
order = 210
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
    sum(filed)::double as value,
    sum(filed)::double as numerator,
    null::double as denominator,
    sum(filed)::bigint as n,
    null::varchar as note,
from cases
where basis <> 'ytd'
group by region_id, department_id, quarter
having count(filed) > 0
