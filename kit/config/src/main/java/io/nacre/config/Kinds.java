package io.nacre.config;

import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/** The records that a table may be, told apart by one of its keys. Stands on the interface that they implement. */
@Retention(RetentionPolicy.RUNTIME)
@Target(ElementType.TYPE)
public @interface Kinds {
    /** The key that names the kind, such as driver. */
    String key();

    Kind[] value();

    /** One kind by its name, and the record of its options. */
    @interface Kind {
        String name();

        Class<? extends Record> options();
    }
}
