package io.nacre.keystone.directory;

import io.nacre.base.FaultException;
import io.nacre.base.Transactions;
import io.nacre.keystone.directory.IdMappingStore.Kind;
import io.nacre.keystone.ldap.LdapDirectory;
import io.nacre.keystone.ldap.Person;
import io.nacre.keystone.ldap.Team;
import io.nacre.tasks.Reconciler;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Keeps the users and groups of directories that are known here as the directories say: who is disabled or gone there
 * loses their tokens, who left a group its roles. A directory that cannot be asked changes nothing.
 */
public final class DirectorySync implements Reconciler {
    private static final Logger LOG = LoggerFactory.getLogger(DirectorySync.class);

    private final Transactions transactions;
    private final Directories directories;
    private final IdMappingStore mappings;
    private final Mirror mirror;
    private final Duration period;

    DirectorySync(
            Transactions transactions,
            Directories directories,
            IdMappingStore mappings,
            Mirror mirror,
            Duration period) {
        this.transactions = transactions;
        this.directories = directories;
        this.mappings = mappings;
        this.mirror = mirror;
        this.period = period;
    }

    @Override
    public String name() {
        return "keystone.directories";
    }

    @Override
    public Duration period() {
        return period;
    }

    @Override
    public void run() {
        for (String domainId : transactions.read(mappings::domains)) {
            try {
                Optional<LdapDirectory> directory = directories.of(domainId);
                if (directory.isPresent()) {
                    mirror.show(domainId, look(domainId, directory.get()));
                } else {
                    mirror.show(domainId, Seen.NOTHING);
                }
            } catch (FaultException e) {
                LOG.warn(
                        "Users and groups of domain {} were not looked up: {}",
                        domainId,
                        e.fault().message());
            }
        }
    }

    private Seen look(String domainId, LdapDirectory directory) {
        Set<String> knownPeople = known(domainId, Kind.USER);
        Set<String> knownTeams = known(domainId, Kind.GROUP);
        List<Person> people = directory.people().stream()
                .filter(person -> knownPeople.contains(person.id()))
                .toList();
        List<Team> all = directory.teams();
        Map<String, Set<String>> teamsOf = new HashMap<>();
        people.forEach(person -> teamsOf.put(
                person.id(),
                (directory.tellsMembers()
                                ? all.stream().filter(team -> directory.isNamed(person, team))
                                : directory.teamsOf(person).stream())
                        .map(Team::id)
                        .collect(Collectors.toSet())));
        Set<String> used = teamsOf.values().stream().flatMap(Set::stream).collect(Collectors.toSet());
        List<Team> teams = all.stream()
                .filter(team -> knownTeams.contains(team.id()) || used.contains(team.id()))
                .toList();
        return new Seen(people, teams, List.of(), List.of(), teamsOf, Map.of());
    }

    private Set<String> known(String domainId, Kind kind) {
        return transactions.read(
                tx -> Set.copyOf(mappings.ofDomain(tx, domainId, kind).keySet()));
    }
}
