/* +++
answers = "How many complaints did each department receive in each month, where months are reported; 0 for a month in which others had some and it had none"
+++ */
with given_months as (
    select distinct region_id, quarter, month,
    from complaints
    where month is not null and basis <> 'ytd'
),

counted as (
    select region_id, department_id, month, sum(received) as received,
    from complaints
    where month is not null and basis <> 'ytd'
    group by region_id, department_id, month
)

select
    'complaints_received' as indicator,
    '' as variant,
    reported.region_id,
    reported.department_id,
    given_months.month as quarter,
    'count' as kind,
    'neither' as better,
    coalesce(counted.received, 0)::double as value,
    coalesce(counted.received, 0)::double as numerator,
    null::double as denominator,
    coalesce(counted.received, 0)::bigint as n,
    null::varchar as note,
from reported
inner join given_months on reported.region_id = given_months.region_id and reported.quarter = given_months.quarter
left join counted
    on reported.region_id = counted.region_id
    and reported.department_id = counted.department_id
    and given_months.month = counted.month
where reported.reported_table = 'complaints'
order by reported.region_id, reported.department_id, given_months.month
