package io.nacre.keystone.directory;

import io.nacre.base.Transactions;
import io.nacre.base.Tx;
import io.nacre.keystone.Removals;
import io.nacre.keystone.directory.IdMappingStore.Kind;
import io.nacre.keystone.directory.IdMappingStore.Local;
import io.nacre.keystone.group.GroupStore;
import io.nacre.keystone.revocation.Revocations;
import io.nacre.keystone.user.UserStore;
import java.time.InstantSource;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The users, groups and memberships here that stand for those of directories. */
public final class Mirror {
    private final Transactions transactions;
    private final Tables tables;
    private final Removals removals;
    private final Revocations revocations;
    private final InstantSource clock;

    /** What it keeps. */
    record Tables(UserStore users, GroupStore groups, IdMappingStore mappings) {}

    Mirror(Transactions transactions, Tables tables, Removals removals, Revocations revocations, InstantSource clock) {
        this.transactions = transactions;
        this.tables = tables;
        this.removals = removals;
        this.revocations = revocations;
        this.clock = clock;
    }

    /** Makes the tables say what was seen; nothing is written when they do already. */
    void show(String domainId, Seen seen) {
        if (transactions.read(tx -> new Reflection(tx, domainId, tables, false).of(seen, clock.instant()))) {
            transactions.run(tx -> settle(tx, domainId, seen));
        }
    }

    private void settle(Tx tx, String domainId, Seen seen) {
        Reflection reflection = new Reflection(tx, domainId, tables, true);
        if (reflection.of(seen, clock.instant())) {
            reflection.changed().forEach(change -> removals.userChanged(tx, change.before(), change.after()));
            revocations.changed(tx);
        }
    }

    /** Somebody, or some group, is not in the directory any more. */
    void gone(Kind kind, String publicId) {
        transactions.run(tx -> {
            remove(tx, kind, publicId);
            revocations.changed(tx);
        });
    }

    private void remove(Tx tx, Kind kind, String publicId) {
        if (kind == Kind.USER) {
            tables.groups().leaveAll(tx, publicId);
            tables.users().delete(tx, publicId);
        } else {
            tables.groups().delete(tx, publicId);
        }
    }

    /**
     * Forgets them, in one transaction. Who is still in a directory comes back under the same identifier when looked for.
     *
     * @param domainId null for those of every domain
     * @return how many
     */
    int purge(@Nullable String domainId, Purge which) {
        return transactions.write(tx -> {
            List<Local> found = tables.mappings().list(tx, domainId, which);
            for (Local one : found) {
                remove(tx, one.kind(), one.publicId());
                tables.mappings().delete(tx, one.publicId());
            }
            revocations.changed(tx);
            return found.size();
        });
    }
}
