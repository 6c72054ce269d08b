/* +++
title = { zh = "外部监督占比", en = "External share" }
label = { zh = "外部", en = "External" }
unit = { zh = "%", en = "%" }
why = { zh = "监督活动中来自外部的比例。", en = "Of the activities, those from outside." }
numerator = { zh = "来自外部的监督活动次数（如群众、代表、媒体）", en = "activities from outside, such as the public, delegates or the press" }
denominator = { zh = "本季对该部门的监督活动次数", en = "activities at the department in the quarter" }
caveats = { zh = "只数登记在册的活动；外部监督往往不进登记簿，实际可能更多。次数少时比例跳动大。", en = "Only registered activities count; much that comes from outside never enters the register. On few activities the share jumps." }
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
