-- What users (USER) and groups (GROUP) of other directories are called here.
create table keystone_id_mapping (
  public_id varchar(64) not null primary key,
  domain_id varchar(64) not null,
  kind varchar(8) not null,
  local_id varchar(255) not null
);
create unique index keystone_id_mapping_local on keystone_id_mapping (domain_id, kind, local_id);
