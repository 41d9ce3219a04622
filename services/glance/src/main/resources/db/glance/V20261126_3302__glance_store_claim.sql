create table glance_store_claim (
  store varchar(64) not null,
  place varchar(512) not null,
  primary key (store, place)
);
