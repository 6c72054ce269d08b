/* +++
answers = "What do the gap rules say: of a region, a quarter, a department, a rule or those of some states; what is not asked is not narrowed"
needs = "departments"
+++ */
select
    gaps.rule,
    gaps.region_id,
    gaps.department_id,
    departments.name,
    departments.name_en,
    departments.short_name,
    departments.category,
    gaps.quarter,
    gaps.status,
    gaps.value,
    gaps.threshold,
    gaps.n,
    gaps.note,
    gaps.missing,
    gaps.covered_quarters,
    gaps.previous,
    gaps.since,
    gaps.spell_quarters,
    gaps.evidence,
    calm.quarter as clear,
from gaps
left join departments on gaps.region_id = departments.region_id and gaps.department_id = departments.department_id
-- the last quarter before the spell in which the rule judged and did not flag
asof left join (
    select rule, region_id, department_id, quarter,
    from gaps
    where status = 'ok'
) as calm
    on gaps.rule = calm.rule
    and gaps.region_id = calm.region_id
    and gaps.department_id = calm.department_id
    and gaps.since > calm.quarter
where
    gaps.department_id <> '*'
    and ($region is null or gaps.region_id = $region)
    and ($quarter is null or gaps.quarter = $quarter)
    and ($department is null or gaps.department_id = $department)
    and ($rule is null or gaps.rule = $rule)
    and ($statuses::varchar[] is null or list_contains($statuses::varchar[], gaps.status))
order by gaps.region_id, gaps.rule, gaps.quarter, gaps.department_id
