/* +++
answers = "Which departments a region had in a quarter, with their peer group, in the order of their names (pinyin)."
needs = "words"
peers = "unnamed"
+++ */
select
    d.department_id,
    d.name,
    d.name_en,
    d.short_name,
    d.category,
    coalesce(v.zh, d.category) as category_zh,
    coalesce(v.en, v.zh, d.category) as category_en,
    row_number() over (order by coalesce(d.short_name, d.name) collate zh, d.department_id) as name_order,
from department_quarters as q
inner join departments as d on d.region_id = q.region_id and d.department_id = q.department_id
left join vocabulary as v on v.vocabulary = 'category' and v.code = d.category
where q.region_id = $region and q.quarter = $quarter and ($category is null or d.category = $category)
order by name_order, d.department_id
