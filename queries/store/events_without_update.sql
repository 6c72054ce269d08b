/* +++
answers = "Nobody can update what was recorded, not even by hand"
+++ */
create trigger events_without_update before update on events
begin
    select raise(abort, 'what was recorded stays as it is');
end
