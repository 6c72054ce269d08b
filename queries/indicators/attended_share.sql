/* +++
title = { zh = "派员列席率", en = "Attended decisions" }
label = { zh = "列席", en = "Attended" }
unit = { zh = "%", en = "%" }
why = { zh = "“三重一大”事项中纪检人员列席的比例。", en = "Of the major matters, those at which discipline staff sat in." }
source = "D1 §3.2.3"
group = "decisions"
order = 420
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
    100.0 * sum(attended) / nullif(sum(total), 0) as value,
    sum(attended)::double as numerator,
    sum(total)::double as denominator,
    sum(total)::bigint as n,
    null::varchar as note,
from decisions
group by region_id, department_id, quarter
