create table keystone_credential (
  id varchar(64) not null primary key,
  user_id varchar(64) not null,
  project_id varchar(64),
  type varchar(255) not null,
  sealed_blob ${longtext} not null,
  extra ${longtext} not null
);
create index keystone_credential_user on keystone_credential (user_id);
create index keystone_credential_project on keystone_credential (project_id);

create table keystone_policy_document (
  id varchar(64) not null primary key,
  type varchar(255) not null,
  document ${longtext} not null,
  extra ${longtext} not null
);

create table keystone_trust (
  id varchar(64) not null primary key,
  trustor_user_id varchar(64) not null,
  trustee_user_id varchar(64) not null,
  project_id varchar(64),
  impersonation boolean not null,
  expires_at bigint,
  remaining_uses integer,
  redelegated_trust_id varchar(64),
  redelegation_count integer not null,
  role_ids ${longtext} not null,
  extra ${longtext} not null
);
create index keystone_trust_trustor on keystone_trust (trustor_user_id);
create index keystone_trust_trustee on keystone_trust (trustee_user_id);
create index keystone_trust_project on keystone_trust (project_id);

create table keystone_application_credential (
  id varchar(64) not null primary key,
  name varchar(255) not null,
  user_id varchar(64) not null,
  project_id varchar(64) not null,
  secret_hash varchar(255) not null,
  description ${longtext},
  expires_at bigint,
  unrestricted boolean not null,
  role_ids ${longtext} not null,
  access_rule_ids ${longtext}
);
create unique index keystone_application_credential_name on keystone_application_credential (user_id, name);
create index keystone_application_credential_project on keystone_application_credential (project_id);

create table keystone_access_rule (
  id varchar(64) not null primary key,
  user_id varchar(64) not null,
  service varchar(64),
  path varchar(225),
  method varchar(16)
);
create index keystone_access_rule_user on keystone_access_rule (user_id);
