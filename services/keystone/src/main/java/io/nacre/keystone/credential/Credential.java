package io.nacre.keystone.credential;

import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A secret of a user.
 *
 * @param type such as ec2, cert or totp
 * @param blob the secret itself, for ec2 a JSON object
 * @param extra attributes that clients gave it and keystone does not know
 */
public record Credential(
        String id,
        String userId,
        @Nullable String projectId,
        String type,
        String blob,
        Map<String, @Nullable Object> extra) {
    static final String EC2 = "ec2";

    boolean isEc2() {
        return type.equalsIgnoreCase(EC2);
    }

    /** Names no secret. */
    @Override
    public String toString() {
        return "Credential[" + id + ", " + type + "]";
    }
}
