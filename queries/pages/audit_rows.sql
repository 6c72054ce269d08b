/* +++
answers = "which comparisons of the arithmetic audit do not agree, are worth a look, or could not be made: what is not asked is not narrowed"
needs = "data"
across = true
+++ */
select
    audit_rows."check",
    audit_rows.region_id,
    coalesce(regions.name, audit_rows.region_id) as region_zh,
    coalesce(nullif(regions.name_en, ''), regions.name, audit_rows.region_id) as region_en,
    audit_rows.department_id,
    departments.name,
    departments.name_en,
    departments.short_name,
    audit_rows.quarter,
    audit_rows."table",
    audit_rows.item,
    audit_rows.detail,
    audit_rows.relation,
    audit_rows.stated,
    audit_rows.computed,
    audit_rows.difference,
    audit_rows.tolerance,
    audit_rows.verdict,
    stated_figures.source,
from audit_rows
left join regions on audit_rows.region_id = regions.region_id
left join departments
    on audit_rows.region_id = departments.region_id
    and audit_rows.department_id = departments.department_id
left join stated_figures
    on audit_rows."table" = 'stated_figures'
    and audit_rows.region_id = stated_figures.region_id
    and audit_rows.detail = stated_figures.figure_id
where
    (
        $region is null
        or audit_rows.region_id = $region
        or audit_rows.region_id not in (select region_id from departments where department_id <> '*')
    )
    and ($department is null or audit_rows.department_id = $department)
    and ($quarters::varchar[] is null or list_contains($quarters::varchar[], audit_rows.quarter))
    and ($check is null or audit_rows."check" = $check)
    and ($verdicts::varchar[] is null or list_contains($verdicts::varchar[], audit_rows.verdict))
order by
    case audit_rows.verdict when 'disagrees' then 1 when 'look' then 2 else 3 end,
    audit_rows.quarter desc nulls last,
    audit_rows."check",
    audit_rows.region_id,
    audit_rows.department_id,
    audit_rows."table",
    audit_rows.item,
    audit_rows.detail
