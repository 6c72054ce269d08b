/* +++
answers = "the notices to a department, and to those that it follows, that were issued, due or still open in a window"
needs = "rows"
+++ */
with span as (
    select region_id, quarter, min(member_first_day) as first_day, max(member_last_day) as last_day,
    from windows
    where length = $window
    group by region_id, quarter
)

select
    notices.notice_id,
    notices.activity_id,
    notices.department_id,
    notices.domain,
    notices.finding_type,
    notices.issued_on,
    notices.due_on,
    notices.rectified_on,
from lineage
inner join span on lineage.region_id = span.region_id and lineage.quarter = span.quarter
inner join notices
    on lineage.region_id = notices.region_id
    and lineage.former_id = notices.department_id
    and notices.issued_on <= span.last_day
    -- open in some of it, or to be rectified in it
    and greatest(notices.due_on, coalesce(notices.rectified_on, date '9999-12-31')) >= span.first_day
where lineage.region_id = $region and lineage.quarter = $quarter and lineage.department_id = $department
order by notices.due_on, notices.department_id, notices.notice_id
