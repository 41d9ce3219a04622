package io.nacre.launcher;

import io.nacre.base.Fault;
import io.nacre.keystone.KeystoneConfig;
import io.nacre.keystone.fernet.KeyRepository;
import io.nacre.keystone.jws.JwsKeys;
import io.nacre.keystone.token.TokenProvider;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.InstantSource;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** What an operator does to the identity service beside its API; the cloud may run meanwhile. */
@Command(
        name = "keystone",
        mixinStandardHelpOptions = true,
        description = "Look after the identity service: its keys, its policy, its health, a lost password.",
        subcommands = {
            KeystoneBootstrap.class,
            KeystoneCommand.FernetKeys.class,
            KeystoneCommand.JwsPairs.class,
            KeystonePolicyCommand.class,
            KeystoneMappingCommand.class,
            KeystoneDoctor.class
        })
final class KeystoneCommand implements Runnable {
    @Spec
    private @Nullable CommandSpec spec;

    @Override
    public void run() {
        usage(spec);
    }

    static void usage(@Nullable CommandSpec spec) {
        if (spec != null) {
            spec.commandLine().usage(System.out);
        }
    }

    @Command(
            name = "fernet",
            mixinStandardHelpOptions = true,
            description = "The keys that seal tokens, and what stands for a login that is not complete yet.",
            subcommands = RotateFernet.class)
    static final class FernetKeys implements Runnable {
        @Spec
        private @Nullable CommandSpec spec;

        @Override
        public void run() {
            usage(spec);
        }
    }

    @Command(
            name = "rotate",
            mixinStandardHelpOptions = true,
            description = "Seal with the staged key from now on, stage a new one, remove the oldest beyond"
                    + " max_active_keys. Controllers that run take the keys over within seconds.")
    static final class RotateFernet implements Callable<Integer> {
        @Mixin
        private StateOption state = new StateOption();

        @Mixin
        private SettingsOption settings = new SettingsOption();

        @Override
        public Integer call() throws IOException {
            KeystoneConfig config = sections(state.directory(), settings).keystone();
            if (config.tokenProvider() == TokenProvider.FERNET) {
                rotate(config, config.tokenKeys());
            }
            rotate(config, config.receiptKeys());
            return 0;
        }

        private static void rotate(KeystoneConfig config, Path keys) {
            new KeyRepository(keys, config.maxActiveKeys(), new SecureRandom(), InstantSource.system()).rotate();
            System.out.println("Rotated " + keys);
        }
    }

    @Command(
            name = "jws",
            mixinStandardHelpOptions = true,
            description = "The key pairs that sign tokens where [keystone] token_provider is \"jws\".",
            subcommands = RotateJws.class)
    static final class JwsPairs implements Runnable {
        @Spec
        private @Nullable CommandSpec spec;

        @Override
        public void run() {
            usage(spec);
        }
    }

    @Command(
            name = "rotate",
            mixinStandardHelpOptions = true,
            description = "Sign new tokens with the staged key, stage a new pair, remove the oldest public keys beyond"
                    + " max_active_keys. Controllers that run take the keys over within seconds.")
    static final class RotateJws implements Callable<Integer> {
        @Mixin
        private StateOption state = new StateOption();

        @Mixin
        private SettingsOption settings = new SettingsOption();

        @Override
        public Integer call() throws IOException {
            KeystoneConfig config = sections(state.directory(), settings).keystone();
            if (config.tokenProvider() != TokenProvider.JWS) {
                throw Fault.invalid("Tokens are not signed here: [keystone] token_provider is not \"jws\".");
            }
            new JwsKeys(config.tokenKeys(), config.maxActiveKeys(), InstantSource.system()).rotate();
            System.out.println("Rotated " + config.tokenKeys());
            return 0;
        }
    }

    /** The settings of a cloud that was started before. */
    static Sections sections(Path state, SettingsOption settings) throws IOException {
        if (Files.isDirectory(state)) {
            Log.to(state.resolve("log"), "keystone-command.log");
        }
        Sections sections = Sections.read(settings.read(state), state);
        Path keys = sections.keystone().tokenKeys();
        if (!Files.isDirectory(keys)) {
            throw Fault.notFound("There are no keys in " + keys
                    + ": they are made when the cloud starts for the first time. Is --state right?");
        }
        return sections;
    }
}
