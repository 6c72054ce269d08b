/* +++
title = { zh = "集体决策率", en = "Collective decisions" }
label = { zh = "集体决策", en = "Collective" }
unit = { zh = "%", en = "%" }
why = { zh = "“三重一大”事项中集体研究决定的比例。", en = "Of the major matters, those decided collectively." }
source = "D4 §1, D5 §3.1"
group = "decisions"
order = 400
better = "higher"
kind = "share"
decimals = 1
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
