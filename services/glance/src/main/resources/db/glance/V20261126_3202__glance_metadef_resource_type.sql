create table glance_metadef_resource_type (
  name varchar(80) not null primary key,
  created_at bigint not null,
  updated_at bigint not null
);

create table glance_metadef_association (
  namespace_id varchar(36) not null,
  resource_type varchar(80) not null,
  prefix varchar(80),
  properties_target varchar(80),
  created_at bigint not null,
  updated_at bigint not null,
  primary key (namespace_id, resource_type)
);
create index glance_metadef_association_type on glance_metadef_association (resource_type);
