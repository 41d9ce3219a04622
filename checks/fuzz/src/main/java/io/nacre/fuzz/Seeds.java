package io.nacre.fuzz;

import io.nacre.testkit.image.HostileImages;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;

/** Writes what the fuzzer begins with: every hostile image that we know. */
final class Seeds {
    private Seeds() {}

    /** @param arguments the folder to write to */
    public static void main(String[] arguments) throws IOException {
        Path folder = Files.createDirectories(Path.of(arguments[0]));
        for (HostileImages.Hostile image : HostileImages.reachingFor("/etc/passwd")) {
            byte[] recipe = Recipe.of(ImageFuzz.number(image.declared()), image.bytes());
            if (!Arrays.equals(Recipe.image(recipe), image.bytes())) {
                throw new IllegalStateException("the recipe of " + image + " makes another image");
            }
            Files.write(folder.resolve(image.name()), recipe);
        }
    }
}
