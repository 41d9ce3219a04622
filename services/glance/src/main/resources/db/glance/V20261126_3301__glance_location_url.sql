alter table glance_location add column url varchar(2048);
