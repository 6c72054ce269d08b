/* +++
answers = "how many comparisons each check of the arithmetic audit made in the region, and what came of them: of all quarters, or of some"
needs = "data"
across = true
+++ */
with chosen as (
    select *,
    from audit_counts
    where
        -- figures of a place that no page can choose, such as a province, belong to every view
        ($region is null or region_id = $region or region_id not in (select region_id from departments where department_id <> '*'))
        and ($department is null or department_id = $department)
        and ($quarters::varchar[] is null or list_contains($quarters::varchar[], quarter))
)

select
    "check",
    sum(compared)::bigint as compared,
    sum(disagrees)::bigint as disagrees,
    sum(look)::bigint as look,
    sum(unread)::bigint as unread,
from chosen
group by "check"
order by "check"
