package io.nacre.launcher;

import io.nacre.base.Fault;
import io.nacre.keystone.Keystone;
import java.io.IOException;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** Its options are those of {@code keystone-manage bootstrap}; the catalog comes from the settings at every start. */
@Command(
        name = "bootstrap",
        description = "Give a user all rights and a new password, for when nobody can log in any more. What is missing"
                + " is made, the user is enabled. An all-in-one cloud must be stopped meanwhile; controllers over"
                + " MariaDB or PostgreSQL may run.")
final class KeystoneBootstrap extends OfflineCommand {
    private static final String PASSWORD_VARIABLE = "OS_BOOTSTRAP_PASSWORD";

    @Option(
            names = "--bootstrap-username",
            paramLabel = "NAME",
            defaultValue = "admin",
            description = "Default: admin.")
    private String user = "admin";

    @Option(
            names = "--bootstrap-password",
            arity = "0..1",
            interactive = true,
            echo = false,
            paramLabel = "PASSWORD",
            description = "Asked for when no value is given. Default: what $" + PASSWORD_VARIABLE + " says.")
    private char @Nullable [] password;

    @Option(
            names = "--bootstrap-project-name",
            paramLabel = "NAME",
            defaultValue = "admin",
            description = "Default: admin.")
    private String project = "admin";

    @Option(
            names = "--bootstrap-role-name",
            paramLabel = "NAME",
            defaultValue = "admin",
            description = "Default: admin.")
    private String role = "admin";

    @Override
    public Integer call() throws IOException {
        Path directory = directory();
        Sections sections = sections();
        Keystone.Administrator wanted = new Keystone.Administrator(user, secret(), project, role);
        OfflineKeystone.change(directory, sections, keystone -> {
            keystone.restore(wanted);
            return wanted;
        });
        Path shared = sections.cloud().shared(directory);
        if (user.equals("admin")) {
            Secrets.of(shared).set(Secrets.ADMIN, wanted.password());
        }
        System.out.println("User " + user + " has the role " + role + " on the project " + project
                + " and on the system, and a new password.");
        return 0;
    }

    private String secret() {
        String given = password == null ? System.getenv(PASSWORD_VARIABLE) : new String(password);
        if (given == null || given.isEmpty()) {
            throw Fault.invalid(
                    "Which password? Give --bootstrap-password, which asks for it, or set " + PASSWORD_VARIABLE + ".");
        }
        return given;
    }
}
