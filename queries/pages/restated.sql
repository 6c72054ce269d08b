/* +++
answers = "which cells later imports restated, newest first: what is not asked is not narrowed"
needs = "data"
across = true
+++ */
select
    corrections.import_id,
    corrections."table",
    corrections.region_id,
    corrections.period,
    corrections.key,
    corrections.key ->> 'department_id' as department_id,
    departments.name,
    departments.name_en,
    departments.short_name,
    corrections."column",
    corrections.old,
    corrections.new,
from corrections
left join departments
    on corrections.region_id = departments.region_id
    and corrections.key ->> 'department_id' = departments.department_id
where
    ($region is null or corrections.region_id = $region)
    and ($department is null or corrections.key ->> 'department_id' = $department)
    and ($quarters::varchar[] is null or list_contains($quarters::varchar[], corrections.period))
order by corrections.import_id desc, corrections."table", corrections.period, corrections.key, corrections."column"
