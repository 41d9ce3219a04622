package io.nacre.keystone;

import io.nacre.base.Fault;
import io.nacre.base.Tx;
import io.nacre.keystone.assignment.Grant;
import io.nacre.keystone.assignment.Grant.Actor;
import io.nacre.keystone.assignment.Grant.Target;
import io.nacre.keystone.entity.Scopes;
import io.nacre.keystone.user.User;
import java.util.Map;

/**
 * The way in for an operator who has lost it, as {@code keystone-manage bootstrap} has it: a user of the default domain
 * with this password, enabled and not locked out, who has a role on a project and on the system. What is there already
 * stays as it is.
 */
final class AdminAccess {
    private final Parts of;
    private final Bootstrap bootstrap;

    AdminAccess(Parts of) {
        this.of = of;
        bootstrap = new Bootstrap(of);
    }

    /** One transaction; tokens that were got with another password end. */
    void restore(Keystone.Administrator wanted) {
        String hash = of.passwords.hash(wanted.password());
        of.transactions.run(tx -> {
            if (of.stores.projects.find(tx, Scopes.DEFAULT_DOMAIN).isEmpty()) {
                throw Fault.notFound("This cloud has no default domain: start it once before you use this.");
            }
            String user = user(tx, wanted.user(), hash);
            String project = bootstrap.project(tx, wanted.project(), "");
            String role = bootstrap.role(tx, wanted.role(), Map.of());
            of.stores.grants.create(tx, Grant.ofUser(user, Target.PROJECT, project, role));
            of.stores.grants.create(tx, Grant.onSystem(Actor.USER, user, role));
            of.revocations.changed(tx);
        });
    }

    private String user(Tx tx, String name, String hash) {
        User present =
                of.stores.users.findByName(tx, Scopes.DEFAULT_DOMAIN, name).orElse(null);
        if (present == null) {
            return bootstrap.make(tx, name, hash, Map.of());
        }
        User changed = of.passwordRules.withGiven(present.enabledAt(of.clock.instant()), hash);
        of.stores.users.update(tx, changed);
        of.stores.failures.forget(tx, present.id());
        of.removals.userChanged(tx, present, changed);
        return present.id();
    }
}
