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
)

select quarters.quarter, quarters.last_day, powers.*,
from powers
inner join dated on powers.region_id = dated.region_id
inner join last_quarters on powers.region_id = last_quarters.region_id
inner join quarters
    on powers.region_id = quarters.region_id
    and (dated.has_history or quarters.quarter = last_quarters.quarter)
    and coalesce(powers.valid_from, date '0001-01-01') <= quarters.last_day
    and coalesce(powers.valid_to, date '9999-12-31') >= quarters.last_day
order by powers.region_id, quarters.quarter, powers.department_id, powers.power_id
