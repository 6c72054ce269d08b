/* +++
answers = "Which powers stood in the catalogue at the end of each quarter, and who answers for them then? A catalogue without any date tells of the last quarter only."
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
),

-- the powers of a department that was closed are those of its successor, also where nobody dated their end
passed_on as (
    select
        begun.* replace (lineage.department_id as department_id),
        begun.department_id as listed_by,
    from begun
    -- of a department that is not there yet, or was closed without a successor, nobody holds them
    inner join lineage
        on begun.region_id = lineage.region_id
        and begun.quarter = lineage.quarter
        and begun.department_id = lineage.former_id
    where coalesce(begun.valid_to, date '9999-12-31') >= begun.last_day
),

-- what the successor has listed itself, by the same number or the same name, takes the place of what it inherited
own as (
    select
        *,
        bool_or(listed_by = department_id) over (partition by region_id, quarter, department_id, power_id) as has_number,
        bool_or(listed_by = department_id) over (partition by region_id, quarter, department_id, name) as has_name,
    from passed_on
)

select * exclude (has_number, has_name),
from own
where listed_by = department_id or not (has_number or has_name)
order by region_id, quarter, department_id, power_id, listed_by
