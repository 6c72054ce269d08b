/* +++
title = { zh = "作风类投诉举报", en = "Conduct complaints received" }
label = { zh = "作风投诉", en = "Conduct" }
unit = { zh = "件", en = "complaints" }
why = { zh = "反映门难进、脸难看、乱收费、吃拿卡要、推诿扯皮一类作风问题的投诉；单看件数不判断好坏，看它有没有真实上升。", en = "Complaints about manner and conduct: doors shut, arbitrary charges, favours demanded, shirking. The count by itself judges nobody; what matters is whether it truly rises." }
numerator = { zh = "本季受理的投诉举报中，类别带有“作风”标记的件数", en = "complaints received in the quarter whose category carries the mark of conduct" }
caveats = { zh = "哪些类别算作风由词表的标记决定，改了标记前后不能相比。没有折算规模，不能拿来比部门。类别由登记的人判断；全部未分类别的季度没有数，不是 0。", en = "The vocabulary's marks say which categories are conduct; figures before and after a change of marks do not compare. Not divided by size, so departments cannot be compared by it. Whoever registers a complaint judges its category; a quarter in which no complaint was told apart by category has no figure, which is not 0." }
source = "D1 §3.2.3"
group = "complaints"
order = 115
better = "neither"
kind = "count"
decimals = 0
tables = ["complaints"]
fine = true
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
        complaints.region_id,
        complaints.department_id,
        complaints.quarter,
        sum(complaints.received) as received,
        sum(complaints.received) filter (where complaints.category in ('all', 'not_stated')) as untold,
        sum(complaints.received) filter (where list_contains(string_split(words.mark, ';'), 'conduct')) as conduct,
    from complaints
    left join vocabulary as words
        on words.vocabulary = 'complaint_category'
        and complaints.category = words.code
    where complaints.basis <> 'ytd'
    group by complaints.region_id, complaints.department_id, complaints.quarter
)

select
    reported.region_id,
    reported.department_id,
    reported.quarter,
    '' as variant,
    coalesce(counted.conduct, 0)::double as value,
    coalesce(counted.conduct, 0)::double as numerator,
    null::double as denominator,
    coalesce(counted.conduct, 0)::bigint as n,
    if(months.n_months < 3, 'partial_quarter', null) as note,
from reported
left join months on reported.region_id = months.region_id and reported.quarter = months.quarter
left join counted
    on reported.region_id = counted.region_id
    and reported.department_id = counted.department_id
    and reported.quarter = counted.quarter
where
    reported.reported_table = 'complaints'
    -- complaints of which none says its category say nothing of conduct
    and (coalesce(counted.untold, 0) = 0 or counted.untold < counted.received)
    -- a year-to-date figure alone says nothing of the quarter
    and (reported.region_id, reported.department_id, reported.quarter) not in (
        select (region_id, department_id, quarter),
        from complaints
        where basis = 'ytd'
    )
