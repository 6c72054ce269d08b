/* +++
title = { zh = "事前事中监督占比", en = "Before and during the power is used" }
label = { zh = "事前事中", en = "Before/during" }
unit = { zh = "%", en = "%" }
why = { zh = "监督活动中在权力行使之前或之中的比例。", en = "Of the activities, those before or while the power is used." }
source = "D1 §1.4"
group = "supervision"
order = 510
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
