/* +++
title = { zh = "主动监督占比", en = "Proactive share" }
label = { zh = "主动", en = "Proactive" }
unit = { zh = "%", en = "%" }
why = { zh = "监督活动中主动发起的比例。", en = "Of the activities, those begun without a prompt." }
numerator = { zh = "主动发起的监督活动次数", en = "activities begun without a prompt" }
denominator = { zh = "本季对该部门的监督活动次数", en = "activities at the department in the quarter" }
caveats = { zh = "主动还是被动由登记的人判断。投诉多的部门，被动的活动自然多，比例会低。", en = "Whoever registers an activity judges whether it was prompted. Where complaints are many, prompted activities are many and the share is low for that alone." }
source = "D1 §1.2"
group = "supervision"
order = 520
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
    100.0 * count(*) filter (where supervision.trigger = 'proactive') / count(*) as value,
    count(*) filter (where supervision.trigger = 'proactive')::double as numerator,
    count(*)::double as denominator,
    count(*) as n,
    null::varchar as note,
from supervision
inner join quarters
    on supervision.region_id = quarters.region_id
    and supervision.date between quarters.first_day and quarters.last_day
group by supervision.region_id, supervision.department_id, quarters.quarter
