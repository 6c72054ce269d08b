/* +++
title = { zh = "处分人数", en = "People sanctioned" }
label = { zh = "处分", en = "Sanctioned" }
unit = { zh = "人", en = "people" }
why = { zh = "党纪与政务处分有重叠，人数不等于两者之和。", en = "Party and administrative sanctions overlap: people are not the sum of the two." }
numerator = { zh = "本季受党纪或政务处分的人数（双重处分算一人）", en = "people under Party or administrative sanction in the quarter; one under both counts once" }
caveats = { zh = "党纪与政务处分人数相加会大于此数。人数少的季度，多几人少几人属正常波动；多少不判断好坏。", en = "Adding Party and administrative sanctions gives more than this. Where they are few, some more or fewer is ordinary; the count judges nobody." }
source = "D2 §1.4"
group = "cases"
order = 240
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
    sum(people_sanctioned)::double as value,
    sum(people_sanctioned)::double as numerator,
    null::double as denominator,
    sum(people_sanctioned)::bigint as n,
    null::varchar as note,
from cases
where basis <> 'ytd'
group by region_id, department_id, quarter
having count(people_sanctioned) > 0
