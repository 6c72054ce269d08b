/* +++
title = { zh = "职权公开率", en = "Powers published" }
label = { zh = "职权公开", en = "Published" }
unit = { zh = "%", en = "%" }
why = { zh = "季末有效职权中已公开的比例。", en = "Of the powers in force at the end of the quarter, those published." }
numerator = { zh = "季末有效职权中已公开的项数", en = "powers in force at the end of the quarter that are published" }
denominator = { zh = "季末有效的职权项数", en = "powers in force at the end of the quarter" }
caveats = { zh = "是季末的存量：同一项职权每季都在，各季不能相加。依法不公开的职权也在分母里，低不一定是不该。公开了不等于看得懂、找得到。", en = "A stock at the end of the quarter: the same powers stand in every quarter, which are never added up. Powers that may lawfully stay unpublished are in the base, so low need not be wrong. Published is not the same as easy to find and understand." }
source = "D1 §3.3.1, D5 §4.1.3"
group = "powers"
order = 600
better = "higher"
kind = "share"
stock = true
decimals = 1
across = true
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
