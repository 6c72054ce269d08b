/* +++
title = { zh = "外部监督占比", en = "External share" }
label = { zh = "外部", en = "External" }
unit = { zh = "%", en = "%" }
why = { zh = "监督活动中来自外部的比例。", en = "Of the activities, those from outside." }
source = "D6 §3"
group = "supervision"
order = 530
better = "higher"
kind = "share"
decimals = 1
tables = ["supervision"]
+++ */
select
    supervision.region_id,
    supervision.department_id,
    quarters.quarter,
    '' as variant,
    100.0 * count(*) filter (where supervision.direction = 'external') / count(*) as value,
    count(*) filter (where supervision.direction = 'external')::double as numerator,
    count(*)::double as denominator,
    count(*) as n,
    null::varchar as note,
from supervision
inner join quarters
    on supervision.region_id = quarters.region_id
    and supervision.date between quarters.first_day and quarters.last_day
group by supervision.region_id, supervision.department_id, quarters.quarter
