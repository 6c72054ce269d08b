/* +++
answers = "Which regions lie in which place (each in itself, too), and how many steps below it: province → city → county, as far as the table of regions says so"
+++ */
create table places as
with recursive known as (
    select region_id from regions
    union
    select region_id from known_regions
    union
    select region_id from departments
),

-- a parent that nobody knows is none: the region stands at the top and is not lost
stated as (
    select regions.region_id, regions.parent_id
    from regions
    inner join known on regions.parent_id = known.region_id
    where regions.region_id <> regions.parent_id
),

reached as (
    select region_id, parent_id as place_id from stated
    union
    select reached.region_id, stated.parent_id
    from reached
    inner join stated on reached.place_id = stated.region_id
),

-- nothing lies in itself: of regions that were put into each other in a circle none has a parent
steps as (
    select region_id, parent_id
    from stated
    where (parent_id, region_id) not in (select (region_id, place_id) from reached)
),

within as (
    select region_id as place_id, region_id, 0 as distance from known
    union all
    select steps.parent_id, within.region_id, within.distance + 1
    from within
    inner join steps on within.place_id = steps.region_id
)

select place_id, region_id, distance::integer as distance,
from within
order by place_id, distance, region_id
