/* +++
title = { zh = "职权公开率", en = "Powers published" }
label = { zh = "职权公开", en = "Published" }
unit = { zh = "%", en = "%" }
why = { zh = "季末有效职权中已公开的比例。", en = "Of the powers in force at the end of the quarter, those published." }
source = "D1 §3.3.1, D5 §4.1.3"
group = "powers"
order = 600
better = "higher"
kind = "share"
decimals = 1
tables = ["powers"]
+++ */
select
    powers.region_id,
    powers.department_id,
    quarters.quarter,
    '' as variant,
    100.0 * count(*) filter (where powers.published) / count(*) as value,
    count(*) filter (where powers.published)::double as numerator,
    count(*)::double as denominator,
    count(*) as n,
    null::varchar as note,
from powers
inner join quarters
    on powers.region_id = quarters.region_id
    and coalesce(powers.valid_from, date '0001-01-01') <= quarters.last_day
    and coalesce(powers.valid_to, date '9999-12-31') >= quarters.last_day
group by powers.region_id, powers.department_id, quarters.quarter
