/* +++
title = { zh = "监督活动", en = "Supervision activities" }
label = { zh = "监督次数", en = "Activities" }
unit = { zh = "次", en = "activities" }
why = { zh = "本季对该部门开展的监督活动次数；没有记录的部门记为 0。", en = "Supervision activities at the department in the quarter; 0 where the register has none." }
numerator = { zh = "本季对该部门开展的监督活动次数", en = "supervision activities at the department in the quarter" }
caveats = { zh = "次数不说明质量：一次深入检查可能胜过十次谈话。全地区一季都没有记录的，视为没有登记，不记 0。", en = "A count says nothing of depth: one thorough inspection may be worth ten talks. A quarter without any record in the region is a register not kept, and nobody gets 0." }
source = "D1 §1.3"
group = "supervision"
order = 500
better = "neither"
kind = "count"
decimals = 0
tables = ["supervision"]
+++ */
with counted as (
    select
        supervision.region_id,
        supervision.department_id,
        quarters.quarter,
        count(*) as n_activities,
    from supervision
    inner join quarters
        on supervision.region_id = quarters.region_id
        and supervision.date between quarters.first_day and quarters.last_day
    group by supervision.region_id, supervision.department_id, quarters.quarter
),

kept as (
    select distinct region_id, quarter,
    from counted
)

select
    departments.region_id,
    departments.department_id,
    departments.quarter,
    '' as variant,
    coalesce(counted.n_activities, 0)::double as value,
    coalesce(counted.n_activities, 0)::double as numerator,
    null::double as denominator,
    coalesce(counted.n_activities, 0)::bigint as n,
    null::varchar as note,
from department_quarters as departments
-- a quarter without any activity in the region is a register not kept, not sixty-four zeros
inner join kept on departments.region_id = kept.region_id and departments.quarter = kept.quarter
left join counted
    on departments.region_id = counted.region_id
    and departments.department_id = counted.department_id
    and departments.quarter = counted.quarter
