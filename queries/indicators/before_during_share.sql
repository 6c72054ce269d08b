/* +++
title = { zh = "事前事中监督占比", en = "Before and during the power is used" }
label = { zh = "事前事中", en = "Before/during" }
unit = { zh = "%", en = "%" }
why = { zh = "监督活动中在权力行使之前或之中的比例。", en = "Of the activities, those before or while the power is used." }
numerator = { zh = "在权力行使之前或之中开展的监督活动次数", en = "activities before or while the power is used" }
denominator = { zh = "本季对该部门的监督活动次数", en = "activities at the department in the quarter" }
caveats = { zh = "阶段由登记的人判断。次数少时比例跳动大。事后监督也必不可少，这里只看是否偏废。", en = "Whoever registers an activity judges its stage. On few activities the share jumps. Supervision afterwards is needed, too; this only shows whether it is all there is." }
source = "D1 §1.4"
group = "supervision"
order = 510
better = "higher"
kind = "share"
decimals = 1
across = true
tables = ["supervision"]
+++ */
select
    supervision.region_id,
    supervision.department_id,
    quarters.quarter,
    '' as variant,
    100.0 * count(*) filter (where supervision.stage in ('before', 'during')) / count(*) as value,
    count(*) filter (where supervision.stage in ('before', 'during'))::double as numerator,
    count(*)::double as denominator,
    count(*) as n,
    null::varchar as note,
from supervision
inner join quarters
    on supervision.region_id = quarters.region_id
    and supervision.date between quarters.first_day and quarters.last_day
group by supervision.region_id, supervision.department_id, quarters.quarter
