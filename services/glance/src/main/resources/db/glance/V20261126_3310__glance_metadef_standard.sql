create table glance_metadef_standard (
  namespace varchar(80) not null primary key
);
