package io.nacre.keystone.federation;

import io.nacre.keystone.mapping.rule.Assertion;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** An identity provider that browsers are sent to. */
public interface BrowserProvider {
    /** Where a browser is sent to log in. */
    String loginPage(BrowserLogin begun, String callback);

    /** Whether the browser brings the answer in a form that the provider has made, not in an address. */
    boolean answersByForm();

    /**
     * What the provider says of whoever has logged in. Faults with UNAUTHENTICATED unless it is an answer to this login.
     *
     * @param answer what came back, by the names of its parts; null for those that it has not
     */
    Assertion assertion(Function<String, @Nullable String> answer, BrowserLogin begun, String callback);
}
