/* +++
answers = "Which of the three stages of power, or of the three spheres, had no activity of four quarters, and may that be said of a register that does not tell everything?"
+++ */
create macro unwatched_parts(told, watch, alert, fewest) as table
with seen as (
    select
        *,
        if(told = 'sphere', with_sphere, with_power_stage) as n_told,
        if(told = 'sphere', spheres, power_stages) as watched,
        if(told = 'sphere', ['individual', 'process', 'society'], ['grant', 'exercise', 'result']) as parts,
        [part for part in parts if not list_contains(watched, part)] as unwatched,
        len(unwatched) as missing,
    from window_activities
    where length = 4 and department_id <> '*'
),

judged as (
    select
        *,
        case
            when kept_quarters < 4 and (activities = 0 or (n_told >= fewest and missing >= watch)) then 'short_register'
            when activities > 0 and n_told < fewest then 'few'
            when activities > n_told and missing >= watch then 'not_told'
        end as note,
    from seen
)

select
    region_id,
    department_id,
    quarter,
    missing::double as value,
    if(activities = 0 or missing >= alert, alert, watch)::double as threshold,
    n_told as n,
    case
        when note is not null then null
        when activities = 0 or missing >= alert then 'alert'
        when missing >= watch then 'watch'
        else 'ok'
    end as level,
    note,
    kept_quarters as covered_quarters,
    if(activities = 0, 'none', 'some') as reason,
    activities,
    unwatched,
    kept_quarters,
from judged
