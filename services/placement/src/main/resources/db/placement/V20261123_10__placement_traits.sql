create table placement_trait (
  name varchar(255) not null primary key,
  created_at bigint not null
);

create table placement_provider (
  id varchar(36) not null primary key,
  name varchar(200) not null,
  generation bigint not null,
  parent_id varchar(36),
  root_id varchar(36) not null,
  created_at bigint not null,
  updated_at bigint not null
);
create unique index placement_provider_name on placement_provider (name);
create index placement_provider_root on placement_provider (root_id);

create table placement_provider_trait (
  provider_id varchar(36) not null,
  trait varchar(255) not null,
  primary key (provider_id, trait)
);
create index placement_provider_trait_trait on placement_provider_trait (trait);
