/* +++
answers = "What do departments of the same kind have, and in how many other regions are there any with a figure? Nobody is named but the department itself, and where that is in fewer than `fewest`, there is its own row alone: many towns of one county would be that county's figures"
needs = "departments"
across = true
+++ */
with own as (
    select category, level, kind
    from kinds
    where region_id = $region and department_id = $department and kind <> ''
),

alike as (
    select kinds.region_id, kinds.department_id, kinds.kind
    from kinds
    inner join own on kinds.category = own.category and kinds.level = own.level and kinds.kind = own.kind
),

held as (
    select
        alike.kind as kind_name,
        kind_figures.region_id = $region and kind_figures.department_id = $department as is_own,
        nullif(kind_figures.region_id, $region) as elsewhere,
        unnest(kind_figures.figures) as figure,
    from kind_figures
    inner join alike
        on kind_figures.region_id = alike.region_id
        and kind_figures.department_id = alike.department_id
    where
        kind_figures.quarter = $quarter
        -- a county's towns are of a kind, and compared with those of other counties
        and (kind_figures.region_id <> $region or kind_figures.department_id = $department)
),

found as (
    select figure.indicator, kind_name, is_own, elsewhere, figure.numerator, figure.denominator
    from held
)

select
    indicator,
    kind_name,
    is_own,
    numerator,
    denominator,
    count(distinct elsewhere) over (partition by indicator) as n_elsewhere,
from found
qualify is_own or n_elsewhere >= $fewest::bigint
order by indicator, is_own desc, denominator, numerator
