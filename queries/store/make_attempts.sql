/* +++
answers = "One row a name or an address from which signing in failed, until it succeeds or is forgotten"
+++ */
create table attempts (
    key text primary key, -- 'account:' and a name, or 'address:' and an address
    failures integer not null,
    last_at text not null,
    until text not null -- no attempt is looked at before; '' where it may be tried at once
) strict
