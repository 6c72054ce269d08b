/* +++
title = { zh = "票决率", en = "Voted decisions" }
label = { zh = "票决", en = "Voted" }
unit = { zh = "%", en = "%" }
why = { zh = "“三重一大”事项中票决的比例。", en = "Of the major matters, those put to a vote." }
source = "D4 §1, D5 §3.1"
group = "decisions"
order = 410
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
    100.0 * sum(voted) / nullif(sum(total), 0) as value,
    sum(voted)::double as numerator,
    sum(total)::double as denominator,
    sum(total)::bigint as n,
    null::varchar as note,
from decisions
group by region_id, department_id, quarter
