/* +++
answers = "which regions have departments, with their names and in which each lies"
needs = "words"
+++ */
select
    departments.region_id,
    coalesce(any_value(regions.name), departments.region_id) as zh,
    coalesce(any_value(nullif(regions.name_en, '')), zh) as en,
    coalesce(any_value(regions.parent_id), '') as parent_id,
    count(distinct departments.department_id) as n_departments,
from departments
left join regions on departments.region_id = regions.region_id
where departments.department_id <> '*'
group by departments.region_id
order by departments.region_id
