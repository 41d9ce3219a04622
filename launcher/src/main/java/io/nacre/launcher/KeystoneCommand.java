package io.nacre.launcher;

import io.nacre.base.Fault;
import io.nacre.keystone.KeystoneConfig;
import io.nacre.keystone.fernet.KeyRepository;
import io.nacre.keystone.jws.JwsKeys;
import io.nacre.keystone.token.TokenProvider;
import java.io.IOException;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.InstantSource;
import picocli.CommandLine.Command;

/** What an operator does to the identity service beside its API; the cloud may run meanwhile. */
@Command(
        name = "keystone",
        description = "Look after the identity service: its keys, its policy, its health, a lost password.",
        subcommands = {
            KeystoneBootstrap.class,
            KeystoneCommand.FernetKeys.class,
            KeystoneCommand.JwsPairs.class,
            KeystonePolicyCommand.class,
            KeystoneMappingCommand.class,
            KeystoneDoctor.class
        })
final class KeystoneCommand extends CommandGroup {
    @Command(
            name = "fernet",
            description = "The keys that seal tokens, and what stands for a login that is not complete yet.",
            subcommands = RotateFernet.class)
    static final class FernetKeys extends CommandGroup {}

    @Command(
            name = "rotate",
            description = "Seal with the staged key from now on, stage a new one, remove the oldest beyond"
                    + " max_active_keys. Controllers that run take the keys over within seconds.")
    static final class RotateFernet extends OfflineCommand {
        @Override
        public Integer call() throws IOException {
            KeystoneConfig config = sections().keystone();
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
            description = "The key pairs that sign tokens where [keystone] token_provider is \"jws\".",
            subcommands = RotateJws.class)
    static final class JwsPairs extends CommandGroup {}

    @Command(
            name = "rotate",
            description = "Sign new tokens with the staged key, stage a new pair, remove the oldest public keys beyond"
                    + " max_active_keys. Controllers that run take the keys over within seconds.")
    static final class RotateJws extends OfflineCommand {
        @Override
        public Integer call() throws IOException {
            KeystoneConfig config = sections().keystone();
            if (config.tokenProvider() != TokenProvider.JWS) {
                throw Fault.invalid("Tokens are not signed here: [keystone] token_provider is not \"jws\".");
            }
            new JwsKeys(config.tokenKeys(), config.maxActiveKeys(), InstantSource.system()).rotate();
            System.out.println("Rotated " + config.tokenKeys());
            return 0;
        }
    }
}
