/* +++
order = 80
title = { zh = "监督台账与通知书台账", en = "The register of activities and that of notices" }
tables = ["supervision", "notices"]

[why]
zh = "监督活动记的通知书份数，应等于通知书台账里这次活动的份数；通知书所列的活动应在监督台账里。台账开始以前的不核对；最近三十天的可能还在登记，列为留意。"
en = "The notices that an activity states are those that the register of notices has of it, and each notice names an activity that is known. What lies before a register began is not compared; the last thirty days may still be in the making and are worth a look."

[items.notices]
zh = "活动所记份数 = 台账份数"
en = "notices stated = notices in the register"

[items.activity]
zh = "通知书所列的活动在台账里"
en = "the activity of a notice is in the register"
+++ */
with kept as (
    select region_id, min(issued_on) as since, max(issued_on) as until,
    from notices
    group by region_id
),

active as (
    select region_id, min(date) as since,
    from supervision
    group by region_id
),

counted as (
    select region_id, activity_id, count(*) as n,
    from notices
    group by region_id, activity_id
),

compared as (
    select
        supervision.region_id,
        supervision.department_id,
        supervision.date as day,
        'notices' as item,
        supervision.activity_id as detail,
        supervision.notices as stated,
        coalesce(counted.n, 0) as computed,
        supervision.date > kept.until - 30 and coalesce(counted.n, 0) < supervision.notices as is_young,
    from supervision
    inner join kept on supervision.region_id = kept.region_id and supervision.date >= kept.since
    left join counted on supervision.region_id = counted.region_id and supervision.activity_id = counted.activity_id
    union all
    select
        notices.region_id,
        notices.department_id,
        notices.issued_on,
        'activity',
        concat_ws(' · ', notices.notice_id, notices.activity_id),
        1,
        (supervision.activity_id is not null)::int,
        false,
    from notices
    inner join active on notices.region_id = active.region_id and notices.issued_on >= active.since
    left join supervision on notices.region_id = supervision.region_id and notices.activity_id = supervision.activity_id
)

select
    region_id,
    department_id,
    year(day) || 'Q' || quarter(day) as quarter,
    case item when 'notices' then 'supervision' else 'notices' end as "table",
    item,
    detail,
    '=' as relation,
    stated::double as stated,
    computed::double as computed,
    0.0 as tolerance,
    case when is_young then 'look' else 'disagrees' end as severity,
from compared
where stated is not null
order by region_id, department_id, day, item, detail
