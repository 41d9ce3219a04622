package io.nacre.keystone.user;

import io.nacre.http.Request;
import io.nacre.keystone.entity.Envelope;
import io.nacre.keystone.entity.Times;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** A user on the wire, without anything about the password but when it expires; and as the target of a rule. */
public final class UserView {
    private UserView() {}

    public static Map<String, @Nullable Object> show(Request request, User user) {
        Map<String, @Nullable Object> shown = new LinkedHashMap<>(user.extra());
        shown.put("id", user.id());
        shown.put("name", user.name());
        shown.put("domain_id", user.domainId());
        shown.put("enabled", user.enabled());
        if (user.defaultProjectId() != null) {
            shown.put("default_project_id", user.defaultProjectId());
        }
        shown.put("password_expires_at", Times.plain(user.passwordExpiresAt()));
        shown.put("options", user.options());
        return Envelope.linked(request, shown, "/users/" + user.id());
    }

    public static Map<String, @Nullable Object> target(User user) {
        Map<String, @Nullable Object> target = new HashMap<>();
        target.put("target.user.id", user.id());
        target.put("target.user.domain_id", user.domainId());
        target.put("user_id", user.id());
        return target;
    }
}
