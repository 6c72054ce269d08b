/* +++
answers = "do published figures agree with their parts (勾稽关系): sums, shares, growth, differences, counts"
+++ */
with parsed as (
    select
        region_id,
        figure_id,
        source,
        "check",
        try_cast(string_split(replace(parts, '；', ';'), ';') as double[]) as numbers,
        stated,
        coalesce(tolerance, 0) as tolerance,
    from stated_figures
)

select
    region_id,
    figure_id,
    source,
    "check",
    case "check"
        when 'sum' then list_sum(numbers)
        when 'share' then 100 * numbers[1] / nullif(numbers[2], 0)
        when 'growth' then 100 * (numbers[1] / nullif(numbers[2], 0) - 1)
        when 'diff' then numbers[1] - numbers[2]
        when 'count' then len(numbers)
    end as computed,
    stated,
    computed - stated as difference,
    tolerance,
    abs(difference) <= tolerance + 1e-9 as agrees,
from parsed
order by region_id, figure_id
