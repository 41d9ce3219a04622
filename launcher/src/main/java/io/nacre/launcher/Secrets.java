package io.nacre.launcher;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.SecureRandom;

/** Passwords that were made at the first start and are kept, readable by their owner only. */
record Secrets(Path directory) {
    /** The user admin's. */
    static final String ADMIN = "admin-password";

    private static final String ALPHABET = "abcdefghijkmnopqrstuvwxyzABCDEFGHJKLMNPQRSTUVWXYZ23456789";
    private static final int LENGTH = 24;

    /** @param shared the directory of what controllers share */
    static Secrets of(Path shared) {
        return new Secrets(shared.resolve("secrets"));
    }

    /** The same for all who share the directory, also when several ask for it for the first time at once. */
    String get(String name) {
        Path file = directory.resolve(name);
        try {
            Files.createDirectories(
                    directory, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
            if (!Files.exists(file)) {
                make(file);
            }
            return Files.readString(file).strip();
        } catch (IOException e) {
            throw new UncheckedIOException("cannot keep the secret " + name + " in " + directory, e);
        }
    }

    /** Takes the place of what was there. */
    void set(String name, String secret) throws IOException {
        State.writePrivate(directory.resolve(name), secret + "\n");
    }

    private static void make(Path file) throws IOException {
        SecureRandom random = new SecureRandom();
        Path draft = file.resolveSibling(file.getFileName() + "." + Long.toHexString(random.nextLong()));
        State.writePrivate(draft, random(random) + "\n");
        try {
            // A link is made whole or not at all, and never in the place of another's.
            Files.createLink(file, draft);
        } catch (FileAlreadyExistsException e) {
            // Another controller came first, and its word counts.
        } finally {
            Files.delete(draft);
        }
    }

    private static String random(SecureRandom random) {
        StringBuilder text = new StringBuilder();
        for (int i = 0; i < LENGTH; i++) {
            text.append(ALPHABET.charAt(random.nextInt(ALPHABET.length())));
        }
        return text.toString();
    }
}
