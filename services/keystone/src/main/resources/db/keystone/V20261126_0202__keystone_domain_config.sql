-- The value is JSON.
create table keystone_domain_option (
  domain_id varchar(64) not null,
  option_group varchar(64) not null,
  name varchar(64) not null,
  value ${longtext} not null,
  primary key (domain_id, option_group, name)
);

create table keystone_domain_secret (
  domain_id varchar(64) not null,
  option_group varchar(64) not null,
  name varchar(64) not null,
  sealed ${longtext} not null,
  primary key (domain_id, option_group, name)
);
