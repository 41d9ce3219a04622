package io.nacre.keystone.user;

import io.nacre.base.Fault;
import io.nacre.base.Transactions;
import io.nacre.http.Request;
import io.nacre.http.Response;
import io.nacre.http.Route;
import io.nacre.http.Schema;
import io.nacre.keystone.Removals;
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
    private final Passwords passwords;
    private final Removals removals;

    public PasswordApi(Transactions transactions, UserStore users, Passwords passwords, Removals removals) {
        this.transactions = transactions;
        this.users = users;
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
        User user = transactions.read(tx -> users.find(tx, id)).orElse(null);
        boolean right =
                passwords.verify(id, fields.required("original_password"), user == null ? null : user.passwordHash());
        if (user == null || !right || !user.enabled()) {
            throw Fault.unauthenticated("The request you have made requires authentication.");
        }
        if (Boolean.TRUE.equals(user.options().get("lock_password"))) {
            throw Fault.invalid("Password validation error: You cannot change your password at this time due to"
                    + " password policy disallowing password changes. Please contact your administrator.");
        }
        String hash = passwords.hash(fields.required("password"));
        transactions.run(tx -> {
            User present = users.require(tx, id);
            if (!Objects.equals(present.passwordHash(), user.passwordHash())) {
                throw Fault.conflict("The password was changed by another request at the same time.");
            }
            User changed = present.withPasswordHash(hash);
            users.update(tx, changed);
            removals.userChanged(tx, present, changed);
        });
        return Response.empty(204);
    }
}
