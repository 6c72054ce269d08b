/* +++
title = { zh = "立案", en = "Cases filed" }
label = { zh = "立案", en = "Filed" }
unit = { zh = "件", en = "cases" }
why = { zh = "本季立案件数；件数不判断好坏。", en = "Cases filed in the quarter; a count judges nobody." }
numerator = { zh = "本季立案的件数", en = "cases filed in the quarter" }
caveats = { zh = "件和人是不同的单位：一件可能涉及几人。立案多可能是问题多，也可能是查得严，件数本身分不开。", en = "Cases and people are different units: one case may concern several. Many filings may mean many breaches or strict checking; the count cannot tell." }
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
