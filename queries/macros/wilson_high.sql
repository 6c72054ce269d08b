/* +++
answers = "The upper end of Wilson's interval of a share x of n, in per cent; z is the normal quantile (Wilson 1927 JASA 22:209)"
+++ */
create macro wilson_high(x, n, z) as
    100 * least((2 * x + z * z + z * sqrt(z * z + 4 * x * (1 - x / n::double))) / (2 * (n + z * z)), 1)
