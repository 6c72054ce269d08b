"""Pure functions on arrays: what a figure may be said to show. Each cites its source; none knows the database or Dash.

`raters` takes out the severity of who rated; `ranks` says which places the ballots carry; `composite` adds dimensions
up and tries other weights; `control_chart` tells change from noise; `funnel` and `intervals` judge counts and shares;
`shrinkage` steadies small departments for display; `concentration` and `suppression` describe and protect counts.
Quantiles are of type 7 (numpy's `linear`) unless a function says otherwise; a missing value is NaN.
"""
