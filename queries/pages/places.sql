/* +++
answers = "Which regions there are, in which each lies, which are counties, and how many counties in each have figures"
needs = "words"
+++ */
with parents as (
    select region_id, place_id as parent_id
    from places
    where distance = 1
),

counted as (
    select
        places.place_id as region_id,
        count(*) filter (where levels.level = 'county') as n_counties,
        count(known_regions.region_id) filter (where levels.level = 'county') as n_with_figures,
        count(known_regions.region_id) as n_known,
        bool_or(places.distance = 0 and known_regions.region_id is not null) as has_own,
    from places
    inner join levels on places.region_id = levels.region_id
    left join known_regions on places.region_id = known_regions.region_id
    group by places.place_id
)

select
    counted.region_id,
    parents.parent_id,
    coalesce(regions.name, counted.region_id) as zh,
    coalesce(nullif(regions.name_en, ''), zh) as en,
    counted.region_id not in (select parent_id from parents) as is_leaf,
    levels.level = 'county' as is_county,
    counted.n_counties,
    counted.n_with_figures,
    counted.n_known,
    counted.has_own,
from counted
inner join levels on counted.region_id = levels.region_id
left join parents on counted.region_id = parents.region_id
left join regions on counted.region_id = regions.region_id
order by counted.region_id
