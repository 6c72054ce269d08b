/* +++
answers = "For how many quarters was each department without supervision by some methods or all, how much had it in the last four, is it on the key list, and how many complaints did it draw?"
needs = "departments"
+++ */
with shown as (
    select last_day,
    from quarters
    where region_id = $region and quarter = $quarter
),

dated as (
    select supervision.department_id, supervision.date, quarters.quarter,
    from supervision
    cross join shown
    inner join quarters
        on supervision.region_id = quarters.region_id
        and supervision.date between quarters.first_day and quarters.last_day
    where
        supervision.region_id = $region
        and supervision.date <= shown.last_day
        and ($methods::varchar[] is null or list_contains($methods::varchar[], supervision.method))
),

-- a quarter without any activity in the region is a register not kept, not a quarter without supervision
kept as (
    select distinct year(date) || 'Q' || quarter(date) as quarter,
    from supervision
    where region_id = $region
),

-- quarters in which the register was kept and the department, or one that it follows, stood
covered as (
    select distinct lineage.department_id, lineage.former_id, standing.quarter,
    from lineage
    inner join department_quarters as standing
        on lineage.region_id = standing.region_id and lineage.former_id = standing.department_id
    inner join kept on standing.quarter = kept.quarter
    where lineage.region_id = $region and lineage.quarter = $quarter and standing.quarter <= $quarter
),

last_activity as (
    select covered.department_id, max(dated.date) as last_date, max(dated.quarter) as last_quarter,
    from covered
    inner join dated on covered.former_id = dated.department_id and covered.quarter = dated.quarter
    group by covered.department_id
),

idle as (
    select
        covered.department_id,
        count(distinct covered.quarter) as known_quarters,
        count(distinct covered.quarter) filter (where covered.quarter > coalesce(last_activity.last_quarter, '')) as idle_quarters,
        any_value(last_activity.last_date) as last_date,
    from covered
    left join last_activity on covered.department_id = last_activity.department_id
    group by covered.department_id
),

-- of the window that the rules use, too
recent as (
    select distinct member as quarter,
    from windows
    where region_id = $region and quarter = $quarter and length = 4
),

year_of as (
    select
        covered.department_id,
        count(distinct covered.quarter) as year_quarters,
        count(dated.date) as year_activities,
    from covered
    inner join recent on covered.quarter = recent.quarter
    left join dated on covered.former_id = dated.department_id and covered.quarter = dated.quarter
    group by covered.department_id
)

select
    standing.department_id,
    standing.key_supervision,
    idle.known_quarters,
    idle.idle_quarters,
    idle.last_date,
    coalesce(year_of.year_quarters, 0) as year_quarters,
    year_of.year_activities,
    complaints.received as complaints,
    complaints.reported_quarters,
from department_quarters as standing
inner join departments as own on standing.region_id = own.region_id and standing.department_id = own.department_id
left join idle on standing.department_id = idle.department_id
left join year_of on standing.department_id = year_of.department_id
left join window_complaints as complaints
    on standing.region_id = complaints.region_id
    and standing.quarter = complaints.quarter
    and standing.department_id = complaints.department_id
    and complaints.length = 4
where
    standing.region_id = $region
    and standing.quarter = $quarter
    and ($category is null or own.category = $category)
order by standing.department_id
