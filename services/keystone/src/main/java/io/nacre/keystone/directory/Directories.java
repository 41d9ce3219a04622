package io.nacre.keystone.directory;

import io.nacre.base.Fault;
import io.nacre.base.FaultException;
import io.nacre.base.Transactions;
import io.nacre.base.Tx;
import io.nacre.keystone.domainconfig.DomainConfigStore;
import io.nacre.keystone.domainconfig.Options;
import io.nacre.keystone.entity.Filter;
import io.nacre.keystone.entity.Scopes;
import io.nacre.keystone.ldap.LdapDirectory;
import io.nacre.keystone.project.Project;
import io.nacre.keystone.project.ProjectStore;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Which domain has its users and groups in which directory. */
public final class Directories implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(Directories.class);

    private final IdentityConfig config;
    private final Transactions transactions;
    private final DomainConfigStore settings;
    private final ProjectStore projects;
    private final Map<String, Open> open = new ConcurrentHashMap<>();

    /** A directory that was made of these settings. */
    private record Open(Map<String, Object> settings, LdapDirectory directory) {}

    public Directories(
            IdentityConfig config, Transactions transactions, DomainConfigStore settings, ProjectStore projects) {
        this.config = config;
        this.transactions = transactions;
        this.settings = settings;
        this.projects = projects;
    }

    /** Whether any domain may have a directory. */
    boolean enabled() {
        return config.usesDirectories();
    }

    /** The identifier of the domain of this name. */
    String domain(String name) {
        return transactions
                .read(tx -> projects.findDomainByName(tx, name))
                .map(Project::id)
                .orElseThrow(() -> Fault.notFound("Could not find domain: " + name + "."));
    }

    /**
     * That of a domain; empty when the domain's users are in the database. Faults with UNAVAILABLE when its settings
     * make no sense. Not to be called inside a transaction.
     */
    Optional<LdapDirectory> of(@Nullable String domainId) {
        if (!enabled() || domainId == null) {
            return Optional.empty();
        }
        Project domain = transactions
                .read(tx -> projects.find(tx, domainId))
                .filter(Project::isDomain)
                .orElse(null);
        Map<String, Object> wanted = domain == null ? null : transactions.read(tx -> settings(tx, domain));
        if (domain == null || wanted == null) {
            Open old = open.remove(domainId);
            if (old != null) {
                old.directory.close();
            }
            return Optional.empty();
        }
        return Optional.of(open.compute(domainId, (id, old) -> opened(domain, wanted, old)).directory);
    }

    private static Open opened(Project domain, Map<String, Object> wanted, @Nullable Open old) {
        if (old != null && old.settings.equals(wanted)) {
            return old;
        }
        try {
            Open made = new Open(wanted, new LdapDirectory(domain.name(), wanted));
            if (old != null) {
                old.directory.close();
            }
            return made;
        } catch (IllegalArgumentException e) {
            LOG.warn("The directory of domain {} ({}): {}", domain.name(), domain.id(), e.getMessage(), e.getCause());
            throw Fault.unavailable("The settings of the directory of domain " + domain.name() + " make no sense: "
                            + e.getMessage() + ".")
                    .because(e);
        }
    }

    /** Whether the domain has one, be it of any use or not. */
    boolean has(String domainId) {
        return enabled()
                && transactions.read(tx -> projects.find(tx, domainId)
                        .filter(domain -> domain.isDomain() && settings(tx, domain) != null)
                        .isPresent());
    }

    /** What keystone's section [ldap] says for the domain; null when it is not what counts. */
    private @Nullable Map<String, Object> settings(Tx tx, Project domain) {
        Map<String, Map<String, Object>> all = all(tx, domain);
        Object driver = all.getOrDefault(Options.IDENTITY, Map.of()).get("driver");
        return "ldap".equals(driver) ? new HashMap<>(all.getOrDefault(Options.LDAP, Map.of())) : null;
    }

    /** How many of a domain's users or groups are shown at once; empty where the domain does not say. */
    OptionalInt listLimit(@Nullable String domainId) {
        if (!enabled() || domainId == null) {
            return OptionalInt.empty();
        }
        return transactions.read(tx -> projects.find(tx, domainId).filter(Project::isDomain).stream()
                .map(domain -> all(tx, domain).getOrDefault(Options.IDENTITY, Map.of()))
                .map(identity -> String.valueOf(identity.get("list_limit")))
                .filter(limit -> limit.matches("[1-9][0-9]{0,8}"))
                .mapToInt(Integer::parseInt)
                .findFirst());
    }

    /** All that is set for the domain, by section. */
    private Map<String, Map<String, Object>> all(Tx tx, Project domain) {
        Map<String, Map<String, Object>> own = own(tx, domain);
        return own.isEmpty() && domain.id().equals(Scopes.DEFAULT_DOMAIN) && config.configFile() != null
                ? DomainFile.read(config.configFile())
                : own;
    }

    private Map<String, Map<String, Object>> own(Tx tx, Project domain) {
        if (!config.domainSpecificDriversEnabled()) {
            return Map.of();
        }
        return config.domainConfigurationsFromDatabase()
                ? settings.whole(tx, domain.id())
                : DomainFile.read(config.domainConfigDir(), domain.name());
    }

    /** A sentence for each directory that cannot be asked, and for each file that is for no domain. */
    List<String> problems() {
        List<Project> domains = transactions.read(tx -> projects.list(tx, List.of(Filter.equal("is_domain", "true"))));
        List<String> problems = new ArrayList<>();
        for (Project domain : domains) {
            try {
                of(domain.id()).ifPresent(LdapDirectory::check);
            } catch (FaultException e) {
                problems.add(e.fault().message());
            }
        }
        if (config.domainSpecificDriversEnabled() && !config.domainConfigurationsFromDatabase()) {
            List<String> names = domains.stream().map(Project::name).toList();
            DomainFile.names(config.domainConfigDir()).stream()
                    .filter(name -> !names.contains(name))
                    .forEach(name -> problems.add("No domain is called " + name + ", but there is a file for it in "
                            + config.domainConfigDir() + "."));
        }
        return problems;
    }

    @Override
    public void close() {
        open.values().forEach(one -> one.directory.close());
    }
}
