/* +++
answers = "What do several places ('part'), and one ('all') with the departments of its own ('own'), have of everything that can be added up, and how many counties stand behind that? Every record counts once"
needs = "region"
+++ */
with parents as (
    select distinct place_id
    from places
    where distance > 0
),

-- which regions' figures make each row
members as (
    select 'part' as role, place_id, region_id
    from places
    where $places::varchar[] is null or place_id in (select unnest($places::varchar[]))
    union all
    select distinct 'all', $within::varchar, region_id
    from places
    where $within is null or place_id = $within
    union all
    select 'own', place_id, place_id
    from parents
    where place_id = $within
),

there as (
    select *
    from region_figures
    where
        ($quarters::varchar[] is null or list_contains($quarters::varchar[], quarter))
        and window_quarters = coalesce($window, 4)
        and ($figure is null or indicator = $figure)
        and region_id in (select region_id from members)
),

-- A figure that a region states for itself as a whole stands for its departments; where regions below have the figure,
-- it would count them twice, and the parts are added up instead.
stated as (
    select region_id, indicator, quarter
    from there
    where
        is_stated
        and (region_id, indicator, quarter) not in (
            select (places.place_id, deeper.indicator, deeper.quarter),
            from places
            inner join there as deeper on places.region_id = deeper.region_id
            where places.distance > 0 and places.place_id in (select region_id from there where is_stated)
        )
),

chosen as (
    select there.*
    from there
    left join stated
        on there.region_id = stated.region_id
        and there.indicator = stated.indicator
        and there.quarter = stated.quarter
    where there.is_stated = (stated.region_id is not null)
)

select
    members.role,
    members.place_id as region_id,
    chosen.quarter,
    chosen.indicator,
    sum(chosen.numerator)::double as numerator,
    sum(chosen.denominator)::double as denominator,
    sum(chosen.departments)::bigint as departments,
    count(*) filter (where chosen.region_id not in (select place_id from parents)) as n_leaves,
    bool_or(chosen.is_partial) as is_partial,
    bool_or(chosen.is_short) as is_short,
from members
inner join chosen on members.region_id = chosen.region_id
group by members.role, members.place_id, chosen.quarter, chosen.indicator
order by members.place_id, members.role, chosen.quarter, chosen.indicator
