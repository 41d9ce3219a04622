package io.nacre.keystone.jws;

import io.nacre.keystone.keyfile.KeyFiles;
import io.nacre.keystone.keyfile.Reloaded;
import io.nacre.keystone.keyfile.RotatingKeys;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.interfaces.ECPrivateKey;
import java.security.interfaces.ECPublicKey;
import java.security.spec.ECGenParameterSpec;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.NavigableMap;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The directory of key pairs, laid out so that the original can use it: {@code private/private.pem} signs, every file
 * in {@code public} verifies. {@code next.pem} in both is the pair that will sign after the next rotation: hosts that
 * copy the directory from each other know it before anything is signed with it. The public keys of earlier pairs are
 * numbered, that of the pair in use has the highest number.
 */
public final class JwsKeys implements RotatingKeys {
    private static final Logger LOG = LoggerFactory.getLogger(JwsKeys.class);
    private static final Pattern NUMBERED = Pattern.compile("([1-9][0-9]{0,8})\\.pem");
    private static final String IN_USE = "private.pem";
    private static final String NEXT = "next.pem";

    private final Path directory;
    private final KeyFiles files;
    private final KeyFiles privateFiles;
    private final KeyFiles publicFiles;
    private final int maxActiveKeys;
    private final InstantSource clock;
    private final Reloaded<Keys> keys;

    /**
     * @param signing signs new tokens
     * @param verifying every public key, the likeliest first
     */
    public record Keys(ECPrivateKey signing, List<ECPublicKey> verifying) {
        /** Names no secret. */
        @Override
        public String toString() {
            return "Keys[" + verifying.size() + "]";
        }
    }

    /**
     * Makes the directory and its first two pairs when there are none.
     *
     * @param maxActiveKeys how many pairs a rotation leaves, the staged one included
     */
    public JwsKeys(Path directory, int maxActiveKeys, InstantSource clock) {
        this.directory = directory;
        this.files = new KeyFiles(directory);
        this.privateFiles = new KeyFiles(privateKeys(directory));
        this.publicFiles = new KeyFiles(publicKeys(directory));
        this.maxActiveKeys = RotatingKeys.kept(maxActiveKeys);
        this.clock = clock;
        files.locked(this::makeMissing);
        this.keys = new Reloaded<>(
                "Key pairs in " + directory, this::load, () -> KeyFiles.fingerprint(all(directory)), clock);
    }

    static Path privateKeys(Path directory) {
        return directory.resolve("private");
    }

    static Path publicKeys(Path directory) {
        return directory.resolve("public");
    }

    static Path staged(Path directory) {
        return privateKeys(directory).resolve(NEXT);
    }

    public Keys keys() {
        return keys.get();
    }

    @Override
    public void rotate() {
        files.locked(this::promote);
        keys.refresh();
    }

    @Override
    public void rotateWhenOlder(Duration age) {
        files.lockedWhenOlder(staged(directory), age, clock, this::promote)
                .ifPresent(last -> LOG.info("Key pairs in {} rotated, the last rotation was at {}", directory, last));
        keys.refresh();
    }

    private void makeMissing() throws IOException {
        boolean nextSigns = Files.exists(staged(directory));
        boolean nextVerifies = Files.exists(publicFiles.resolve(NEXT));
        if (Files.notExists(privateFiles.resolve(IN_USE))) {
            KeyPair pair = generate();
            publicFiles.write("1.pem", Pem.of((ECPublicKey) pair.getPublic()));
            privateFiles.write(IN_USE, Pem.of((ECPrivateKey) pair.getPrivate()));
            stage();
            LOG.info("First key pairs made in {}", directory);
        } else if (nextSigns && !nextVerifies) {
            // A rotation was cut off: the staged key is among the numbered ones already.
            privateFiles.rename(NEXT, IN_USE);
            stage();
        } else if (!nextSigns) {
            stage();
        }
    }

    private void promote() throws IOException {
        makeMissing();
        NavigableMap<Integer, Path> numbered = KeyFiles.numbered(publicKeys(directory), NUMBERED);
        int latest = numbered.isEmpty() ? 0 : numbered.lastKey();
        publicFiles.rename(NEXT, latest + 1 + ".pem");
        privateFiles.rename(NEXT, IN_USE);
        stage();
        KeyFiles.keepLatest(KeyFiles.numbered(publicKeys(directory), NUMBERED), maxActiveKeys - 1);
    }

    private void stage() throws IOException {
        KeyPair pair = generate();
        publicFiles.write(NEXT, Pem.of((ECPublicKey) pair.getPublic()));
        privateFiles.write(NEXT, Pem.of((ECPrivateKey) pair.getPrivate()));
    }

    private static KeyPair generate() {
        try {
            KeyPairGenerator generator = KeyPairGenerator.getInstance("EC");
            generator.initialize(new ECGenParameterSpec("secp256r1"));
            return generator.generateKeyPair();
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("the JVM lacks the curve P-256", e);
        }
    }

    private Keys load() {
        List<ECPublicKey> verifying = new ArrayList<>();
        NavigableMap<Integer, Path> numbered = KeyFiles.numbered(publicKeys(directory), NUMBERED);
        numbered.descendingMap().values().forEach(file -> verifying.add(Pem.publicKey(file)));
        KeyFiles.list(publicKeys(directory)).stream()
                .filter(file -> !numbered.containsValue(file))
                .forEach(file -> verifying.add(Pem.publicKey(file)));
        return new Keys(Pem.privateKey(privateFiles.resolve(IN_USE)), List.copyOf(verifying));
    }

    static List<Path> all(Path directory) {
        return Stream.of(privateKeys(directory), publicKeys(directory))
                .flatMap(part -> KeyFiles.list(part).stream())
                .toList();
    }
}
