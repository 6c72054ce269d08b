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
)

select
    departments.region_id,
    departments.department_id,
    coalesce(departments.category, '') as category,
    levels.level,
    kind_of_name(
        list_reduce(
            list_prepend(departments.name, coalesce(named.names, [])), lambda words, place: without_place(words, place)
        )
    ) as kind,
from departments
inner join levels on departments.region_id = levels.region_id
left join named on departments.region_id = named.region_id
where departments.department_id <> '*' and departments.name is not null
order by category, level, kind, departments.region_id, departments.department_id
