/* +++
answers = "Does the control chart of complaints, of all or of those about conduct, show a rise in a quarter: in its months, or in the quarter where months are not reported or mostly too few to be judged?"
+++ */
create table complaint_signals as
with points as (
    select
        indicator,
        region_id,
        department_id,
        as_of as quarter,
        grain,
        period,
        if(grain = 'month', period[1:4] || 'Q' || ((period[6:7]::int + 2) // 3), period) as quarter_of_period,
        value,
        mean,
        upper,
        n as n_points,
        is_trial,
        point_type,
        -- the strongest first, in the order in which the chart names them
        coalesce(
            if(direction = 'high', list_position(['shift', 'two_of_three', 'trend', 'astronomical'], point_type), 0),
            0
        ) as strength,
    from control_points
    where indicator in ('complaints_received', 'conduct_complaints') and variant = '' and not starts_with(department_id, '*')
),

charts as (
    select
        indicator,
        region_id,
        department_id,
        quarter,
        grain,
        count(*) filter (where value is not null and upper is not null) as limited,
        count(*) filter (where value is not null and upper is not null and point_type = '') as unsaid,
    from points
    group by indicator, region_id, department_id, quarter, grain
),

-- the chart that a reader is shown: months, unless most of them have too few events or no limits, and quarters are there
shown as (
    select indicator, region_id, department_id, quarter, grain,
    from charts
    qualify row_number() over (
        partition by indicator, region_id, department_id, quarter
        order by
            case
                when grain = 'month' and limited > 0 and 2 * unsaid <= limited then 1
                when grain = 'quarter' then 2
                else 3
            end
    ) = 1
),

recent as (
    select
        points.*,
        sum(value) over of_quarter as received,
        count(*) filter (where point_type <> '') over of_quarter as n_said,
        count(upper) over of_quarter as n_limited,
    from points
    inner join shown using (indicator, region_id, department_id, quarter, grain)
    where points.quarter_of_period = points.quarter and points.value is not null
    window of_quarter as (partition by points.indicator, points.region_id, points.department_id, points.quarter)
    qualify row_number() over (
        partition by points.indicator, points.region_id, points.department_id, points.quarter
        order by points.strength desc, points.period desc
    ) = 1
)

select
    indicator,
    region_id,
    department_id,
    quarter,
    grain,
    period,
    received::bigint as received,
    value,
    mean,
    upper,
    n_points,
    is_trial,
    case when strength > 0 then point_type when n_said > 0 then 'none' end as signal,
    case when n_said > 0 then null when n_limited > 0 then 'few' else 'short' end as note,
from recent
order by indicator, region_id, department_id, quarter
