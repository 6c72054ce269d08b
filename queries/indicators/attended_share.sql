/* +++
title = { zh = "派员列席率", en = "Attended decisions" }
label = { zh = "列席", en = "Attended" }
unit = { zh = "%", en = "%" }
why = { zh = "“三重一大”事项中纪检人员列席的比例。", en = "Of the major matters, those at which discipline staff sat in." }
numerator = { zh = "纪检人员列席的“三重一大”事项数", en = "major matters at which discipline staff sat in" }
denominator = { zh = "本季“三重一大”事项总数", en = "all major matters of the quarter" }
caveats = { zh = "列席不等于监督到位，也看不出提了什么意见。低可能是没有通知，也可能是派不出人：先问原因。", en = "To sit in is not yet to supervise, and it does not show what was said. A low share may mean not invited or nobody to send: ask first." }
source = "D1 §3.2.3"
group = "decisions"
order = 420
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
    100.0 * sum(attended) / nullif(sum(total), 0) as value,
    sum(attended)::double as numerator,
    sum(total)::double as denominator,
    sum(total)::bigint as n,
    null::varchar as note,
from decisions
group by region_id, department_id, quarter
