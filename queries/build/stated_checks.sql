/* +++
answers = "what the parts of each published figure give: sums, shares, growth, differences, counts; null where they cannot be read"
+++ */
create table stated_checks as
with split as (
    select
        region_id,
        figure_id,
        source,
        "check",
        list_transform(string_split(translate(parts, '；、', ';;'), ';'), lambda part: trim(part)) as words,
        -- a comma is a separator of thousands or it is not understood: guessing would invent a disagreement
        list_transform(
            words,
            lambda part:
                try_cast(
                    case
                        when regexp_full_match(part, '-?\d{1,3}(,\d{3})+(\.\d+)?') then replace(part, ',', '')
                        else part
                    end as double
                )
        ) as numbers,
        stated,
        coalesce(tolerance, 0) as tolerance,
    from stated_figures
)

select
    region_id,
    figure_id,
    source,
    "check",
    case
        when "check" = 'count' then len(list_filter(words, lambda part: part <> ''))
        when list_contains(list_transform(numbers, lambda number: number is null), true) then null
        when "check" = 'sum' then list_sum(numbers)
        when len(numbers) <> 2 then null
        when "check" = 'share' then 100 * numbers[1] / nullif(numbers[2], 0)
        when "check" = 'growth' then 100 * (numbers[1] / nullif(numbers[2], 0) - 1)
        when "check" = 'diff' then numbers[1] - numbers[2]
    end as computed,
    stated,
    tolerance,
from split
order by region_id, figure_id
