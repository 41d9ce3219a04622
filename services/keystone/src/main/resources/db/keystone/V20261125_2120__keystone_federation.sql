create table keystone_identity_provider (
  id varchar(64) not null primary key,
  domain_id varchar(64) not null,
  enabled boolean not null,
  description ${longtext},
  authorization_ttl integer
);
create index keystone_identity_provider_domain on keystone_identity_provider (domain_id);

create table keystone_remote_id (
  remote_id varchar(255) not null primary key,
  identity_provider_id varchar(64) not null
);
create index keystone_remote_id_identity_provider on keystone_remote_id (identity_provider_id);

create table keystone_federation_protocol (
  identity_provider_id varchar(64) not null,
  id varchar(64) not null,
  mapping_id varchar(64) not null,
  remote_id_attribute varchar(64),
  primary key (identity_provider_id, id)
);

create table keystone_mapping (
  id varchar(64) not null primary key,
  schema_version varchar(5) not null,
  rules ${longtext} not null
);

create table keystone_service_provider (
  id varchar(64) not null primary key,
  auth_url varchar(256) not null,
  sp_url varchar(256) not null,
  description ${longtext},
  enabled boolean not null,
  relay_state_prefix varchar(256) not null
);
