create table nova_service (
  id varchar(36) not null primary key,
  number bigint not null,
  host varchar(255) not null,
  program varchar(64) not null,
  stopped boolean not null,
  seen_at bigint not null
);
create unique index nova_service_host on nova_service (host, program);
