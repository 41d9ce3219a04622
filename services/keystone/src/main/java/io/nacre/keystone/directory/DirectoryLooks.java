package io.nacre.keystone.directory;

import io.nacre.base.Transactions;
import io.nacre.keystone.directory.IdMappingStore.Kind;
import io.nacre.keystone.directory.IdMappingStore.Local;
import io.nacre.keystone.entity.Filter;
import io.nacre.keystone.ldap.LdapDirectory;
import io.nacre.keystone.ldap.Person;
import io.nacre.keystone.ldap.Team;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Asks directories, and keeps what they say. Not to be called inside a transaction. */
public final class DirectoryLooks {
    private final Transactions transactions;
    private final Directories directories;
    private final IdMappingStore mappings;
    private final Mirror mirror;

    DirectoryLooks(Transactions transactions, Directories directories, IdMappingStore mappings, Mirror mirror) {
        this.transactions = transactions;
        this.directories = directories;
        this.mappings = mappings;
        this.mirror = mirror;
    }

    /** Who or what of a directory it is; empty for what is kept in the database alone. */
    Optional<Local> local(Kind kind, String publicId) {
        return directories.enabled()
                ? transactions.read(tx -> mappings.find(tx, publicId)).filter(found -> found.kind() == kind)
                : Optional.empty();
    }

    /** @param name whose; null for everybody's */
    void users(@Nullable String domainId, @Nullable String name) {
        directories.of(domainId).ifPresent(directory -> {
            List<Person> people = name == null ? directory.people() : directory.peopleNamed(name);
            mirror.show(String.valueOf(domainId), Seen.people(people, named(name)));
        });
    }

    /** @param name of which; null for all */
    void groups(@Nullable String domainId, @Nullable String name) {
        directories.of(domainId).ifPresent(directory -> {
            List<Team> teams = name == null ? directory.teams() : directory.teamsNamed(name);
            mirror.show(String.valueOf(domainId), Seen.teams(teams, named(name)));
        });
    }

    private static List<Filter> named(@Nullable String name) {
        return name == null ? List.of() : List.of(Filter.equal("name", name));
    }

    /** After the domain's settings may have changed: without a directory it has nobody of one. */
    void settle(String domainId) {
        if (directories.enabled() && !directories.has(domainId)) {
            mirror.show(domainId, Seen.NOTHING);
        }
    }

    /** With their groups. */
    void user(String publicId) {
        local(Kind.USER, publicId)
                .ifPresent(known -> directories
                        .of(known.domainId())
                        .ifPresent(directory -> directory
                                .person(known.localId())
                                .ifPresentOrElse(
                                        person -> seen(known.domainId(), directory, person),
                                        () -> mirror.gone(Kind.USER, publicId))));
    }

    void seen(String domainId, LdapDirectory directory, Person person) {
        mirror.show(domainId, Seen.person(person, directory.teamsOf(person)));
    }

    /** With its members. */
    void group(String publicId) {
        local(Kind.GROUP, publicId)
                .ifPresent(known -> directories
                        .of(known.domainId())
                        .ifPresent(directory -> directory
                                .team(known.localId())
                                .ifPresentOrElse(
                                        team -> mirror.show(
                                                known.domainId(), Seen.team(team, directory.membersOf(team))),
                                        () -> mirror.gone(Kind.GROUP, publicId))));
    }
}
