/* +++
answers = "Which peer groups a region's departments belong to, in the vocabulary's order."
needs = "words"
+++ */
select
    d.category,
    coalesce(v.zh, d.category) as zh,
    coalesce(v.en, v.zh, d.category) as en,
    count(distinct d.department_id) as departments,
from departments as d
left join vocabulary as v on v.vocabulary = 'category' and v.code = d.category
where d.region_id = $region and d.category is not null
group by d.category, v.zh, v.en, v.sort
order by v.sort nulls last, d.category
