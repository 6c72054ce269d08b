/* +++
answers = "How many complaints, and how many about conduct, did each department receive in each month, where months are reported; 0 for a month in which others had some and it had none"
+++ */
with given_months as (
    select distinct region_id, quarter, month,
    from complaints
    where month is not null and basis <> 'ytd'
),

undivided as (
    select distinct region_id, department_id, quarter,
    from complaints
    where month is null or basis = 'ytd'
),

counted as (
    select
        complaints.region_id,
        complaints.department_id,
        complaints.month,
        sum(complaints.received) as received,
        sum(complaints.received) filter (where complaints.category in ('all', 'not_stated')) as untold,
        sum(complaints.received) filter (where list_contains(string_split(words.mark, ';'), 'conduct')) as conduct,
    from complaints
    left join vocabulary as words
        on words.vocabulary = 'complaint_category'
        and complaints.category = words.code
    where complaints.month is not null and complaints.basis <> 'ytd'
    group by complaints.region_id, complaints.department_id, complaints.month
),

counts as (
    select
        indicators.indicator,
        reported.region_id,
        reported.department_id,
        given_months.month,
        coalesce(if(indicators.indicator = 'conduct_complaints', counted.conduct, counted.received), 0) as received,
    from reported
    inner join given_months on reported.region_id = given_months.region_id and reported.quarter = given_months.quarter
    cross join (values ('complaints_received'), ('conduct_complaints')) as indicators (indicator)
    left join counted
        on reported.region_id = counted.region_id
        and reported.department_id = counted.department_id
        and given_months.month = counted.month
    -- who reports a quarter as a whole has no months in it, and none of them is 0
    anti join undivided
        on reported.region_id = undivided.region_id
        and reported.department_id = undivided.department_id
        and reported.quarter = undivided.quarter
    where
        reported.reported_table = 'complaints'
        -- complaints of which none says its category say nothing of conduct
        and (
            indicators.indicator = 'complaints_received'
            or coalesce(counted.untold, 0) = 0
            or counted.untold < counted.received
        )
)

select
    indicator,
    '' as variant,
    region_id,
    department_id,
    month as quarter,
    'count' as kind,
    'neither' as better,
    received::double as value,
    received::double as numerator,
    null::double as denominator,
    received::bigint as n,
    null::varchar as note,
from counts
order by indicator, region_id, department_id, month
