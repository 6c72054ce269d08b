/* +++
answers = "Which powers stood in the catalogue at the end of each quarter? A catalogue without any date tells of the last quarter only."
+++ */
create table powers_in_force as
with dated as (
    select region_id, bool_or(valid_from is not null or valid_to is not null) as has_history,
    from powers
    group by region_id
),

last_quarters as (
    select region_id, max(quarter) as quarter,
    from quarters
    group by region_id
),

-- a power that was entered anew stands as it was entered last
begun as (
    select quarters.quarter, quarters.last_day, powers.*,
    from powers
    inner join dated on powers.region_id = dated.region_id
    inner join last_quarters on powers.region_id = last_quarters.region_id
    inner join quarters
        on powers.region_id = quarters.region_id
        and (dated.has_history or quarters.quarter = last_quarters.quarter)
        and coalesce(powers.valid_from, date '0001-01-01') <= quarters.last_day
    qualify
        row_number() over (
            partition by powers.region_id, powers.power_id, powers.department_id, quarters.quarter
            order by powers.valid_from desc nulls last
        ) = 1
)

select *,
from begun
where coalesce(valid_to, date '9999-12-31') >= last_day
order by region_id, quarter, department_id, power_id
