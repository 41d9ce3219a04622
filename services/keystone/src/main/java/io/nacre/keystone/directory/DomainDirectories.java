package io.nacre.keystone.directory;

import io.nacre.base.Transactions;
import io.nacre.http.Route;
import io.nacre.keystone.Removals;
import io.nacre.keystone.audit.Audit;
import io.nacre.keystone.domainconfig.DomainConfigStore;
import io.nacre.keystone.entity.Listings;
import io.nacre.keystone.group.GroupStore;
import io.nacre.keystone.project.ProjectStore;
import io.nacre.keystone.revocation.Revocations;
import io.nacre.keystone.user.UserStore;
import io.nacre.tasks.Reconciler;
import java.time.InstantSource;
import java.util.List;
import java.util.OptionalInt;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** All that domains with directories of their own take. */
public final class DomainDirectories implements AutoCloseable {
    private final Directories directories;
    private final Mirror mirror;
    private final DirectoryGate gate;
    private final DirectoryLogins logins;
    private final DirectorySync sync;

    /** Where users and groups, and what is said of them, are kept. */
    public record Tables(
            UserStore users,
            GroupStore groups,
            ProjectStore projects,
            IdMappingStore mappings,
            DomainConfigStore settings) {}

    public DomainDirectories(
            IdentityConfig config,
            Transactions transactions,
            Tables in,
            Removals removals,
            Revocations revocations,
            Audit audit,
            InstantSource clock) {
        directories = new Directories(config, transactions, in.settings(), in.projects());
        mirror = new Mirror(
                transactions, new Mirror.Tables(in.users(), in.groups(), in.mappings()), removals, revocations, clock);
        DirectoryLooks looks = new DirectoryLooks(transactions, directories, in.mappings(), mirror);
        gate = new DirectoryGate(directories, looks);
        logins = new DirectoryLogins(transactions, directories, looks, in.users(), audit);
        sync = new DirectorySync(transactions, directories, in.mappings(), mirror, config.cacheTime());
    }

    /** The same routes; what they are about is up to date, and what they may not change they do not. */
    public List<Route> guarded(List<Route> routes) {
        return gate.guarded(routes);
    }

    public DirectoryLogins logins() {
        return logins;
    }

    public List<Reconciler> reconcilers() {
        return directories.enabled() ? List.of(sync) : List.of();
    }

    /** What keeps domains from their directories; a sentence for each. Asks each directory. */
    public List<String> problems() {
        return directories.problems();
    }

    /**
     * Listings of a domain's users and groups; of nobody's in particular for null.
     *
     * @param otherwise where a domain does not say how many are shown
     */
    public Function<@Nullable String, Listings> listings(Listings otherwise) {
        return domainId -> {
            OptionalInt limit = directories.listLimit(domainId);
            return limit.isPresent() ? new Listings(limit.getAsInt()) : otherwise;
        };
    }

    /** Forgets users and groups of directories; answers how many. Faults with NOT_FOUND when there is no such domain. */
    public int purge(Purge which) {
        return mirror.purge(which.domainName() == null ? null : directories.domain(which.domainName()), which);
    }

    @Override
    public void close() {
        directories.close();
    }
}
