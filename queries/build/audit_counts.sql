/* +++
answers = "how many comparisons the arithmetic audit made, by check, department and quarter, and what came of them"
+++ */
create table audit_counts as
select
    "check",
    region_id,
    department_id,
    quarter,
    count(*) filter (verdict <> 'unread') as compared,
    count(*) filter (verdict = 'disagrees') as disagrees,
    count(*) filter (verdict = 'look') as look,
    count(*) filter (verdict = 'unread') as unread,
from computed
group by "check", region_id, department_id, quarter
order by region_id, "check", department_id, quarter
