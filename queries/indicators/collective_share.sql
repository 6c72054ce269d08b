/* +++
title = { zh = "集体决策率", en = "Collective decisions" }
label = { zh = "集体决策", en = "Collective" }
unit = { zh = "%", en = "%" }
why = { zh = "“三重一大”事项中集体研究决定的比例。", en = "Of the major matters, those decided collectively." }
numerator = { zh = "集体研究决定的“三重一大”事项数", en = "major matters decided collectively" }
denominator = { zh = "本季“三重一大”事项总数", en = "all major matters of the quarter" }
caveats = { zh = "由部门自己登记，漏登的看不见。形式上集体决定，不等于讨论充分。事项少时，一项就左右比例。", en = "Departments register themselves; what is left out is not seen. Decided collectively in form is not the same as well discussed. Where matters are few, one decides the share." }
source = "D4 §1, D5 §3.1"
group = "decisions"
order = 400
better = "higher"
kind = "share"
decimals = 1
across = true
tables = ["decisions"]
+++ */
select
    region_id,
    department_id,
    quarter,
    '' as variant,
    100.0 * sum(collective) / nullif(sum(total), 0) as value,
    sum(collective)::double as numerator,
    sum(total)::double as denominator,
    sum(total)::bigint as n,
    null::varchar as note,
from decisions
group by region_id, department_id, quarter
