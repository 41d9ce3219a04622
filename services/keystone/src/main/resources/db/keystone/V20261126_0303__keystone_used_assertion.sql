-- SAML assertions that were used, so that none is used twice.
create table keystone_used_assertion (
  id varchar(64) not null primary key,
  forget_at bigint not null
);
create index keystone_used_assertion_forget_at on keystone_used_assertion (forget_at);
