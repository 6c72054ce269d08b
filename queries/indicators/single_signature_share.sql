/* +++
title = { zh = "单人签批率", en = "Single-signature share" }
label = { zh = "一支笔", en = "One pen" }
unit = { zh = "%", en = "%" }
why = { zh = "由一人签批即生效的事项比例。", en = "Of the major matters, those that one signature settled." }
numerator = { zh = "一人签批即生效的“三重一大”事项数", en = "major matters that one signature settled" }
denominator = { zh = "本季“三重一大”事项总数", en = "all major matters of the quarter" }
caveats = { zh = "紧急事项可能允许先签后议，要核对依据。由部门自己登记，0 也可能是没有登记。", en = "Urgent matters may lawfully be signed first and discussed later: check the basis. Departments register themselves; 0 may also mean not registered." }
source = "D2 §1.1"
group = "decisions"
order = 430
better = "lower"
kind = "share"
decimals = 1
tables = ["decisions"]
+++ */
select
    region_id,
    department_id,
    quarter,
    '' as variant,
    100.0 * sum(single_signature) / nullif(sum(total), 0) as value,
    sum(single_signature)::double as numerator,
    sum(total)::double as denominator,
    sum(total)::bigint as n,
    null::varchar as note,
from decisions
group by region_id, department_id, quarter
