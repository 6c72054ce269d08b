/* +++
title = { zh = "单人签批率", en = "Single-signature share" }
label = { zh = "一支笔", en = "One pen" }
unit = { zh = "%", en = "%" }
why = { zh = "由一人签批即生效的事项比例。", en = "Of the major matters, those that one signature settled." }
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
