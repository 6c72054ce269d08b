/* +++
title = { zh = "按期整改率", en = "On-time rectification" }
label = { zh = "按期整改", en = "Rectified" }
unit = { zh = "%", en = "%" }
why = { zh = "本季到期的督查通知书中按期整改的比例。", en = "Of the notices due in the quarter, those rectified in time." }
numerator = { zh = "到期日或之前整改的督查通知书件数", en = "notices rectified on or before their due date" }
denominator = { zh = "本季到期的督查通知书件数", en = "notices due in the quarter" }
caveats = { zh = "整改是自报或登记的日期，不等于整改到位，重复出现的问题要另查。到期的少，一件就左右比例。还没到期的不在内。", en = "Rectified is a date in the register, not a proof; look for the same finding again. Where few were due, one decides the share. Notices not yet due are left out." }
source = "D1 §3.2.3"
group = "follow_up"
order = 300
better = "higher"
kind = "share"
due = true
decimals = 1
across = true
tables = ["notices"]
+++ */
select
    notices.region_id,
    notices.department_id,
    quarters.quarter,
    '' as variant,
    100.0 * count(*) filter (where notices.rectified_on <= notices.due_on) / count(*) as value,
    count(*) filter (where notices.rectified_on <= notices.due_on)::double as numerator,
    count(*)::double as denominator,
    count(*) as n,
    null::varchar as note,
from notices
inner join quarters
    on notices.region_id = quarters.region_id
    and notices.due_on between quarters.first_day and quarters.last_day
    and notices.due_on <= quarters.as_of
where (notices.region_id, 'notices', 'rectified_on') in (select (region_id, "table", "column"), from given_columns)
group by notices.region_id, notices.department_id, quarters.quarter
