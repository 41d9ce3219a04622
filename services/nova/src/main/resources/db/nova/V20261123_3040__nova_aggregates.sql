create table nova_aggregate (
  id bigint not null primary key,
  uuid varchar(36) not null,
  name varchar(255) not null,
  metadata text not null,
  created_at bigint not null,
  updated_at bigint
);
create unique index nova_aggregate_name on nova_aggregate (name);

create table nova_aggregate_host (
  aggregate_id bigint not null,
  host varchar(255) not null,
  primary key (aggregate_id, host)
);
create index nova_aggregate_host_host on nova_aggregate_host (host);

insert into nova_number (name, value) values ('aggregate', 0);
