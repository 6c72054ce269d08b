/* +++
answers = "How far below its lines does a share x of n lie: watch where the share and its 80 % interval are, alert where the 95 % interval is, null on too few"
+++ */
create macro level_below(x, n, watch, alert, fewest) as
    case
        when n is null or x is null or n < fewest or n <= 0 then null
        when wilson_high(x, n, 1.959964) < alert then 'alert'
        when 100.0 * x / n < watch and wilson_high(x, n, 1.281552) < watch then 'watch'
        else 'ok'
    end
