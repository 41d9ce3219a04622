package io.nacre.launcher.demo;

import io.nacre.base.Fault;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** An openrc file, as far as a login needs it. */
record OpenRc(String text) {

    Client login() {
        return Client.login(value("OS_AUTH_URL"), value("OS_USERNAME"), value("OS_PASSWORD"), value("OS_PROJECT_NAME"));
    }

    private String value(String name) {
        Matcher matcher =
                Pattern.compile("^export " + name + "=(.*)$", Pattern.MULTILINE).matcher(text);
        if (!matcher.find()) {
            throw Fault.internal("The openrc file does not set " + name + ".");
        }
        return matcher.group(1);
    }
}
