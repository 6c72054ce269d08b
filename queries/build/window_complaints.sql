/* +++
answers = "What complaints did each department ('*': the region) have in a trailing window, over the quarters that were reported?"
+++ */
create table window_complaints as
with of_quarter as (
    select
        reported.region_id,
        reported.quarter,
        reported.department_id,
        coalesce(sum(complaints.received), 0) as received,
        sum(complaints.closed) as closed,
        sum(complaints.substantiated) as substantiated,
        coalesce(sum(complaints.received) filter (where complaints.substantiated is null), 0) as truth_unknown,
        coalesce(sum(complaints.received) filter (where list_contains(string_split(words.mark, ';'), 'conduct')), 0) as conduct,
    from reported
    left join complaints
        on reported.region_id = complaints.region_id
        and reported.quarter = complaints.quarter
        and reported.department_id = complaints.department_id
        and complaints.basis <> 'ytd'
    left join vocabulary as words
        on words.vocabulary = 'complaint_category'
        and complaints.category = words.code
    where
        reported.reported_table = 'complaints'
        and reported.department_id <> '*'
        -- a year-to-date figure alone says nothing of the quarter
        and (reported.region_id, reported.department_id, reported.quarter) not in (
            select (region_id, department_id, quarter),
            from complaints
            where basis = 'ytd'
        )
    group by reported.region_id, reported.quarter, reported.department_id
),

belonging as (
    select lineage.region_id, lineage.quarter, lineage.department_id, windows.length, of_quarter.quarter as member, of_quarter.*,
    from lineage
    inner join windows on lineage.region_id = windows.region_id and lineage.quarter = windows.quarter
    inner join of_quarter
        on lineage.region_id = of_quarter.region_id
        and lineage.former_id = of_quarter.department_id
        and windows.member = of_quarter.quarter
    union all
    select windows.region_id, windows.quarter, '*' as department_id, windows.length, of_quarter.quarter as member, of_quarter.*,
    from windows
    inner join of_quarter on windows.region_id = of_quarter.region_id and windows.member = of_quarter.quarter
)

select
    region_id,
    quarter,
    department_id,
    length,
    count(distinct member) as reported_quarters,
    -- as many quarters as the region has: a part of them is no year to set beside the years of others
    count(distinct member) = max(count(distinct member)) over (partition by region_id, quarter, length) as is_whole,
    count(distinct member) filter (where received > 0) as quarters_with_complaints,
    sum(received)::bigint as received,
    sum(conduct)::bigint as conduct,
    sum(closed)::bigint as closed,
    sum(substantiated)::bigint as substantiated,
    sum(truth_unknown)::bigint as truth_unknown, -- received in rows that do not say how many were substantiated
from belonging
group by region_id, quarter, department_id, length
order by region_id, quarter, department_id, length
