alter table glance_location add column place integer default 0 not null;
alter table glance_location add column metadata text;
