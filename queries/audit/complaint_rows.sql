/* +++
order = 40
title = { zh = "投诉举报一行之内", en = "Within a row of complaints" }
tables = ["complaints"]

[why]
zh = "一行里的部分不应多于它所属的数。导入时已拦下这样的行；累计数改成当季数以后仍可能出现，说明前后两期口径不一。办结多于受理不算：办结的可能是上季受理的。"
en = "A part of a row is at most what it is a part of. The import refuses such rows; they may still come of cumulative figures that do not continue each other. More closed than received is no disagreement: what is closed may have come in earlier."

[items.substantiated]
zh = "属实 ≤ 办结"
en = "substantiated ≤ closed"

[items.handled_on_time]
zh = "按期办结 ≤ 办结"
en = "handled on time ≤ closed"

[items.dissatisfied]
zh = "不满意 ≤ 参评"
en = "dissatisfied ≤ rated"
+++ */
with pairs as (
    select region_id, department_id, quarter, month, channel, category, 'substantiated' as item, substantiated as stated, closed as computed,
    from complaints
    union all
    select region_id, department_id, quarter, month, channel, category, 'handled_on_time', handled_on_time, closed,
    from complaints
    union all
    select region_id, department_id, quarter, month, channel, category, 'dissatisfied', dissatisfied, rated,
    from complaints
)

select
    region_id,
    department_id,
    quarter,
    'complaints' as "table",
    item,
    concat_ws(' · ', month, 'channel:' || channel, 'complaint_category:' || category) as detail,
    '<=' as relation,
    stated::double as stated,
    computed::double as computed,
    0.0 as tolerance,
    'disagrees' as severity,
from pairs
where stated is not null and computed is not null
order by region_id, department_id, quarter, item, detail
