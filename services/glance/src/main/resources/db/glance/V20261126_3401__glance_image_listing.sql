-- Deleted images stay as rows: a list must not walk past all that ever were.
create index glance_image_listed on glance_image (deleted_at, created_at, id);
create index glance_image_named on glance_image (deleted_at, name);
