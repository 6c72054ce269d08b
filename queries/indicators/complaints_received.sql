/* +++
title = { zh = "受理投诉举报", en = "Complaints received" }
label = { zh = "受理件数", en = "Received" }
unit = { zh = "件", en = "complaints" }
why = { zh = "件数多少取决于业务量和渠道，不能单独用来判断好坏。", en = "A count depends on workload and on open channels; by itself it judges nobody." }
numerator = { zh = "本季受理的投诉举报件数（不含咨询）", en = "complaints received in the quarter, enquiries left out" }
caveats = { zh = "没有按规模折算，不能拿来比部门。报送了而没有投诉的是 0；没有报送的是无数据，不是 0。只报了部分月份的季度会注明，不与别的季度比。", en = "Not divided by size, so departments cannot be compared by it. Who reported and had none has 0; who did not report has no data, which is not 0. A quarter with some of its months only is marked and not compared." }
source = "D1 §1.3"
group = "complaints"
order = 110
better = "neither"
kind = "count"
decimals = 0
tables = ["complaints"]
+++ */
-- a region that reports by month may have published only some months of a quarter
with months as (
    select region_id, quarter, count(distinct month) as n_months,
    from complaints
    where month is not null
    group by region_id, quarter
),

counted as (
    select
        region_id,
        department_id,
        quarter,
        sum(received) as received,
    from complaints
    where basis <> 'ytd'
    group by region_id, department_id, quarter
)

select
    reported.region_id,
    reported.department_id,
    reported.quarter,
    '' as variant,
    coalesce(counted.received, 0)::double as value,
    coalesce(counted.received, 0)::double as numerator,
    null::double as denominator,
    coalesce(counted.received, 0)::bigint as n,
    if(months.n_months < 3, 'partial_quarter', null) as note,
from reported
left join months on reported.region_id = months.region_id and reported.quarter = months.quarter
left join counted
    on reported.region_id = counted.region_id
    and reported.department_id = counted.department_id
    and reported.quarter = counted.quarter
where
    reported.reported_table = 'complaints'
    -- a year-to-date figure alone says nothing of the quarter
    and (reported.region_id, reported.department_id, reported.quarter) not in (
        select (region_id, department_id, quarter),
        from complaints
        where basis = 'ytd'
    )
