/* +++
answers = "What does an axis rule return: how many of the activities of four quarters are of the side that tends to be neglected, and what does that share reach?"
+++ */
create macro light_share(side, watch, alert, fewest) as table
with counted as (
    select
        *,
        case side
            when 'bottom_up' then bottom_up
            when 'leader_conduct' then leader_conduct
            when 'macro' then macro
            when 'organisation' then organisation
            when 'proactive' then proactive
            when 'before_or_during' then before + during
        end as light,
    from window_activities
    where length = 4
),

judged as (
    select *, level_below(light, activities, watch, alert, fewest) as level,
    from counted
)

select
    region_id,
    department_id,
    quarter,
    100.0 * light / nullif(activities, 0) as value,
    if(level = 'alert', alert, watch)::double as threshold,
    activities as n,
    level,
    if(level is null, 'few', null) as note,
    kept_quarters as covered_quarters,
    activities - light as heavy,
    light,
    wilson_low(light, nullif(activities, 0), 1.959964) as low,
    wilson_high(light, nullif(activities, 0), 1.959964) as high,
    value as light_share,
    low as light_low,
    high as light_high,
    watch::double as light_watch,
    alert::double as light_alert,
from judged
