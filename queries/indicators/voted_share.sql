/* +++
title = { zh = "票决率", en = "Voted decisions" }
label = { zh = "票决", en = "Voted" }
unit = { zh = "%", en = "%" }
why = { zh = "“三重一大”事项中票决的比例。", en = "Of the major matters, those put to a vote." }
numerator = { zh = "经票决的“三重一大”事项数", en = "major matters put to a vote" }
denominator = { zh = "本季“三重一大”事项总数", en = "all major matters of the quarter" }
caveats = { zh = "不是所有事项都要求票决，先看本单位的规定。由部门自己登记。事项少时，一项就左右比例。", en = "Not every matter has to be voted on: see the office's own rules first. Departments register themselves. Where matters are few, one decides the share." }
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
