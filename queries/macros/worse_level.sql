/* +++
answers = "Which of two levels is the worse one; null is no judgement and says nothing against the other"
+++ */
create macro worse_level(one, other) as
    case
        when one = 'alert' or other = 'alert' then 'alert'
        when one = 'watch' or other = 'watch' then 'watch'
        else coalesce(one, other)
    end
