package io.nacre.keystone.directory;

import io.nacre.base.Fault;
import io.nacre.base.FaultException;
import io.nacre.base.Transactions;
import io.nacre.keystone.audit.Audit;
import io.nacre.keystone.audit.Claim;
import io.nacre.keystone.directory.IdMappingStore.Kind;
import io.nacre.keystone.directory.IdMappingStore.Local;
import io.nacre.keystone.ldap.LdapDirectory;
import io.nacre.keystone.ldap.Person;
import io.nacre.keystone.user.User;
import io.nacre.keystone.user.UserStore;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Logins of users whose password a directory knows. */
public final class DirectoryLogins {
    private final Transactions transactions;
    private final Directories directories;
    private final DirectoryLooks looks;
    private final UserStore users;
    private final Audit audit;

    DirectoryLogins(
            Transactions transactions, Directories directories, DirectoryLooks looks, UserStore users, Audit audit) {
        this.transactions = transactions;
        this.directories = directories;
        this.looks = looks;
        this.users = users;
        this.audit = audit;
    }

    /**
     * Empty when it is nobody of a directory. Faults with UNAUTHENTICATED when the password is not theirs, with
     * UNAVAILABLE or TIMEOUT when the directory cannot be asked.
     *
     * @param domainId where the name belongs; null when the claim is an identifier
     * @param password null when none was sent
     */
    public Optional<User> login(Claim claim, @Nullable String domainId, @Nullable String password) {
        if (!directories.enabled()) {
            return Optional.empty();
        }
        Optional<Local> known = Optional.ofNullable(claim.userId()).flatMap(id -> looks.local(Kind.USER, id));
        if (claim.exists() && known.isEmpty()) {
            return Optional.empty();
        }
        String home = known.map(Local::domainId).orElse(domainId);
        return directories.of(home).map(directory -> {
            String localId = known.map(Local::localId).orElse("");
            Person person = domainId == null
                    ? directory.person(localId).orElse(null)
                    : named(directory.peopleNamed(String.valueOf(claim.userName())), localId);
            return proved(claim, String.valueOf(home), directory, person, password);
        });
    }

    /** Of several of one name only the one that is known here can log in. */
    private static @Nullable Person named(List<Person> people, String localId) {
        return people.stream()
                .filter(person -> person.id().equals(localId))
                .findFirst()
                .orElse(people.isEmpty() ? null : people.getFirst());
    }

    private User proved(
            Claim claim, String domainId, LdapDirectory directory, @Nullable Person person, @Nullable String password) {
        if (person == null || password == null || !directory.isPassword(person, password)) {
            throw denied(claim);
        }
        looks.seen(domainId, directory, person);
        String id = new Local(domainId, Kind.USER, person.id()).publicId();
        User user = transactions.read(tx -> users.find(tx, id)).orElseThrow(() -> denied(claim));
        if (!user.enabled()) {
            audit.authenticated(claim, false, null);
            throw Fault.unauthenticated("The account is disabled for user: " + id + ".");
        }
        audit.authenticated(new Claim(id, user.name(), domainId, true), true, null);
        return user;
    }

    private FaultException denied(Claim claim) {
        audit.authenticated(claim, false, null);
        return Fault.unauthenticated("The request you have made requires authentication.");
    }
}
