package io.nacre.bus;

import io.nacre.base.Fault;
import java.time.Duration;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** A contract such as contracts/node has them. */
interface Contract {
    Shouted shout(Word word);

    Shouted report();

    void forget(Word word);

    record Word(String text, byte[] data, @Nullable Duration patience) {}

    record Shouted(String text, int length, Duration took) {}

    /** Shouts in capitals. */
    final class Real implements Contract {
        @Override
        public Shouted shout(Word word) {
            return new Shouted(word.text().toUpperCase(Locale.ROOT), word.data().length, Duration.ofMillis(1500));
        }

        @Override
        public Shouted report() {
            return new Shouted("ready", 0, Duration.ZERO);
        }

        @Override
        public void forget(Word word) {
            throw Fault.conflict("I never forget.");
        }
    }
}
