package io.nacre.keystone.auth;

import io.nacre.keystone.project.Project;
import io.nacre.keystone.token.Receipt;
import io.nacre.keystone.user.User;
import java.util.List;

/**
 * A login that proved something, and not enough.
 *
 * @param text the receipt, to be shown with the rest
 * @param wanted the user's rules that a method used so far belongs to
 */
record Partial(String text, Receipt receipt, User user, Project userDomain, List<List<String>> wanted)
        implements Login.Outcome {}
