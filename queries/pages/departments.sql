/* +++
answers = "Which departments a region had in a quarter, with their peer group, in the order of their names (pinyin)."
+++ */
with
latest as (
    -- a department that was renamed or merged has several rows; the quarter's last day says which one holds
    select
        d.*,
        row_number() over (partition by d.department_id order by d.valid_from desc nulls last) as newest,
    from departments as d
    where
        d.region_id = $region
        and (d.valid_from is null or d.valid_from <= $last_day::date)
        and (d.valid_to is null or d.valid_to >= $last_day::date)
)

select
    l.department_id,
    l.name,
    l.name_en,
    l.short_name,
    l.category,
    coalesce(v.zh, l.category) as category_zh,
    coalesce(v.en, v.zh, l.category) as category_en,
    row_number() over (order by coalesce(l.short_name, l.name) collate zh, l.department_id) as name_order,
from latest as l
left join vocabulary as v on v.vocabulary = 'category' and v.code = l.category
where l.newest = 1 and ($category is null or l.category = $category)
order by name_order, l.department_id
