/* +++
answers = "What kind of department is each, by its category and by its name without the places in it; '' where the name tells none. Departments of a county are of a kind with those of counties, a city's own with other cities'."
+++ */
create table kinds as
with named as (
    select places.region_id, list(regions.name order by places.distance desc) as names,
    from places
    inner join regions on places.place_id = regions.region_id
    where regions.name is not null
    group by places.region_id
),

leaves as (
    select region_id
    from places
    group by region_id
    having region_id not in (select place_id from places where distance = 1)
)

select
    departments.region_id,
    departments.department_id,
    coalesce(departments.category, '') as category,
    departments.region_id in (select region_id from leaves) as is_leaf,
    kind_of_name(
        list_reduce(
            list_prepend(departments.name, coalesce(named.names, [])), lambda words, place: without_place(words, place)
        )
    ) as kind,
from departments
left join named on departments.region_id = named.region_id
where departments.department_id <> '*' and departments.name is not null
order by category, is_leaf, kind, departments.region_id, departments.department_id
