create table glance_metadef_item (
  id varchar(36) not null primary key,
  namespace_id varchar(36) not null,
  kind varchar(20) not null,
  name varchar(80) not null,
  definition text not null,
  created_at bigint not null,
  updated_at bigint not null,
  unique (namespace_id, kind, name)
);
