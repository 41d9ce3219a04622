alter table keystone_application_credential add column trust_id varchar(64);
