create table keystone_revocation (
  kind varchar(16) not null,
  subject varchar(64) not null,
  issued_before bigint not null,
  revoked_at bigint not null,
  primary key (kind, subject)
);
create index keystone_revocation_revoked_at on keystone_revocation (revoked_at);

create table keystone_token_generation (
  id integer not null primary key,
  number bigint not null
);
insert into keystone_token_generation (id, number) values (1, 0);
