/* +++
answers = "Nobody can update what was recorded, not even by hand"
+++ */
create trigger replies_without_update before update on replies
begin
    select raise(abort, 'what was recorded stays as it is');
end
