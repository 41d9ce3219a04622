create table glance_metadef_namespace (
  id varchar(36) not null primary key,
  generation bigint not null,
  namespace varchar(80) not null unique,
  display_name varchar(80),
  description varchar(500),
  owner varchar(255),
  visibility varchar(20) not null,
  protected boolean not null,
  created_at bigint not null,
  updated_at bigint not null
);
create index glance_metadef_namespace_created on glance_metadef_namespace (created_at, id);
create index glance_metadef_namespace_owner on glance_metadef_namespace (owner);
