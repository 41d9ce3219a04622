package io.nacre.keystone.user;

import io.nacre.base.Fault;
import io.nacre.base.Transactions;
import io.nacre.http.Request;
import io.nacre.http.Response;
import io.nacre.http.Route;
import io.nacre.http.Schema;
import io.nacre.keystone.Removals;
import io.nacre.keystone.audit.Claim;
import io.nacre.keystone.entity.Fields;
import io.nacre.keystone.password.Passwords;
import java.util.List;
import java.util.Objects;

/** API reference "Change password": whoever knows the old one needs no token. */
public final class PasswordApi {
    private static final Schema CHANGE = Schema.of("""
            {"type": "object", "required": ["user"], "properties": {"user":
              {"type": "object", "required": ["original_password", "password"], "additionalProperties": false,
               "properties": {"original_password": {"type": "string"}, "password": {"type": "string"}}}}}
            """);

    private final Transactions transactions;
    private final UserStore users;
    private final PasswordLogins logins;
    private final PasswordRules rules;
    private final Passwords passwords;
    private final Removals removals;

    public PasswordApi(
            Transactions transactions,
            UserStore users,
            PasswordLogins logins,
            PasswordRules rules,
            Passwords passwords,
            Removals removals) {
        this.transactions = transactions;
        this.users = users;
        this.logins = logins;
        this.rules = rules;
        this.passwords = passwords;
        this.removals = removals;
    }

    public List<Route> routes() {
        return List.of(
                Route.post("/v3/users/{user_id}/password").open().body(CHANGE).to(this::change));
    }

    private Response change(Request request) {
        Fields fields = Fields.of(request, "user");
        String id = request.param("user_id");
        User known = transactions.read(tx -> users.find(tx, id)).orElse(null);
        Claim claim = new Claim(id, known == null ? null : known.name(), null, known != null);
        User user = logins.prove(claim, known, fields.required("original_password"));
        String password = fields.required("password");
        rules.requireStrong(password);
        rules.requireChangeable(user, password);
        String hash = passwords.hash(password);
        transactions.run(tx -> {
            User present = users.require(tx, id);
            if (!Objects.equals(present.passwordHash(), user.passwordHash())) {
                throw Fault.conflict("The password was changed by another request at the same time.");
            }
            User changed = rules.withChosen(present, hash);
            users.update(tx, changed);
            rules.changed(tx, present, changed);
            removals.userChanged(tx, present, changed);
        });
        return Response.empty(204);
    }
}
