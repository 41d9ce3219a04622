package io.nacre.keystone;

import io.nacre.base.Ids;
import io.nacre.base.Transactions;
import io.nacre.keystone.assignment.EffectiveRoles;
import io.nacre.keystone.audit.Audit;
import io.nacre.keystone.directory.DomainDirectories;
import io.nacre.keystone.endpointfilter.EndpointFilters;
import io.nacre.keystone.entity.Filter;
import io.nacre.keystone.entity.Listings;
import io.nacre.keystone.password.ComplianceConfig;
import io.nacre.keystone.password.Passwords;
import io.nacre.keystone.project.Project;
import io.nacre.keystone.revocation.Remembered;
import io.nacre.keystone.revocation.Revocations;
import io.nacre.keystone.service.CatalogService;
import io.nacre.keystone.user.PasswordLogins;
import io.nacre.keystone.user.PasswordRules;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/** What the families of resources are made of. */
final class Parts {
    private static final Duration REMEMBERED = Duration.ofMinutes(1);

    final Transactions transactions;
    final KeystoneConfig config;
    final Ids ids;
    final InstantSource clock;
    final Stores stores;
    final Listings listings;
    final Passwords passwords;
    final PasswordRules passwordRules;
    final PasswordLogins passwordLogins;
    final Revocations revocations;
    final Remembered.Memory memory;
    final EffectiveRoles effective;
    final Audit audit;
    final Removals removals;
    final EndpointFilters endpointFilters;
    final CatalogRemovals catalogRemovals;
    final DomainDirectories directories;

    private final Remembered<String, String> serviceIds;

    /** @param notifications takes what is told of changes and logins */
    Parts(
            Transactions transactions,
            KeystoneConfig config,
            Ids ids,
            InstantSource clock,
            Consumer<JsonNode> notifications) {
        this.transactions = transactions;
        this.config = config;
        this.ids = ids;
        this.clock = clock;
        stores = new Stores(config, ids, clock);
        listings = new Listings(config.listLimit());
        ComplianceConfig compliance = config.securityCompliance();
        passwords = new Passwords(config.password(), ids.random(), clock);
        passwordRules = new PasswordRules(compliance, transactions, stores.history, passwords, clock);
        revocations = new Revocations(
                transactions,
                stores.revocations,
                config.revocationPoll(),
                config.tokenLifetime().plus(config.allowExpiredWindow()),
                clock);
        memory = new Remembered.Memory(transactions, revocations, config.rememberedTokens(), REMEMBERED, clock);
        serviceIds = memory.of();
        audit = new Audit(config.notifications(), notifications, this::serviceId, this::isDomain, ids, clock);
        passwordLogins =
                new PasswordLogins(compliance, transactions, stores.users, stores.failures, passwords, audit, clock);
        effective = new EffectiveRoles(stores.grants, stores.groups, stores.projects, stores.roles, stores.expiring);
        endpointFilters = new EndpointFilters(
                stores.endpoints,
                stores.endpointGroups,
                stores.endpointProjects,
                stores.groupProjects,
                config.endpointFilter());
        removals = new Removals(stores, revocations);
        catalogRemovals = new CatalogRemovals(stores, revocations);
        directories = new DomainDirectories(
                config.identity(),
                transactions,
                new DomainDirectories.Tables(
                        stores.users, stores.groups, stores.projects, stores.idMappings, stores.domainConfigs),
                removals,
                revocations,
                audit,
                clock);
    }

    private boolean isDomain(String projectId) {
        return transactions
                .read(tx -> stores.projects.find(tx, projectId))
                .filter(Project::isDomain)
                .isPresent();
    }

    private @Nullable String serviceId() {
        return serviceIds
                .find(
                        "identity",
                        tx -> stores.services.list(tx, List.of(Filter.equal("type", "identity"))).stream()
                                .findFirst()
                                .map(CatalogService::id))
                .orElse(null);
    }
}
