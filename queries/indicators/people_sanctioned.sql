/* +++
title = { zh = "处分人数", en = "People sanctioned" }
label = { zh = "处分", en = "Sanctioned" }
unit = { zh = "人", en = "people" }
why = { zh = "党纪与政务处分有重叠，人数不等于两者之和。", en = "Party and administrative sanctions overlap: people are not the sum of the two." }
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
